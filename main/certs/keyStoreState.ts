import { join } from 'node:path';
import type { KeyProtection, KeyStoreState } from '../contract/certificate';

/** What protects the keys of a store folder, in words that promise no more than is true. */
export function describeKeyStore(
  protection: KeyProtection,
  folder: string,
  isLocked: boolean = false,
): KeyStoreState {
  return {
    protection,
    isLocked,
    description: descriptions[protection](folder),
    canChange: protection !== 'system',
  };
}

const descriptions: Readonly<Record<KeyProtection, (folder: string) => string>> = {
  system: () =>
    "Private keys are sealed by the system's key store: other users, backups and copies of the folder cannot open them.",
  passphrase: () =>
    'Private keys are sealed by your passphrase, which is kept nowhere: without it nobody can use them, you included.',
  keyFile: (folder) =>
    `Private keys are sealed by the key file ${join(folder, 'vault.key')}, which only your user may read: a copied certificate file is safe, a copy of the whole folder is not.`,
};
