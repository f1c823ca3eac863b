// What is sealed with a password: the algorithms of PKCS#5 (RFC 8018) and PKCS#12 (RFC 7292), old ones included. OpenSSL and
// BoringSSL have dropped RC2 and DES, so those two come from node-forge. Only AES-256 (and 3DES on request) is written.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import forge from 'node-forge';
import {
  type DerElement,
  DerError,
  expectTag,
  identifier,
  integer,
  nil,
  objectIdentifier,
  octetString,
  octets,
  readDer,
  sequence,
  smallInteger,
  tagOf,
} from './der';
import {
  deriveByPbkdf1,
  deriveByPbkdf2,
  deriveByScrypt,
  deriveForPkcs12,
  pkcs12Password,
  pkcs12Purpose,
} from './passwordKeys';

/** The password does not open it. */
export class WrongPasswordError extends Error {}

interface BlockCipher {
  readonly name: 'aes-128-cbc' | 'aes-192-cbc' | 'aes-256-cbc' | 'des-ede3-cbc' | 'des-cbc' | 'rc2-cbc';
  readonly keyBytes: number;
  readonly blockBytes: 8 | 16;
  /** RC2 only. */
  readonly effectiveBits?: number;
}

const aes = (bits: 128 | 192 | 256): BlockCipher => ({
  name: `aes-${bits}-cbc`,
  keyBytes: bits / 8,
  blockBytes: 16,
});
const tripleDes: BlockCipher = { name: 'des-ede3-cbc', keyBytes: 24, blockBytes: 8 };
const des: BlockCipher = { name: 'des-cbc', keyBytes: 8, blockBytes: 8 };
const rc2 = (bits: number): BlockCipher => ({
  name: 'rc2-cbc',
  keyBytes: bits / 8,
  blockBytes: 8,
  effectiveBits: bits,
});

const pbes2 = '1.2.840.113549.1.5.13';
const pbkdf2Id = '1.2.840.113549.1.5.12';
const scryptId = '1.3.6.1.4.1.11591.4.11';
const aes256Id = '2.16.840.1.101.3.4.1.42';
const hmacSha256Id = '1.2.840.113549.2.9';
const pbeSha3Des = '1.2.840.113549.1.12.1.3';

const ciphers: Readonly<Record<string, BlockCipher>> = {
  '2.16.840.1.101.3.4.1.2': aes(128),
  '2.16.840.1.101.3.4.1.22': aes(192),
  [aes256Id]: aes(256),
  '1.2.840.113549.3.7': tripleDes,
  '1.3.14.3.2.7': des,
};

/** PKCS#12's own (RFC 7292 C). The RC4 ones were never used for keys by any tool we know of. */
const pkcs12Ciphers: Readonly<Record<string, BlockCipher>> = {
  [pbeSha3Des]: tripleDes,
  '1.2.840.113549.1.12.1.4': { ...tripleDes, keyBytes: 16 },
  '1.2.840.113549.1.12.1.5': rc2(128),
  '1.2.840.113549.1.12.1.6': rc2(40),
};

/** PKCS#5 v1.5 (RFC 8018 A.3). */
const pbes1: Readonly<Record<string, { readonly hash: string; readonly cipher: BlockCipher }>> = {
  '1.2.840.113549.1.5.3': { hash: 'md5', cipher: des },
  '1.2.840.113549.1.5.6': { hash: 'md5', cipher: rc2(64) },
  '1.2.840.113549.1.5.10': { hash: 'sha1', cipher: des },
  '1.2.840.113549.1.5.11': { hash: 'sha1', cipher: rc2(64) },
};

const pseudoRandomFunctions: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.8': 'sha224',
  [hmacSha256Id]: 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
};

/**
 * Opens what an AlgorithmIdentifier says how to open. Throws `WrongPasswordError`, or `DerError` for what is malformed, too costly or
 * of an unknown algorithm. `password` null = PKCS#12 without any password, which differs from an empty one.
 */
