// What a certificate says, read once by the bounded reader and by OpenSSL. Everything here may come from a stranger.
import { X509Certificate } from 'node:crypto';
import {
  type DerElement,
  DerError,
  expectTag,
  objectIdentifier,
  octets,
  readDer,
  smallInteger,
  tagOf,
} from './formats/der';

export interface CertificateExtension {
  readonly oid: string;
  readonly isCritical: boolean;
  /** What is inside its octet string. */
  readonly value: Uint8Array;
}

export interface CertificateFacts {
  readonly x509: X509Certificate;
  readonly pem: string;
  readonly subject: string;
  readonly issuer: string;
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly isSelfIssued: boolean;
  readonly isCa: boolean;
  /** How many CAs may stand below it; null = any number, or it is none. */
  readonly pathLength: number | null;
  /** "digitalSignature"…; null = the extension is missing, which allows everything. */
  readonly keyUsage: readonly string[] | null;
  /** Dotted; null = any purpose. */
  readonly purposes: readonly string[] | null;
  /** "ECDSA with SHA-256". */
  readonly signature: string;
  readonly isSignatureWeak: boolean;
  /** "ECDSA P-256", "RSA 2048", "Ed25519". */
  readonly keyType: string;
  readonly keyBits: number;
  readonly extensions: readonly CertificateExtension[];
  readonly tbs: DerElement;
}

export const oids = {
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  anyPurpose: '2.5.29.37.0',
} as const;

const maxNames = 1000;

/** PEM (the first certificate in it) or DER. Throws `DerError` when it is none. */
export function readCertificate(input: string | Uint8Array): CertificateFacts {
  const x509 = parse(input);
  const [tbs, algorithm] = expectTag(readDer(x509.raw), tagOf.sequence, 'the certificate').children;
  const extensions = extensionsOf(expectTag(tbs, tagOf.sequence, 'the certificate'));
  const find = (oid: string) => extensions.find((extension) => extension.oid === oid)?.value;
  const names = alternativeNames(find(oids.subjectAltName));
  const constraints = basicConstraints(find(oids.basicConstraints));
  const signature = signatureOf(objectIdentifier(algorithm?.children[0], 'the signature algorithm'));
  return {
    x509,
    pem: `${x509.toString().trimEnd()}\n`,
    subject: oneLine(x509.subject),
    issuer: oneLine(x509.issuer),
    ...names,
    isSelfIssued: x509.subject === x509.issuer,
    ...constraints,
    keyUsage: keyUsage(find(oids.keyUsage)),
    purposes: purposes(find(oids.extendedKeyUsage)),
    signature: signature.name,
    isSignatureWeak: signature.isWeak,
    ...keyOf(x509),
    extensions,
    tbs: tbs!,
  };
}

/** Signed by its own key. */
export function isSelfSigned(facts: CertificateFacts): boolean {
  return facts.isSelfIssued && isIssuedBy(facts.x509, facts.x509);
}

export function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
  } catch {
    return false; // a key that OpenSSL does not know has signed nothing that we could check
  }
}

function parse(input: string | Uint8Array): X509Certificate {
  try {
    return new X509Certificate(input);
  } catch (cause) {
    throw new DerError('it is not a certificate', { cause });
  }
}

function extensionsOf(tbs: DerElement): CertificateExtension[] {
  const holder = tbs.children.find((child) => child.tag === 0xa3)?.children[0];
  return (holder?.children ?? []).map(({ children }) => ({
    oid: objectIdentifier(children[0], 'the name of an extension'),
    isCritical: children[1]?.tag === tagOf.boolean && children[1].content[0] !== 0,
    value: octets(children.at(-1), 'an extension'),
  }));
}

/** From the value of a subjectAltName extension. */
export function alternativeNames(
  value: Uint8Array | undefined,
): Pick<CertificateFacts, 'dnsNames' | 'ipAddresses'> {
  const names = value === undefined ? [] : readDer(value).children.slice(0, maxNames);
  return {
    dnsNames: names.flatMap(({ tag, content }) =>
      tag === 0x82 ? Buffer.from(content).toString('latin1') : [],
    ),
    ipAddresses: names.flatMap(({ tag, content }) => (tag === 0x87 ? (addressText(content) ?? []) : [])),
  };
}

