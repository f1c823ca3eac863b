// What people drop: PEM with anything in any order, DER, PKCS#7, PKCS#12. Says for each file what was in it.
import type { KeyObject } from 'node:crypto';
import type { ImportedFile } from '../../contract/certificateFiles';
import { type CertificateFacts, readCertificate } from '../certificateFacts';
import { DerError, objectIdentifier, readDer, readFirstDer } from './der';
import { decryptPkcs8, decryptTraditional, WrongPasswordError } from './passwordEncryption';
import { isPkcs12, readPkcs12 } from './pkcs12';
import { isPrivateKey, isSealedKey, readPrivateKey } from './privateKeys';

export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface FilesContent {
  readonly files: readonly ImportedFile[];
  readonly certificates: readonly CertificateFacts[];
  readonly keys: readonly { readonly key: KeyObject; readonly file: string }[];
}

const maxCertificates = 200;
const maxKeys = 50;
const maxBlocks = 300;
const signedDataId = '1.2.840.113549.1.7.2';

interface Found {
  readonly certificates: CertificateFacts[];
  readonly keys: KeyObject[];
  isSealed: boolean;
  message: string | null;
}

/** Never throws for what is in a file. The empty password is tried, too. */
export async function readCertificateFiles(
  inputs: readonly NamedBytes[],
  passwords: readonly string[],
): Promise<FilesContent> {
  const content = {
    files: [] as ImportedFile[],
    certificates: [] as CertificateFacts[],
    keys: [] as { key: KeyObject; file: string }[],
  };
  const tried = [...new Set([...passwords, ''])];
  for (const { name, bytes } of inputs) {
    const found: Found = { certificates: [], keys: [], isSealed: false, message: null };
    const format = formatOf(bytes);
    try {
      if (format === 'pem') await readPem(bytes, tried, found);
      else if (format === 'pkcs12')
        await readSealed(found, tried, (password) => readBag(bytes, password, found));
      else await readBinary(bytes, tried, found);
    } catch (error) {
      if (!(error instanceof DerError)) throw error;
      found.message = error.message;
    }
    content.files.push(describe(name, format, found, passwords.length > 0));
    content.certificates.push(...found.certificates);
    content.keys.push(...found.keys.map((key) => ({ key, file: name })));
    if (content.certificates.length > maxCertificates || content.keys.length > maxKeys) {
      throw new DerError(`the files hold more than ${maxCertificates} certificates or ${maxKeys} keys`);
    }
  }
  return content;
}

function describe(
  name: string,
  format: ImportedFile['format'],
  found: Found,
  hadPassword: boolean,
): ImportedFile {
  const { certificates, keys, isSealed, message } = found;
  const isEmpty = certificates.length + keys.length === 0;
  const sealedStatus = hadPassword ? 'wrongPassword' : 'passwordNeeded';
  const isUnreadable = message !== null || isEmpty;
  return {
    name,
    format,
    status: isSealed ? sealedStatus : isUnreadable ? 'unreadable' : 'read',
    message: isSealed
      ? `${name} is sealed with a password${hadPassword ? ', and none of those given opens it' : ''}`
      : isUnreadable
        ? `${name}: ${message ?? 'no certificate and no key is in it'}`
        : null,
    certificates: certificates.length,
    keys: keys.length,
  };
}

function formatOf(bytes: Uint8Array): ImportedFile['format'] {
  if (Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes('-----BEGIN ')) return 'pem';
  if (bytes[0] !== 0x30) return 'unknown';
  return isPkcs12(bytes) ? 'pkcs12' : 'der';
}

async function readBinary(bytes: Uint8Array, passwords: readonly string[], found: Found): Promise<void> {
  if (Buffer.from(bytes.subarray(0, 4)).toString('hex') === 'feedfeed') {
    throw new DerError(
      'it is a Java keystore of the old kind; convert it with: keytool -importkeystore -srckeystore FILE -destkeystore new.p12 -deststoretype PKCS12',
    );
  }
  if (bytes[0] !== 0x30) throw new DerError('it is neither PEM, DER nor PKCS#12');
  const element = readDer(bytes);
  if (isPrivateKey(element)) found.keys.push(readPrivateKey(bytes));
  else if (isSealedKey(element)) await readSealedKey(bytes, passwords, found);
  else if (isSignedData(bytes)) readSignedData(bytes, found);
  else found.certificates.push(readCertificate(bytes));
}

