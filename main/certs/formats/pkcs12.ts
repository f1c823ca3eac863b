// PKCS#12 files (RFC 7292), read and written: any key type, sealed by any of passwordEncryption.ts, also BER as NSS writes it.
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import {
  type DerElement,
  DerError,
  der,
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
  tagged,
  tagOf,
} from './der';
import { decryptByPassword, derivedKey, encryptByPassword, WrongPasswordError } from './passwordEncryption';
import { deriveForPkcs12, pkcs12Password, pkcs12Purpose } from './passwordKeys';

export interface Pkcs12Content {
  /** DER. */
  readonly certificates: readonly Uint8Array[];
  /** PrivateKeyInfo, DER. */
  readonly keys: readonly Uint8Array[];
}

const dataId = '1.2.840.113549.1.7.1';
const encryptedDataId = '1.2.840.113549.1.7.6';
const keyBagId = '1.2.840.113549.1.12.10.1.1';
const shroudedKeyBagId = '1.2.840.113549.1.12.10.1.2';
const certificateBagId = '1.2.840.113549.1.12.10.1.3';
const safeContentsBagId = '1.2.840.113549.1.12.10.1.6';
const x509Id = '1.2.840.113549.1.9.22.1';
const friendlyNameId = '1.2.840.113549.1.9.20';
const localKeyId = '1.2.840.113549.1.9.21';
const pbmac1Id = '1.2.840.113549.1.5.14';
const sha1Id = '1.3.14.3.2.26';
const sha256Id = '2.16.840.1.101.3.4.2.1';

const hashes: Readonly<Record<string, string>> = {
  [sha1Id]: 'sha1',
  '2.16.840.1.101.3.4.2.4': 'sha224',
  [sha256Id]: 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};

const hmacs: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
};

const maxBags = 200;

export function isPkcs12(bytes: Uint8Array): boolean {
  try {
    const [version, authSafe] = readDer(bytes).children;
    return (
      smallInteger(version, 'the version') === 3 && authSafe?.children[0]?.tag === tagOf.objectIdentifier
    );
  } catch (error) {
    if (error instanceof DerError) return false;
    throw error;
  }
}

/**
 * Throws `WrongPasswordError` when it is another password, `DerError` for anything else. An empty password also opens files that
 * have none at all.
 */
export async function readPkcs12(bytes: Uint8Array, password: string): Promise<Pkcs12Content> {
  if (password !== '') return readWith(bytes, password);
  try {
    return await readWith(bytes, '');
  } catch (error) {
    if (!(error instanceof WrongPasswordError)) throw error;
    return readWith(bytes, null);
  }
}

async function readWith(bytes: Uint8Array, password: string | null): Promise<Pkcs12Content> {
  const [version, authSafe, macData] = expectTag(readDer(bytes), tagOf.sequence, 'the file').children;
  if (smallInteger(version, 'the version') !== 3) throw new DerError('it is of an unknown version');
  if (objectIdentifier(authSafe?.children[0], 'its type') !== dataId) {
    throw new DerError('it is sealed with a public key, not with a password');
  }
  const content = octets(authSafe?.children[1]?.children[0], 'its content');
  if (macData !== undefined) await checkMac(macData, content, password);
  const found = { certificates: [] as Uint8Array[], keys: [] as Uint8Array[] };
  for (const info of expectTag(readDer(content), tagOf.sequence, 'its content').children) {
    await readBags(readDer(await safeContents(info, password)), password, found, 0);
  }
  return found;
}

async function checkMac(macData: DerElement, content: Uint8Array, password: string | null): Promise<void> {
  const [digestInfo, saltElement, roundsElement] = macData.children;
  const algorithm = digestInfo?.children[0];
  const id = objectIdentifier(algorithm?.children[0], 'the algorithm of the seal');
  const expected = octets(digestInfo?.children[1], 'the seal');
  const made =
    id === pbmac1Id
      ? await pbmac1(algorithm, content, password)
      : await ownMac(id, octets(saltElement, 'the salt'), roundsElement, content, password);
  if (made.length !== expected.length || !timingSafeEqual(made, expected)) {
    throw new WrongPasswordError('the password does not open it');
  }
}

async function ownMac(
  id: string,
  salt: Uint8Array,
  roundsElement: DerElement | undefined,
  content: Uint8Array,
  password: string | null,
): Promise<Uint8Array> {
  const hash = hashes[id];
  if (hash === undefined) throw new DerError(`the algorithm of its seal (${id}) is not known`);
  const rounds = roundsElement === undefined ? 1 : smallInteger(roundsElement, 'the number of rounds');
  const length = createHash(hash).digest().length;
  const key = await deriveForPkcs12(pkcs12Password(password), salt, rounds, length, hash, pkcs12Purpose.mac);
  return createHmac(hash, key).update(content).digest();
}

/** RFC 9579. */
async function pbmac1(
  algorithm: DerElement | undefined,
  content: Uint8Array,
  password: string | null,
): Promise<Uint8Array> {
  const parameters = expectTag(algorithm?.children[1], tagOf.sequence, 'the parameters of the seal');
  const [derivation, scheme] = parameters.children;
  const id = objectIdentifier(scheme?.children[0], 'the algorithm of the seal');
  const hash = hmacs[id];
  if (hash === undefined) throw new DerError(`the algorithm of its seal (${id}) is not known`);
  const fields = derivation?.children[1]?.children ?? [];
  const length = smallInteger(
    fields.find((field) => field.tag === tagOf.integer && field !== fields[1]),
    'the key length',
  );
  if (length > 64) throw new DerError('the key of its seal is too long');
  const key = await derivedKey(derivation, Buffer.from(password ?? '', 'utf8'), length);
  return createHmac(hash, key).update(content).digest();
}

