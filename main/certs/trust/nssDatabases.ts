// Where browsers on Linux keep the CAs that a user trusts (NSS). Found by looking; nothing is made here.
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isSystemError } from '../../platform/atomicFile';
import { isProgram } from './trustCommand';

export interface NssDatabase {
  readonly folder: string;
  readonly title: string;
  readonly isThere: boolean;
}

const chromiumFolders = ['.pki/nssdb', 'snap/chromium/current/.pki/nssdb'];
const firefoxFolders = [
  '.mozilla/firefox',
  '.config/mozilla/firefox',
  'snap/firefox/common/.mozilla/firefox',
  '.var/app/org.mozilla.firefox/.mozilla/firefox',
];
const chromiumPrograms = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'brave-browser',
];

export async function nssDatabases(home: string, path: string): Promise<NssDatabase[]> {
  const found: NssDatabase[] = [];
  for (const [index, relative] of chromiumFolders.entries()) {
    const folder = join(home, relative);
    const isThere = await isDatabase(folder);
    // The first is made by Chromium at its first use; before that it may be made for it.
    const isWanted = index === 0 && !isThere && (await anyProgram(path));
    const title = index === 0 ? 'Chromium and Chrome' : 'Chromium (snap)';
    if (isThere || isWanted) found.push({ folder, title, isThere });
  }
  for (const relative of firefoxFolders) {
    const parent = join(home, relative);
    for (const name of (await namesIn(parent)).sort()) {
      const folder = join(parent, name);
      if (await isDatabase(folder))
        found.push({ folder, title: `Firefox profile ${profileName(name)}`, isThere: true });
    }
  }
  return found;
}

async function isDatabase(folder: string): Promise<boolean> {
  return (await namesIn(folder)).includes('cert9.db');
}

async function anyProgram(path: string): Promise<boolean> {
  for (const name of chromiumPrograms) if (await isProgram(name, path)) return true;
  return false;
}

/** "x1y2z3.default-release" → "default-release". */
function profileName(folder: string): string {
  return basename(folder).replace(/^[^.]+\./, '');
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    const isAbsent = ['ENOENT', 'ENOTDIR', 'EACCES'].some((code) => isSystemError(error, code));
    if (isAbsent) return [];
    throw error;
  }
}
