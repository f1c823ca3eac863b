// `hopscope ui`: the app in the browser; what `npm start` does where there is no window.
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { keyFileCipher } from '../certs/keyFileCipher';
import { dataFolder } from '../platform/dataFolder';
import { openCaptureViewer } from '../services/captureViewer';
import { composeApp } from '../services/composeApp';
import type { UiServer } from '../transport/uiServer';
import { offerNewLinks, openBrowserUi, openBrowserUiAsBefore } from './browserUi';
import { type CommandIo, type ExitCode, parseCommand, parsePort, UsageError } from './commandLine';
import { keyPassphrase } from './openStore';
import { listenForStop } from './stopSignals';

const help = `Usage: hopscope ui [options]

  Opens the app in the browser, on loopback only: prints a link that works once, and opens it where there is a display.
  Press Enter for a new link. SIGINT (Ctrl-C) or SIGTERM ends it.

  --port PORT    port of the user interface (default: the one of the last start; 0 = any free one)
  --no-open      print the link only
  --capture FILE look at flows that were saved (.hopscope.ndjson, or what serve --events wrote): no workspace is opened,
                 no listener is started
  --notice TEXT  a sentence to show first
  --store DIR    folder of the certificate store (default: "certificates" in the app's data folder)
  -h, --help     this text
`;

const options = {
  port: { type: 'string' },
  'no-open': { type: 'boolean', default: false },
  capture: { type: 'string' },
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
  if (values.capture !== undefined && values.store !== undefined)
    throw new UsageError('--capture opens no certificate store: leave --store out');
  const port = values.port === undefined ? null : parsePort(values.port, '--port');
  const signals = listenForStop();
  try {
    const { capture, notice = null } = values;
    const ui =
      capture === undefined
        ? await openApp({ port, notice, store: values.store }, io)
        : await openViewer({ port, notice, file: resolve(capture) }, io);
    const print = (link: string) => io.stdout.write(`Open ${link}\n`);
    const stopOffering = offerNewLinks(ui.server, io, print);
    if (notice !== null) io.stdout.write(`${notice}\n`);
    print(ui.server.newLink());
    if (!values['no-open']) openInBrowser(ui.server.newLink());
    await signals.stopped;
    stopOffering();
    await ui.server.close();
    await ui.close();
    return 0;
  } finally {
    signals.close();
  }
}

interface OpenedUi {
  readonly server: UiServer;
  close(): Promise<void>;
}

interface UiOptions {
  /** null = nobody chose one. */
  readonly port: number | null;
  readonly notice: string | null;
}

async function openApp(
  { port, notice, store }: UiOptions & { readonly store: string | undefined },
  io: CommandIo,
): Promise<OpenedUi> {
  const folder = dataFolder();
  const storeFolder = resolve(store ?? join(folder, 'certificates'));
  const app = await composeApp({
    dataFolder: folder,
    host: 'browser',
    version: io.version,
    notice,
    keyCipher: keyFileCipher(storeFolder),
    keyPassphrase: keyPassphrase(),
    storeFolder,
    onFileChange: (outcome) => {
      if (outcome.kind === 'failed') io.stderr.write(`hopscope ui: ${outcome.message}\n`);
    },
  });
  const close = () => app.close({ drainMs });
  try {
    const server =
      port === null
        ? await openBrowserUiAsBefore(app, folder, io)
        : await openBrowserUi(app, port, folder, io);
    return { server, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** On any free port: the one of the app stays its own. */
async function openViewer(
  { port, notice, file }: UiOptions & { readonly file: string },
  io: CommandIo,
): Promise<OpenedUi> {
  const folder = dataFolder();
  const viewer = await openCaptureViewer(file, { version: io.version, dataFolder: folder, notice });
  const server = await openBrowserUi(viewer, port ?? 0, folder, io);
  return { server, close: async () => viewer.close() };
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
