// Which cipher seals the keys of a store folder: the system's key store where the host has one, else a passphrase where one
// was set, else the key file. Whatever sealed a key is named beside it, so several may be in use while one replaces another.

import { AppError } from '../contract/appError';
import type { KeyProtection, KeyStoreState } from '../contract/certificate';
import type { KeyCipher } from '../contract/keyCipher';
import { keyFileCipher, keyFileOf } from './keyFileCipher';
import { PassphraseCipher } from './passphraseCipher';

export class KeyStore {
  #passphrase: PassphraseCipher | null = null;

  private constructor(
    private readonly folder: string,
    /** What the host brings. */
    private readonly host: KeyCipher,
  ) {}

  static async open(folder: string, host: KeyCipher): Promise<KeyStore> {
    const store = new KeyStore(folder, host);
    await store.refresh();
    return store;
  }

  /** Notices a passphrase that another process set or took away. */
  async refresh(): Promise<void> {
    if (this.#passphrase !== null && (await this.#passphrase.isCurrent())) return;
    this.#passphrase = await PassphraseCipher.read(this.folder);
  }

  /** Seals what is new. */
  get cipher(): KeyCipher {
    return this.host.protection === 'keyFile' ? (this.#passphrase ?? this.host) : this.host;
  }

  /** Every way to open a key that works now. */
  get ciphers(): readonly KeyCipher[] {
    const others = this.host.protection === 'keyFile' ? [] : [keyFileCipher(this.folder)];
    const isOpen = this.#passphrase !== null && !this.#passphrase.isLocked;
    return [this.host, ...others, ...(isOpen ? [this.#passphrase!] : [])];
  }

  get isLocked(): boolean {
    return this.#passphrase?.isLocked === true;
  }

  state(): KeyStoreState {
    const { protection } = this.cipher;
    return {
      protection,
      isLocked: this.isLocked,
      description: descriptions[protection](this.folder),
      canChange: this.host.protection === 'keyFile',
    };
  }

  /** Rejects with `unauthorized` when it is another passphrase. */
  async unlock(passphrase: string): Promise<void> {
    if (this.#passphrase === null) throw new AppError('not_found', 'this key store has no passphrase');
    await this.#passphrase.unlock(passphrase);
  }

  /** From now on new keys are sealed by it; the old ones are to be sealed again by the caller. */
  async setPassphrase(passphrase: string): Promise<void> {
    this.#mayChange();
    this.#passphrase =
      this.#passphrase === null
        ? await PassphraseCipher.create(this.folder, passphrase)
        : await this.#passphrase.changed(passphrase);
  }

  /** The passphrase stays usable for what it sealed until `forgetPassphrase`. Returns the cipher to seal with. */
  keyFile(): KeyCipher {
    this.#mayChange();
    return this.host;
  }

  async forgetPassphrase(): Promise<void> {
    await this.#passphrase?.remove();
    this.#passphrase = null;
  }

  #mayChange(): void {
    if (this.host.protection === 'keyFile') return;
    throw new AppError(
      'unavailable',
      "keys are sealed by the system's key store here, which is the stronger choice",
    );
  }
}

const descriptions: Readonly<Record<KeyProtection, (folder: string) => string>> = {
  system: () =>
    "Private keys are sealed by the system's key store: other users, backups and copies of the folder cannot open them.",
  passphrase: () =>
    'Private keys are sealed by your passphrase, which is kept nowhere: without it nobody can use them, you included.',
  keyFile: (folder) =>
    `Private keys are sealed by the key file ${keyFileOf(folder)}, which only your user may read: a copied certificate file is safe, a copy of the whole folder is not.`,
};
