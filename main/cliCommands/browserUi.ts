// The browser UI of a running app: server, first link, new links on Enter.
import { createInterface } from 'node:readline';
import { newUiPort, readUiPorts, rememberUiPort } from '../platform/uiPorts';
import { readUiSecret } from '../platform/uiSecret';
import type { App } from '../services/composeApp';
import { startUiServer, type UiServer } from '../transport/uiServer';
import { type CommandIo, sayListenError } from './commandLine';

/**
 * Throws one sentence when the port cannot be opened. From now on events of an engine are recorded, so that a page that is
 * opened later shows what went before.
 */
export async function openBrowserUi(
  app: Pick<App, 'connect' | 'takeDownload'> & Partial<Pick<App, 'engine'>>,
  port: number,
  dataFolder: string,
  io: CommandIo,
): Promise<UiServer> {
  const cookieSecret = await readUiSecret(dataFolder);
  try {
    const server = await startUiServer({
      cookieSecret,
      rendererFolder: io.rendererFolder,
      port,
      connect: (each) => app.connect(each),
      takeDownload: app.takeDownload,
    });
    app.engine?.emitter.openReader({ from: 'now', takesSamples: true });
    return server;
  } catch (cause) {
    throw new Error(sayListenError('the user interface', port, cause), { cause });
  }
}

/**
 * On the port that this data folder's UI had before, so that the browser still knows its theme and drafts; on another
 * one when it is taken, e.g. by a second Hopscope.
 */
export async function openBrowserUiAsBefore(app: App, dataFolder: string, io: CommandIo): Promise<UiServer> {
  const known = await readUiPorts(dataFolder);
  for (const port of [...known, newUiPort(), newUiPort(), 0]) {
    try {
      const server = await openBrowserUi(app, port, dataFolder, io);
      await rememberUiPort(dataFolder, server.port);
      return server;
    } catch (error) {
      if (port === 0) throw error;
    }
  }
  throw new Error('the user interface: no port is free');
}

/** In a terminal, Enter prints a fresh link. Returns how to stop. */
export function offerNewLinks(server: UiServer, io: CommandIo, print: (link: string) => void): () => void {
  if (io.stdin.isTTY !== true) return () => undefined;
  const lines = createInterface({ input: io.stdin });
  lines.on('line', () => print(server.newLink()));
  return () => lines.close();
}
