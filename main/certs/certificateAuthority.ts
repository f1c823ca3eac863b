// Makes certificates, revocation lists and requests; keeps nothing. Key identifiers on the CA and on every leaf, because
// strict verifiers (RFC 5280 4.2.1.1) ask for them.
import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { RevocationReason } from '../contract/certificate';
import { oids } from './certificateFacts';
import type { CertificateNames } from './certificateNames';
import { integer } from './formats/der';
import { pemText } from './formats/pem';
import { type KeyPair, publicKeyOf, signerOf } from './keyPairs';
import { encodeConstraints, type NameConstraints } from './nameConstraints';

export interface KeyAndCertificate {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

export interface AuthorityOptions {
  readonly commonName: string;
  readonly organization: string;
  readonly years: number;
  /** null = may sign for anything. */
  readonly constraints: NameConstraints | null;
}

export interface Revocation {
  /** Lower-case hex. */
  readonly serialNumber: string;
  /** ISO 8601. */
  readonly revokedAt: string;
  readonly reason: RevocationReason;
}

const dayMs = 86_400_000;
/** Clocks of test machines and containers are often a little behind. */
const backdatedMs = 300_000;
/** A verifier with an older list asks for a new one. */
export const crlDays = 30;

export async function createAuthority(
  keys: KeyPair,
  options: AuthorityOptions,
  now: number,
): Promise<string> {
  const name = new x509.Name([
    { CN: [{ utf8String: options.commonName }] },
    { O: [{ utf8String: options.organization }] },
  ]);
  return selfSigned(keys, name, yearsLater(now, options.years), options.constraints, now);
}

/** The same name, key and constraints, so that what it signed stays valid; as long a life again. */
export async function renewAuthority(ca: KeyAndCertificate, now: number): Promise<string> {
  const old = new x509.X509Certificate(ca.certificatePem);
  const years = Math.max(
    1,
    Math.round((old.notAfter.getTime() - old.notBefore.getTime()) / (365.25 * dayMs)),
  );
  const constraints = old.getExtension(oids.nameConstraints);
  const keys = { privateKeyPem: ca.privateKeyPem, publicKey: publicKeyOf(ca.privateKeyPem) };
  return selfSigned(keys, old.subjectName, yearsLater(now, years), constraints, now);
}

async function selfSigned(
  keys: KeyPair,
  name: x509.Name,
  notAfter: Date,
  constraints: NameConstraints | x509.Extension | null,
  now: number,
): Promise<string> {
  const signer = await signerOf(keys.privateKeyPem);
  const publicKey = new x509.PublicKey(keys.publicKey);
  const limit =
    constraints === null || constraints instanceof x509.Extension
      ? constraints
      : new x509.Extension(oids.nameConstraints, true, encodeConstraints(constraints));
  const certificate = await x509.X509CertificateGenerator.create(
    {
      subject: name,
      issuer: name,
      serialNumber: randomSerialNumber(),
      notBefore: wholeSecond(now - backdatedMs),
      notAfter,
      publicKey,
      signingKey: signer.key,
      signingAlgorithm: signer.algorithm,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(publicKey, false, webcrypto),
        ...(limit === null ? [] : [limit]),
      ],
    },
    webcrypto,
  );
  return pemOf(certificate);
}

/** A certificate for a server, or for a client that shows one, that lives `days`, but never longer than its CA. */
export async function issueLeaf(
  ca: KeyAndCertificate,
  publicKeyDer: Uint8Array,
  names: CertificateNames,
  days: number,
  now: number,
): Promise<string> {
  const caCertificate = new x509.X509Certificate(ca.certificatePem);
  const signer = await signerOf(ca.privateKeyPem);
  const publicKey = new x509.PublicKey(publicKeyDer);
  const notBefore = wholeSecond(now - backdatedMs);
  // Both ends count (RFC 5280 4.1.2.5), so a day less one second keeps within the number of days.
  const end = notBefore.getTime() + days * dayMs - 1000;
  const certificate = await x509.X509CertificateGenerator.create(
    {
      subject: new x509.Name([{ CN: [{ utf8String: names.commonName }] }]),
      issuer: caCertificate.subjectName,
      serialNumber: randomSerialNumber(),
      notBefore,
      notAfter: new Date(Math.min(end, caCertificate.notAfter.getTime())),
      publicKey,
      signingKey: signer.key,
      signingAlgorithm: signer.algorithm,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(leafUsage(publicKey), true),
        new x509.ExtendedKeyUsageExtension([
          x509.ExtendedKeyUsage.serverAuth,
          x509.ExtendedKeyUsage.clientAuth,
        ]),
        alternativeNames(names),
        await x509.SubjectKeyIdentifierExtension.create(publicKey, false, webcrypto),
        await x509.AuthorityKeyIdentifierExtension.create(caCertificate, false, webcrypto),
      ],
    },
    webcrypto,
  );
  return pemOf(certificate);
}