export async function decryptByPassword(
  algorithm: DerElement,
  sealed: Uint8Array,
  password: string | null,
): Promise<Uint8Array> {
  expectTag(algorithm, tagOf.sequence, 'the encryption algorithm');
  const id = objectIdentifier(algorithm.children[0], 'the encryption algorithm');
  const parameters = expectTag(algorithm.children[1], tagOf.sequence, 'the parameters of the encryption');
  if (id === pbes2) return decryptPbes2(parameters, sealed, Buffer.from(password ?? '', 'utf8'));
  const salt = octets(parameters.children[0], 'the salt');
  const rounds = smallInteger(parameters.children[1], 'the number of rounds');
  const own = pkcs12Ciphers[id];
  if (own !== undefined) {
    const secret = pkcs12Password(password);
    const key = await deriveForPkcs12(secret, salt, rounds, own.keyBytes, 'sha1', pkcs12Purpose.key);
    const iv = await deriveForPkcs12(secret, salt, rounds, own.blockBytes, 'sha1', pkcs12Purpose.iv);
    return decipher(own, key, iv, sealed);
  }
  const old = pbes1[id];
  if (old === undefined) throw new DerError(`its encryption (${id}) is not known`);
  const derived = deriveByPbkdf1(Buffer.from(password ?? '', 'utf8'), salt, rounds, old.hash);
  return decipher(old.cipher, derived.subarray(0, 8), derived.subarray(8, 16), sealed);
}

async function decryptPbes2(
  parameters: DerElement,
  sealed: Uint8Array,
  password: Uint8Array,
): Promise<Uint8Array> {
  const [derivation, encryption] = parameters.children;
  const cipherId = objectIdentifier(encryption?.children[0], 'the cipher');
  const cipher = ciphers[cipherId];
  if (cipher === undefined) throw new DerError(`its cipher (${cipherId}) is not known`);
  const iv = octets(encryption?.children[1], 'the initialisation vector');
  return decipher(cipher, await derivedKey(derivation, password, cipher.keyBytes), iv, sealed);
}

/** From a KeyDerivationFunc of PBES2 or PBMAC1. */
export async function derivedKey(
  derivation: DerElement | undefined,
  password: Uint8Array,
  keyBytes: number,
): Promise<Uint8Array> {
  const id = objectIdentifier(derivation?.children[0], 'the key derivation');
  const fields = expectTag(
    derivation?.children[1],
    tagOf.sequence,
    'the parameters of the key derivation',
  ).children;
  const salt = octets(fields[0], 'the salt');
  const rounds = smallInteger(fields[1], 'the number of rounds');
  if (id === scryptId) {
    const r = smallInteger(fields[2], 'the block size');
    const p = smallInteger(fields[3], 'the parallelisation');
    return deriveByScrypt(password, salt, { N: rounds, r, p }, keyBytes);
  }
  if (id !== pbkdf2Id) throw new DerError(`its key derivation (${id}) is not known`);
  const prf = fields.find((field) => field.tag === tagOf.sequence);
  const prfId = prf === undefined ? '1.2.840.113549.2.7' : objectIdentifier(prf.children[0], 'the hash');
  const hash = pseudoRandomFunctions[prfId];
  if (hash === undefined) throw new DerError(`its hash (${prfId}) is not known`);
  return deriveByPbkdf2(password, salt, rounds, keyBytes, hash);
}

function decipher(cipher: BlockCipher, key: Uint8Array, iv: Uint8Array, sealed: Uint8Array): Uint8Array {
  if (iv.length !== cipher.blockBytes) throw new DerError('its initialisation vector has the wrong length');
  if (sealed.length === 0 || sealed.length % cipher.blockBytes !== 0) {
    throw new DerError('what is sealed has the wrong length');
  }
  if (cipher.name === 'rc2-cbc' || cipher.name === 'des-cbc') return decipherByForge(cipher, key, iv, sealed);
  // Two-key 3DES is three-key 3DES with the first key again.
  const whole =
    cipher.keyBytes === 16 && cipher.name === 'des-ede3-cbc' ? Buffer.concat([key, key.subarray(0, 8)]) : key;
  try {
    const opened = createDecipheriv(cipher.name, whole, iv);
    return Buffer.concat([opened.update(sealed), opened.final()]);
  } catch (cause) {
    throw new WrongPasswordError('the password does not open it', { cause });
  }
}

function decipherByForge(
  cipher: BlockCipher,
  key: Uint8Array,
  iv: Uint8Array,
  sealed: Uint8Array,
): Uint8Array {
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');
  const opened =
    cipher.name === 'rc2-cbc'
      ? forge.rc2.createDecryptionCipher(forge.util.createBuffer(text(key)), cipher.effectiveBits)
      : forge.cipher.createDecipher('DES-CBC', text(key));
  if (cipher.name === 'rc2-cbc') (opened as { start(iv: string): void }).start(text(iv));
  else (opened as forge.cipher.BlockCipher).start({ iv: text(iv) });
  opened.update(forge.util.createBuffer(text(sealed)));
  if (!opened.finish()) throw new WrongPasswordError('the password does not open it');
  return Buffer.from(opened.output.getBytes(), 'latin1');
}

