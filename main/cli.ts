// The headless entry: picks the command, guards the process, turns the result into an exit code. No logic of its own.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import packageJson from '../package.json';
import { runCert } from './cliCommands/cert';
import { runCheck } from './cliCommands/check';
import { type CommandIo, type ExitCode, oneLine, runSafely } from './cliCommands/commandLine';
import { runExplain } from './cliCommands/explain';
import { runHashPassword } from './cliCommands/hashPassword';
import { runServe } from './cliCommands/serve';
import { runUi } from './cliCommands/ui';
import { didYouMean } from './contract/nearestName';
import { flushed } from './services/eventLog';

const help = `Hopscope ${packageJson.version}: build a reverse proxy, run it, watch it.

Usage: hopscope COMMAND [options]

  serve FILE      run a workspace
  check FILE      say what is wrong with a workspace
  explain FILE    say which route a request would get, and why
  ui              open the app in the browser
  cert COMMAND    the certificate store: issue, import, trust, acme and more
  hash-password   a password from stdin, as a basicAuth filter holds it
  COMMAND --help  more about a command
  --version       print the version
`;

const commands: Readonly<Record<string, (args: string[], io: CommandIo) => Promise<ExitCode | number>>> = {
  serve: runServe,
  check: runCheck,
  explain: runExplain,
  ui: runUi,
  cert: runCert,
  'hash-password': runHashPassword,
};
const notAvailableYet = ['export', 'import', 'lab'];

const io: CommandIo = {
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
  version: packageJson.version,
  rendererFolder: join(dirname(fileURLToPath(import.meta.url)), '..', 'renderer'),
};

/** Whatever a bug throws outside of a command: one line, never a stack. */
function guardProcess(): void {
  const die = (error: unknown) => {
    process.stderr.write(`hopscope: unexpected failure: ${oneLine(error)}\n`, () => process.exit(1));
  };
  process.on('uncaughtException', die);
  process.on('unhandledRejection', die);
  // `hopscope … | head` closes the pipe: nothing more to say.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    die(error);
  });
}

async function run([name, ...args]: string[]): Promise<number> {
  if (name === undefined || name === '-h' || name === '--help' || name === 'help') {
    (name === undefined ? io.stderr : io.stdout).write(help);
    return name === undefined ? 2 : 0;
  }
  if (name === '--version') {
    io.stdout.write(`${io.version}\n`);
    return 0;
  }
  if (notAvailableYet.includes(name)) {
    io.stderr.write(`hopscope ${name}: not available yet\n`);
    return 2;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) {
    const near = didYouMean(name, [...Object.keys(commands), ...notAvailableYet]);
    io.stderr.write(`hopscope: "${name}" is not a command${near} (see "hopscope --help")\n`);
    return 2;
  }
  return runSafely(name, io, async () => (await command(args, io)) as ExitCode);
}

guardProcess();
const exitCode = await run(process.argv.slice(2));
await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
process.exit(exitCode);