async function readPem(bytes: Uint8Array, passwords: readonly string[], found: Found): Promise<void> {
  const text = Buffer.from(bytes).toString('latin1');
  let blocks = 0;
  for (let at = text.indexOf('-----BEGIN '); at !== -1; at = text.indexOf('-----BEGIN ', at + 1)) {
    if (++blocks > maxBlocks) throw new DerError(`it has more than ${maxBlocks} blocks`);
    const labelEnd = text.indexOf('-----', at + 11);
    const label = text.slice(at + 11, labelEnd);
    if (labelEnd === -1 || label.length > 64) continue;
    const end = text.indexOf(`-----END ${label}-----`, labelEnd);
    if (end === -1) throw new DerError(`the end of "${label}" is missing`);
    await readBlock(label, text.slice(labelEnd + 5, end), passwords, found);
    at = end;
  }
}

async function readBlock(
  label: string,
  body: string,
  passwords: readonly string[],
  found: Found,
): Promise<void> {
  const bytes = () => decodeBase64(body, label);
  switch (label) {
    case 'CERTIFICATE':
    case 'X509 CERTIFICATE':
      found.certificates.push(readCertificate(bytes()));
      return;
    case 'TRUSTED CERTIFICATE':
      // OpenSSL's own: settings follow the certificate.
      found.certificates.push(readCertificate(readFirstDer(bytes()).bytes));
      return;
    case 'PKCS7':
    case 'CMS':
      readSignedData(bytes(), found);
      return;
    case 'PRIVATE KEY':
      found.keys.push(readPrivateKey(bytes()));
      return;
    case 'ENCRYPTED PRIVATE KEY':
      await readSealedKey(bytes(), passwords, found);
      return;
    case 'RSA PRIVATE KEY':
    case 'EC PRIVATE KEY':
      await readTraditionalKey(label, body, passwords, found);
      return;
    default:
      if (label.includes('OPENSSH'))
        throw new DerError('an OpenSSH key is no TLS key; convert it with ssh-keygen -p -m PEM');
      if (label.includes('PRIVATE KEY')) throw new DerError(`a key of type "${label}" is not taken`);
    // Parameters, requests and the like need no word.
  }
}

async function readTraditionalKey(
  label: string,
  body: string,
  passwords: readonly string[],
  found: Found,
): Promise<void> {
  const info = /DEK-Info:\s*([A-Za-z0-9-]{3,32}),([0-9A-Fa-f]{16,32})/.exec(body);
  if (info === null) {
    found.keys.push(readPrivateKey(decodeBase64(body, label)));
    return;
  }
  const sealed = decodeBase64(body.slice(body.indexOf(info[0]) + info[0].length), label);
  await readSealed(found, passwords, async (password) => {
    found.keys.push(openedKey(decryptTraditional(info[1]!, info[2]!, sealed, password)));
  });
}

function readSealedKey(bytes: Uint8Array, passwords: readonly string[], found: Found): Promise<void> {
  return readSealed(found, passwords, async (password) => {
    found.keys.push(openedKey(await decryptPkcs8(bytes, password)));
  });
}

/** One in 256 wrong passwords leaves padding that looks right; then what it opens is no key. */
function openedKey(bytes: Uint8Array): KeyObject {
  let isKey = false;
  try {
    isKey = isPrivateKey(readDer(bytes));
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
  }
  if (!isKey) throw new WrongPasswordError('the password does not open it');
  return readPrivateKey(bytes);
}

async function readBag(bytes: Uint8Array, password: string, found: Found): Promise<void> {
  const { certificates, keys } = await readPkcs12(bytes, password);
  found.certificates.push(...certificates.map((each) => readCertificate(each)));
  found.keys.push(...keys.map((each) => readPrivateKey(each)));
}

/** Tries each password until `open` does not say that it is the wrong one. */
async function readSealed(
  found: Found,
  passwords: readonly string[],
  open: (password: string) => Promise<void>,
): Promise<void> {
  for (const password of passwords) {
    try {
      await open(password);
      return;
    } catch (error) {
      if (!(error instanceof WrongPasswordError)) throw error;
    }
  }
  found.isSealed = true;
}

function isSignedData(bytes: Uint8Array): boolean {
  try {
    return objectIdentifier(readDer(bytes).children[0], 'the type') === signedDataId;
  } catch (error) {
    if (error instanceof DerError) return false;
    throw error;
  }
}

/** PKCS#7 as CAs hand chains out: certificates in an unsigned SignedData (RFC 5652 5.1). */
function readSignedData(bytes: Uint8Array, found: Found): void {
  const signedData = readDer(bytes).children[1]?.children[0];
  const certificates = signedData?.children.find((child) => child.tag === 0xa0);
  if (certificates === undefined) throw new DerError('no certificates are in it');
  for (const child of certificates.children) found.certificates.push(readCertificate(child.bytes));
}

function decodeBase64(body: string, label: string): Buffer {
  const compact = body.replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(compact)) throw new DerError(`"${label}" is not base64`);
  return Buffer.from(compact, 'base64');
}
