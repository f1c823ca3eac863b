// `hopscope hash-password`: a password from stdin → what a basicAuth filter holds in its place.
import { hashPassword } from '../engine/filter/scrypt';
import { type CommandIo, type ExitCode, parseCommand, UsageError } from './commandLine';

const help = `Usage: hopscope hash-password < FILE

  Reads a password from stdin (its first line) and prints its hash, scrypt:N:r:p:SALT:HASH, for the users of a basicAuth
  filter. The password is not shown, kept or sent anywhere.

  -h, --help    this text
`;

const options = { help: { type: 'boolean', short: 'h', default: false } } as const;
const longestPassword = 1024;

export async function runHashPassword(args: string[], io: CommandIo): Promise<ExitCode> {
  const { values, positionals } = parseCommand(args, options);
  if (values.help) {
    io.stdout.write(help);
    return 0;
  }
  if (positionals.length > 0) throw new UsageError('the password is read from stdin, not from the arguments');
  if (io.stdin.isTTY === true) io.stderr.write('Password (it will be visible), then Enter: ');
  const password = await firstLine(io.stdin);
  if (password === '') throw new UsageError('no password came on stdin');
  io.stdout.write(`${await hashPassword(password)}\n`);
  return 0;
}

async function firstLine(stdin: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  stdin.setEncoding('utf8');
  for await (const chunk of stdin) {
    text += chunk;
    const end = text.search(/\r?\n/);
    if (end !== -1) {
      text = text.slice(0, end);
      break;
    }
    if (text.length > longestPassword) break;
  }
  if (text.length > longestPassword) throw new UsageError('a password may have at most 1024 characters');
  return text;
}
