// Makes keys, always in the thread pool: an RSA key may take seconds, and the proxy goes on meanwhile. One at a time, so that
// at most one thread of the pool is busy with it.
import { createPrivateKey, createPublicKey, generateKeyPair, webcrypto } from 'node:crypto';
import { promisify } from 'node:util';
import { AppError } from '../contract/appError';
import type { CertificateKeyType } from '../contract/certificate';

export interface KeyPair {
  /** PKCS#8. */
  readonly privateKeyPem: string;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
}

const generate = promisify(generateKeyPair) as unknown as (
  type: string,
  options: object,
) => Promise<{ readonly publicKey: Uint8Array; readonly privateKey: string }>;

const kinds: Readonly<Record<CertificateKeyType, readonly [type: string, options: object]>> = {
  'ecdsa-p256': ['ec', { namedCurve: 'P-256' }],
  'ecdsa-p384': ['ec', { namedCurve: 'P-384' }],
  'rsa-2048': ['rsa', { modulusLength: 2048 }],
  'rsa-3072': ['rsa', { modulusLength: 3072 }],
  'rsa-4096': ['rsa', { modulusLength: 4096 }],
};

let queue: Promise<unknown> = Promise.resolve();

export function createKeyPair(keyType: CertificateKeyType): Promise<KeyPair> {
  const [type, options] = kinds[keyType];
  const encodings = {
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  };
  const made = queue.then(async () => {
    const { publicKey, privateKey } = await generate(type, { ...options, ...encodings });
    return { privateKeyPem: privateKey, publicKey };
  });
  queue = made.catch(() => undefined);
  return made;
}

/** Of a private key. */
export function publicKeyOf(privateKeyPem: string): Uint8Array {
  return createPublicKey(privateKeyPem).export({ format: 'der', type: 'spki' });
}

export interface Signer {
  readonly key: webcrypto.CryptoKey;
  readonly algorithm: webcrypto.EcdsaParams & { readonly namedCurve?: string };
}

const signatures: Readonly<Record<string, { readonly namedCurve: string; readonly hash: string }>> = {
  prime256v1: { namedCurve: 'P-256', hash: 'SHA-256' },
  secp384r1: { namedCurve: 'P-384', hash: 'SHA-384' },
  secp521r1: { namedCurve: 'P-521', hash: 'SHA-512' },
};

/** A private key, ready to sign certificates: the hash is as strong as the key. */
export async function signerOf(privateKeyPem: string): Promise<Signer> {
  const key = createPrivateKey(privateKeyPem);
  const der = key.export({ format: 'der', type: 'pkcs8' });
  const algorithm = algorithmOf(key.asymmetricKeyType, key.asymmetricKeyDetails?.namedCurve);
  return { key: await webcrypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign']), algorithm };
}

function algorithmOf(type: string | undefined, curve: string | undefined): Signer['algorithm'] {
  if (type === 'rsa') return { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const ecdsa = signatures[curve ?? ''];
  if (type === 'ec' && ecdsa !== undefined) return { name: 'ECDSA', ...ecdsa };
  throw new AppError('unavailable', `a key of type ${type ?? 'unknown'} cannot sign certificates here`);
}

/** The type to make again when a certificate is renewed; the default for keys that are not made here. */
export function keyTypeOf(privateKeyPem: string): CertificateKeyType {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = createPrivateKey(privateKeyPem);
  if (type === 'ec' && details?.namedCurve === 'secp384r1') return 'ecdsa-p384';
  if (type !== 'rsa') return 'ecdsa-p256';
  const bits = details?.modulusLength ?? 2048;
  if (bits > 3072) return 'rsa-4096';
  return bits > 2048 ? 'rsa-3072' : 'rsa-2048';
}