async function safeContents(info: DerElement, password: string | null): Promise<Uint8Array> {
  const id = objectIdentifier(info.children[0], 'the type of a part');
  const value = info.children[1]?.children[0];
  if (id === dataId) return octets(value, 'a part');
  if (id !== encryptedDataId) throw new DerError('a part is sealed with a public key, not with a password');
  const [, encrypted] = expectTag(value, tagOf.sequence, 'a sealed part').children;
  const [, algorithm, sealed] = expectTag(encrypted, tagOf.sequence, 'a sealed part').children;
  return decryptByPassword(
    expectTag(algorithm, tagOf.sequence, 'the encryption algorithm'),
    octets(sealed, 'a sealed part'),
    password,
  );
}

async function readBags(
  bags: DerElement,
  password: string | null,
  found: { readonly certificates: Uint8Array[]; readonly keys: Uint8Array[] },
  depth: number,
): Promise<void> {
  if (depth > 4) throw new DerError('its bags are nested too deep');
  for (const bag of expectTag(bags, tagOf.sequence, 'a list of bags').children) {
    if (found.certificates.length + found.keys.length >= maxBags)
      throw new DerError(`it holds more than ${maxBags} things`);
    const id = objectIdentifier(bag.children[0], 'the type of a bag');
    const value = bag.children[1]?.children[0];
    if (value === undefined) throw new DerError('a bag is empty');
    if (id === keyBagId) found.keys.push(value.bytes);
    else if (id === shroudedKeyBagId) {
      const algorithm = expectTag(value.children[0], tagOf.sequence, 'the encryption algorithm');
      found.keys.push(
        await decryptByPassword(algorithm, octets(value.children[1], 'the sealed key'), password),
      );
    } else if (id === certificateBagId) {
      const isX509 = objectIdentifier(value.children[0], 'the type of a certificate') === x509Id;
      if (isX509) found.certificates.push(octets(value.children[1]?.children[0], 'a certificate'));
    } else if (id === safeContentsBagId) await readBags(value, password, found, depth + 1);
  }
}

// ---------------------------------------------------------------- writing

export interface Pkcs12Input {
  /** DER, the one of the key first. */
  readonly certificates: readonly Uint8Array[];
  /** PrivateKeyInfo, DER. */
  readonly key: Uint8Array;
  /** What stores show. */
  readonly friendlyName: string;
}

/** Twice what keytool does, ten times OpenSSL; each costs a digest on this thread. */
const macRounds = { modern: 20_000, legacy: 2048 } as const;

export async function writePkcs12(
  input: Pkcs12Input,
  password: string,
  isLegacy: boolean,
): Promise<Uint8Array> {
  const keyId = createHash('sha1').update(input.certificates[0]!).digest();
  const own = [
    attribute(localKeyId, octetString(keyId)),
    attribute(friendlyNameId, bmpString(input.friendlyName)),
  ];
  const certificateBags = input.certificates.map((bytes, index) =>
    bag(
      certificateBagId,
      sequence(identifier(x509Id), tagged(0, octetString(bytes))),
      index === 0 ? own : [],
    ),
  );
  const sealedKey = await encryptByPassword(input.key, password, isLegacy);
  const keyBag = bag(shroudedKeyBagId, sequence(sealedKey.algorithm, octetString(sealedKey.sealed)), own);
  const sealed = await encryptByPassword(sequence(...certificateBags), password, isLegacy);
  const encryptedContent = sequence(
    identifier(dataId),
    sealed.algorithm,
    der(0x80, sealed.sealed), // [0] IMPLICIT
  );
  const content = sequence(
    sequence(identifier(encryptedDataId), tagged(0, sequence(integer(0), encryptedContent))),
    sequence(identifier(dataId), tagged(0, octetString(sequence(keyBag)))),
  );
  return sequence(
    integer(3),
    sequence(identifier(dataId), tagged(0, octetString(content))),
    await macOf(content, password, isLegacy),
  );
}

async function macOf(content: Uint8Array, password: string, isLegacy: boolean): Promise<Uint8Array> {
  const [hash, id] = isLegacy ? (['sha1', sha1Id] as const) : (['sha256', sha256Id] as const);
  const rounds = isLegacy ? macRounds.legacy : macRounds.modern;
  const salt = randomBytes(isLegacy ? 8 : 16);
  const length = createHash(hash).digest().length;
  const key = await deriveForPkcs12(pkcs12Password(password), salt, rounds, length, hash, pkcs12Purpose.mac);
  const mac = createHmac(hash, key).update(content).digest();
  return sequence(
    sequence(sequence(identifier(id), nil), octetString(mac)),
    octetString(salt),
    integer(rounds),
  );
}

function bag(id: string, value: Uint8Array, attributes: readonly Uint8Array[]): Uint8Array {
  // SET OF is sorted in DER (X.690 11.6).
  const sorted = [...attributes].sort(Buffer.compare);
  return sequence(
    identifier(id),
    tagged(0, value),
    ...(sorted.length === 0 ? [] : [der(tagOf.set, ...sorted)]),
  );
}

function attribute(id: string, value: Uint8Array): Uint8Array {
  return sequence(identifier(id), der(tagOf.set, value));
}

function bmpString(text: string): Uint8Array {
  return der(tagOf.bmpString, Buffer.from(text, 'utf16le').swap16());
}
