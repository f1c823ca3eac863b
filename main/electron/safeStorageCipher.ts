import { safeStorage } from 'electron';
import type { KeyCipher } from '../contract/keyCipher';

/**
 * Seals keys with the system's key store (Keychain, DPAPI, Secret Service, KWallet). null = there is none to trust: then
 * the caller uses the key file. Needs Electron to be ready.
 */
export async function safeStorageCipher(platform: NodeJS.Platform): Promise<KeyCipher | null> {
  if (!(await safeStorage.isAsyncEncryptionAvailable())) return null;
  // Without a password manager Chromium "encrypts" with a password that is in its source.
  if (platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text') return null;
  return {
    protection: 'system',
    encrypt: (bytes) => safeStorage.encryptStringAsync(Buffer.from(bytes).toString('base64')),
    decrypt: async (bytes) => {
      const { result } = await safeStorage.decryptStringAsync(Buffer.from(bytes));
      return Buffer.from(result, 'base64');
    },
  };
}
