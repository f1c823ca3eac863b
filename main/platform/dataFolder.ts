import { homedir } from 'node:os';
import { posix, win32 } from 'node:path';

export interface DataFolderInput {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

/**
 * The folder of everything that the app keeps: workspace, certificates, window bounds. `HOPSCOPE_DATA` names another one.
 * Nothing is created here.
 */
export function dataFolder(
  input: DataFolderInput = { platform: process.platform, env: process.env, home: homedir() },
): string {
  const { platform, env, home } = input;
  const path = platform === 'win32' ? win32 : posix;
  if (isGiven(env.HOPSCOPE_DATA)) return path.resolve(env.HOPSCOPE_DATA);
  if (platform === 'win32') {
    const roaming = isGiven(env.APPDATA) ? env.APPDATA : path.join(home, 'AppData', 'Roaming');
    return path.join(roaming, 'Hopscope');
  }
  if (platform === 'darwin') return path.join(home, 'Library', 'Application Support', 'Hopscope');
  // XDG Base Directory: a relative path there is to be ignored.
  const isAbsolute = isGiven(env.XDG_DATA_HOME) && path.isAbsolute(env.XDG_DATA_HOME);
  return path.join(isAbsolute ? env.XDG_DATA_HOME! : path.join(home, '.local', 'share'), 'hopscope');
}

function isGiven(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}