/** PEM. `number` grows with each list (RFC 5280 5.2.3). */
export async function createRevocationList(
  ca: KeyAndCertificate,
  revocations: readonly Revocation[],
  number: number,
  now: number,
): Promise<string> {
  const caCertificate = new x509.X509Certificate(ca.certificatePem);
  const signer = await signerOf(ca.privateKeyPem);
  const thisUpdate = wholeSecond(now);
  const crl = await x509.X509CrlGenerator.create(
    {
      issuer: caCertificate.subjectName,
      thisUpdate,
      nextUpdate: new Date(thisUpdate.getTime() + crlDays * dayMs),
      entries: revocations.map(({ serialNumber, revokedAt, reason }) => ({
        serialNumber,
        revocationDate: wholeSecond(Date.parse(revokedAt)),
        // RFC 5280 5.3.1: "unspecified" is said by leaving the reason out.
        ...(reason === 'unspecified' ? {} : { reason: x509.X509CrlReason[reason] }),
      })),
      extensions: [
        await x509.AuthorityKeyIdentifierExtension.create(caCertificate, false, webcrypto),
        new x509.Extension('2.5.29.20', false, integer(number)),
      ],
      signingKey: signer.key,
      signingAlgorithm: signer.algorithm,
    },
    webcrypto,
  );
  // The library says "CRL", which OpenSSL does not know.
  return pemText('X509 CRL', new Uint8Array(crl.rawData));
}

/** Fields of a CSR's subject beside the common name, as `openssl req -subj` names them. */
export type RequestSubject = Readonly<Partial<Record<'O' | 'OU' | 'L' | 'ST' | 'C', string>>>;

/** PKCS#10, PEM. */
export async function createRequest(
  keys: KeyPair,
  names: CertificateNames,
  subject: RequestSubject,
): Promise<string> {
  const signer = await signerOf(keys.privateKeyPem);
  const { publicKey } = keys;
  const algorithm = signer.algorithm;
  const verifyingKey = await webcrypto.subtle.importKey('spki', publicKey, algorithm, true, ['verify']);
  const fields = Object.entries(subject).map(([field, value]) => ({
    [field]: [field === 'C' ? { printableString: value } : { utf8String: value }],
  }));
  const request = await x509.Pkcs10CertificateRequestGenerator.create(
    {
      name: new x509.Name([...fields, { CN: [{ utf8String: names.commonName }] }]),
      keys: { privateKey: signer.key, publicKey: verifyingKey },
      signingAlgorithm: algorithm,
      extensions: [alternativeNames(names)],
    },
    webcrypto,
  );
  return `${request.toString('pem').trimEnd()}\n`;
}

function alternativeNames(names: CertificateNames): x509.SubjectAlternativeNameExtension {
  return new x509.SubjectAlternativeNameExtension([
    ...names.dnsNames.map((value) => ({ type: 'dns' as const, value })),
    ...names.ipAddresses.map((value) => ({ type: 'ip' as const, value })),
  ]);
}

/** RSA keys may also be used to send a key to (TLS 1.2 without forward secrecy; never by our engine). */
function leafUsage(publicKey: x509.PublicKey): number {
  const isRsa = publicKey.algorithm.name.startsWith('RSA');
  return x509.KeyUsageFlags.digitalSignature | (isRsa ? x509.KeyUsageFlags.keyEncipherment : 0);
}

/** 127 random bits: positive, not zero, 16 bytes (RFC 5280 4.1.2.2 allows 20). */
function randomSerialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0]! & 0x7f) | 0x40;
  return bytes.toString('hex');
}

function yearsLater(now: number, years: number): Date {
  const notAfter = wholeSecond(now - backdatedMs);
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + years);
  return notAfter;
}

function wholeSecond(milliseconds: number): Date {
  return new Date(Math.floor(milliseconds / 1000) * 1000);
}

function pemOf(certificate: x509.X509Certificate): string {
  return `${certificate.toString('pem').trimEnd()}\n`;
}
