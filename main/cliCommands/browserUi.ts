// The browser UI of a running app: server, first link, new links on Enter.
import { createInterface } from 'node:readline';
import type { App } from '../services/composeApp';
import { startUiServer, type UiServer } from '../transport/uiServer';
import { type CommandIo, sayListenError } from './commandLine';

/**
 * Throws one sentence when the port cannot be opened. From now on events are recorded, so that a page that is opened
 * later shows what went before.
 */
export async function openBrowserUi(app: App, port: number, io: CommandIo): Promise<UiServer> {
  app.engine.emitter.openReader({ from: 'now' });
  try {
    return await startUiServer({
      rendererFolder: io.rendererFolder,
      port,
      connect: (each) => app.connect(each),
    });
  } catch (cause) {
    throw new Error(sayListenError('the user interface', port, cause), { cause });
  }
}

/** In a terminal, Enter prints a fresh link. Returns how to stop. */
export function offerNewLinks(server: UiServer, io: CommandIo, print: (link: string) => void): () => void {
  if (io.stdin.isTTY !== true) return () => undefined;
  const lines = createInterface({ input: io.stdin });
  lines.on('line', () => print(server.newLink()));
  return () => lines.close();
}
