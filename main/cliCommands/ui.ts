// `hopscope ui`: the app in the browser; what `npm start` does where there is no window.
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { keyFileCipher } from '../certs/keyFileCipher';
import { dataFolder } from '../platform/dataFolder';
import { composeApp } from '../services/composeApp';
import { offerNewLinks, openBrowserUi, openBrowserUiAsBefore } from './browserUi';
import { type CommandIo, type ExitCode, parseCommand, parsePort, UsageError } from './commandLine';
import { keyPassphrase } from './openStore';
import { listenForStop } from './stopSignals';

const help = `Usage: hopscope ui [options]

  Opens the app in the browser, on loopback only: prints a link that works once, and opens it where there is a display.
  Press Enter for a new link. SIGINT (Ctrl-C) or SIGTERM ends it.

  --port PORT    port of the user interface (default: the one of the last start; 0 = any free one)
  --no-open      print the link only
  --notice TEXT  a sentence to show first
  --store DIR    folder of the certificate store (default: "certificates" in the app's data folder)
  -h, --help     this text
`;

const options = {
  port: { type: 'string' },
  'no-open': { type: 'boolean', default: false },
  notice: { type: 'string' },
  store: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

const drainMs = 2000;

export async function runUi(args: string[], io: CommandIo): Promise<ExitCode> {
  const { values, positionals } = parseCommand(args, options);
  if (values.help) {
    io.stdout.write(help);
    return 0;
  }
  if (positionals.length > 0) throw new UsageError(`"${positionals[0]}" is too much`);
  const port = values.port === undefined ? null : parsePort(values.port, '--port');
  const signals = listenForStop();
  const folder = dataFolder();
  const storeFolder = resolve(values.store ?? join(folder, 'certificates'));
  const app = await composeApp({
    dataFolder: folder,
    host: 'browser',
    version: io.version,
    notice: values.notice ?? null,
    keyCipher: keyFileCipher(storeFolder),
    keyPassphrase: keyPassphrase(),
    storeFolder,
    onFileChange: (outcome) => {
      if (outcome.kind === 'failed') io.stderr.write(`hopscope ui: ${outcome.message}\n`);
    },
  });
  try {
    const server =
      port === null
        ? await openBrowserUiAsBefore(app, folder, io)
        : await openBrowserUi(app, port, folder, io);
    const print = (link: string) => io.stdout.write(`Open ${link}\n`);
    const stopOffering = offerNewLinks(server, io, print);
    if (values.notice !== undefined) io.stdout.write(`${values.notice}\n`);
    print(server.newLink());
    if (!values['no-open']) openInBrowser(server.newLink());
    await signals.stopped;
    stopOffering();
    await server.close();
    return 0;
  } finally {
    signals.close();
    await app.close({ drainMs });
  }
}

/** Best effort: the link was printed in any case. */
function openInBrowser(link: string): void {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  const command = openCommand(link, Boolean(DISPLAY) || Boolean(WAYLAND_DISPLAY));
  if (command === null) return;
  const child = spawn(command[0], command[1], { detached: true, stdio: 'ignore' });
  child.on('error', () => child.unref());
  child.unref();
}

function openCommand(link: string, hasDisplay: boolean): readonly [string, string[]] | null {
  if (process.platform === 'darwin') return ['open', [link]];
  if (process.platform === 'win32') return ['rundll32', ['url.dll,FileProtocolHandler', link]];
  return hasDisplay ? ['xdg-open', [link]] : null;
}