/** null = neither 4 nor 16 bytes. */
export function addressText(bytes: Uint8Array): string | null {
  if (bytes.length === 4) return [...bytes].join('.');
  if (bytes.length !== 16) return null;
  const groups = Array.from({ length: 8 }, (_, index) =>
    ((bytes[index * 2]! << 8) | bytes[index * 2 + 1]!).toString(16),
  );
  return new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1);
}

function basicConstraints(value: Uint8Array | undefined): Pick<CertificateFacts, 'isCa' | 'pathLength'> {
  const fields = value === undefined ? [] : readDer(value).children;
  const isCa = fields[0]?.tag === tagOf.boolean && fields[0].content[0] !== 0;
  const length = fields.find((field) => field.tag === tagOf.integer);
  return { isCa, pathLength: isCa && length !== undefined ? smallInteger(length, 'the path length') : null };
}

const usages = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
];

function keyUsage(value: Uint8Array | undefined): string[] | null {
  if (value === undefined) return null;
  const [, ...bytes] = expectTag(readDer(value), tagOf.bitString, 'the key usage').content;
  return usages.filter((_, bit) => ((bytes[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0);
}

function purposes(value: Uint8Array | undefined): string[] | null {
  if (value === undefined) return null;
  return readDer(value).children.map((child) => objectIdentifier(child, 'a purpose'));
}

const signatures: Readonly<Record<string, readonly [name: string, isWeak?: boolean]>> = {
  '1.2.840.113549.1.1.2': ['RSA with MD2', true],
  '1.2.840.113549.1.1.4': ['RSA with MD5', true],
  '1.2.840.113549.1.1.5': ['RSA with SHA-1', true],
  '1.2.840.113549.1.1.10': ['RSA-PSS'],
  '1.2.840.113549.1.1.11': ['RSA with SHA-256'],
  '1.2.840.113549.1.1.12': ['RSA with SHA-384'],
  '1.2.840.113549.1.1.13': ['RSA with SHA-512'],
  '1.2.840.10045.4.1': ['ECDSA with SHA-1', true],
  '1.2.840.10045.4.3.2': ['ECDSA with SHA-256'],
  '1.2.840.10045.4.3.3': ['ECDSA with SHA-384'],
  '1.2.840.10045.4.3.4': ['ECDSA with SHA-512'],
  '1.3.101.112': ['Ed25519'],
  '1.3.101.113': ['Ed448'],
};

function signatureOf(oid: string): { readonly name: string; readonly isWeak: boolean } {
  const [name, isWeak = false] = signatures[oid] ?? [`unknown (${oid})`];
  return { name, isWeak };
}

const curves: Readonly<Record<string, readonly [name: string, bits: number]>> = {
  prime256v1: ['P-256', 256],
  secp384r1: ['P-384', 384],
  secp521r1: ['P-521', 521],
};

/** The type of a key as people name it. Of a certificate, or of a private key. */
export function describeKey(
  key: X509Certificate['publicKey'],
): Pick<CertificateFacts, 'keyType' | 'keyBits'> {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (type === 'rsa' || type === 'rsa-pss') {
    const keyBits = details?.modulusLength ?? 0;
    return { keyType: `${type === 'rsa' ? 'RSA' : 'RSA-PSS'} ${keyBits}`, keyBits };
  }
  if (type === 'ec') {
    const curve = details?.namedCurve ?? 'unknown curve';
    const [name, keyBits] = curves[curve] ?? [curve, 0];
    return { keyType: `ECDSA ${name}`, keyBits };
  }
  if (type === 'ed25519') return { keyType: 'Ed25519', keyBits: 256 };
  return { keyType: type ?? 'unknown', keyBits: 0 };
}

function keyOf(x509: X509Certificate): Pick<CertificateFacts, 'keyType' | 'keyBits'> {
  try {
    return describeKey(x509.publicKey);
  } catch {
    return { keyType: 'unknown', keyBits: 0 }; // a key type that OpenSSL does not know
  }
}

function oneLine(name: string | undefined): string {
  return (name ?? '').split('\n').join(', ');
}
