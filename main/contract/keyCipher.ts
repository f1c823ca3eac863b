import type { KeyProtection } from './certificate';

/** How private keys are sealed before they touch the disk. Adapters: a key file beside them, the system's key store. */
export interface KeyCipher {
  readonly protection: KeyProtection;
  encrypt(bytes: Uint8Array): Promise<Uint8Array>;
  /** Rejects when the bytes were not sealed with this key or were changed since. */
  decrypt(bytes: Uint8Array): Promise<Uint8Array>;
}