/** The old encryption of PEM keys ("DEK-Info"): one MD5 round, as OpenSSL's EVP_BytesToKey does it. */
export function decryptTraditional(
  name: string,
  ivHex: string,
  sealed: Uint8Array,
  password: string,
): Uint8Array {
  const cipher = traditional[name.toUpperCase()];
  if (cipher === undefined) throw new DerError(`its encryption (${name}) is not known`);
  const iv = Buffer.from(ivHex, 'hex');
  const salt = iv.subarray(0, 8);
  let key: Uint8Array = new Uint8Array();
  let last: Uint8Array = new Uint8Array();
  while (key.length < cipher.keyBytes) {
    last = deriveByPbkdf1(Buffer.concat([last, Buffer.from(password, 'utf8')]), salt, 1, 'md5');
    key = Buffer.concat([key, last]);
  }
  return decipher(cipher, key.subarray(0, cipher.keyBytes), iv, sealed);
}

const traditional: Readonly<Record<string, BlockCipher>> = {
  'AES-128-CBC': aes(128),
  'AES-192-CBC': aes(192),
  'AES-256-CBC': aes(256),
  'DES-EDE3-CBC': tripleDes,
  'DES-CBC': des,
};

// ---------------------------------------------------------------- writing

/** What sealed bytes are, and how to open them again. */
export interface SealedByPassword {
  readonly algorithm: Uint8Array;
  readonly sealed: Uint8Array;
}

/** What OpenSSL 3 and `keytool` write in the years after 2020; brute force costs about a tenth of a second a try. */
const writtenRounds = 100_000;
const legacyRounds = 2048;

export async function encryptByPassword(
  bytes: Uint8Array,
  password: string,
  isLegacy: boolean,
): Promise<SealedByPassword> {
  return isLegacy ? encryptLegacy(bytes, password) : encryptPbes2(bytes, password);
}

async function encryptPbes2(bytes: Uint8Array, password: string): Promise<SealedByPassword> {
  const salt = randomBytes(16);
  const iv = randomBytes(16);
  const key = await deriveByPbkdf2(Buffer.from(password, 'utf8'), salt, writtenRounds, 32, 'sha256');
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  const derivation = sequence(
    identifier(pbkdf2Id),
    sequence(octetString(salt), integer(writtenRounds), sequence(identifier(hmacSha256Id), nil)),
  );
  const encryption = sequence(identifier(aes256Id), octetString(iv));
  return {
    algorithm: sequence(identifier(pbes2), sequence(derivation, encryption)),
    sealed: Buffer.concat([cipher.update(bytes), cipher.final()]),
  };
}

async function encryptLegacy(bytes: Uint8Array, password: string): Promise<SealedByPassword> {
  const salt = randomBytes(8);
  const secret = pkcs12Password(password);
  const key = await deriveForPkcs12(secret, salt, legacyRounds, 24, 'sha1', pkcs12Purpose.key);
  const iv = await deriveForPkcs12(secret, salt, legacyRounds, 8, 'sha1', pkcs12Purpose.iv);
  const cipher = createCipheriv('des-ede3-cbc', key, iv);
  return {
    algorithm: sequence(identifier(pbeSha3Des), sequence(octetString(salt), integer(legacyRounds))),
    sealed: Buffer.concat([cipher.update(bytes), cipher.final()]),
  };
}

/** EncryptedPrivateKeyInfo (RFC 5958 3) → PrivateKeyInfo. */
export function decryptPkcs8(encryptedInfo: Uint8Array, password: string | null): Promise<Uint8Array> {
  const info = expectTag(readDer(encryptedInfo), tagOf.sequence, 'the sealed key');
  const algorithm = expectTag(info.children[0], tagOf.sequence, 'the encryption algorithm');
  return decryptByPassword(algorithm, octets(info.children[1], 'the sealed key'), password);
}

export async function encryptPkcs8(
  privateKeyInfo: Uint8Array,
  password: string,
  isLegacy: boolean,
): Promise<Uint8Array> {
  const { algorithm, sealed } = await encryptByPassword(privateKeyInfo, password, isLegacy);
  return sequence(algorithm, octetString(sealed));
}
