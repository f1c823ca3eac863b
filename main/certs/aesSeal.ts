// AES-256-GCM with a version, a random nonce and the tag in front.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { AppError } from '../contract/appError';

const layoutVersion = 1;
const nonceBytes = 12;
const tagBytes = 16;
const headerBytes = 1 + nonceBytes + tagBytes;

export function seal(bytes: Uint8Array, key: Uint8Array): Uint8Array {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
  const sealed = Buffer.concat([cipher.update(bytes), cipher.final()]);
  return Buffer.concat([Buffer.of(layoutVersion), nonce, cipher.getAuthTag(), sealed]);
}

/** `sealedWith` names the key for people. */
export function unseal(bytes: Uint8Array, key: Uint8Array, sealedWith: string): Uint8Array {
  if (bytes.length < headerBytes || bytes[0] !== layoutVersion) {
    throw new AppError('disk_failed', 'the sealed key is damaged');
  }
  const nonce = bytes.subarray(1, 1 + nonceBytes);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
  decipher.setAuthTag(bytes.subarray(1 + nonceBytes, headerBytes));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(headerBytes)), decipher.final()]);
  } catch (cause) {
    throw new AppError('disk_failed', `the sealed key is damaged or was not sealed with ${sealedWith}`, {
      cause,
    });
  }
}
