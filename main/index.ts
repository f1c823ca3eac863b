// Electron's entry: puts the app into its desktop shell. No logic here.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { keyFileCipher } from './certs/keyFileCipher';
import { runShell } from './electron/runShell';
import { dataFolder } from './platform/dataFolder';
import { composeApp } from './services/composeApp';

const folder = dataFolder();

void runShell({
  dataFolder: folder,
  rendererFolder: fileURLToPath(new URL('../renderer', import.meta.url)),
  preloadFile: fileURLToPath(new URL('../preload/index.cjs', import.meta.url)),
  platform: process.platform,
  argv: process.argv,
  compose: ({ version, keyCipher, copyText, pickFile }) =>
    composeApp({
      dataFolder: folder,
      host: 'electron',
      version,
      notice: null,
      keyCipher: keyCipher ?? keyFileCipher(join(folder, 'certificates')),
      copyText,
      pickFile,
    }),
});
