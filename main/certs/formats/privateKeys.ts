// Private keys of any format in, PKCS#8 out. Errors never quote what could not be parsed.
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { describeKey } from '../certificateFacts';
import { type DerElement, DerError, objectIdentifier, readDer, tagOf } from './der';

const maxRsaBits = 8192;
const minRsaBits = 1024;
const curves = new Set(['prime256v1', 'secp384r1', 'secp521r1']);

/** PrivateKeyInfo, PKCS#1 or SEC1, as DER. Throws `DerError`, also for keys that nobody should use. */
export function readPrivateKey(bytes: Uint8Array): KeyObject {
  const type = typeOf(readDer(bytes));
  if (type === null) throw new DerError('it is not a private key');
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: Buffer.from(bytes), format: 'der', type });
  } catch {
    throw new DerError('it is a damaged private key, or one of an unknown type');
  }
  checkUsable(key);
  return key;
}

export function isPrivateKey(element: DerElement): boolean {
  return typeOf(element) !== null;
}

/** PKCS#8, unsealed. */
export function privateKeyPem(key: KeyObject): string {
  return key.export({ format: 'pem', type: 'pkcs8' }).toString();
}

function typeOf({ tag, children }: DerElement): 'pkcs8' | 'pkcs1' | 'sec1' | null {
  if (tag !== tagOf.sequence || children[0]?.tag !== tagOf.integer) return null;
  const second = children[1]?.tag;
  if (second === tagOf.sequence && children[2]?.tag === tagOf.octetString) return 'pkcs8';
  if (second === tagOf.octetString) return 'sec1';
  const isRsa = children.length >= 9 && children.every((child) => child.tag === tagOf.integer);
  return isRsa ? 'pkcs1' : null;
}

/** EncryptedPrivateKeyInfo: an algorithm and an octet string. */
export function isSealedKey({ tag, children }: DerElement): boolean {
  if (tag !== tagOf.sequence || children.length !== 2 || children[1]?.tag !== tagOf.octetString) return false;
  try {
    return objectIdentifier(children[0]?.children[0], 'the algorithm') !== '';
  } catch (error) {
    if (error instanceof DerError) return false;
    throw error;
  }
}

function checkUsable(key: KeyObject): void {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (type === 'rsa' || type === 'rsa-pss') {
    const bits = details?.modulusLength ?? 0;
    if (bits >= minRsaBits && bits <= maxRsaBits) return;
    throw new DerError(`it is an RSA key of ${bits} bits; from ${minRsaBits} to ${maxRsaBits} are taken`);
  }
  if (type === 'ed25519' || (type === 'ec' && curves.has(details?.namedCurve ?? ''))) return;
  throw new DerError(
    `it is a key of type ${describeKey(key).keyType}; RSA, ECDSA on P-256, P-384 or P-521, and Ed25519 are taken`,
  );
}
