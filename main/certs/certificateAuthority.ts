// Makes certificates; keeps nothing. ECDSA P-256 throughout: fast, accepted everywhere. Key identifiers on the CA and on
// every leaf, because strict verifiers (RFC 5280 4.2.1.1) ask for them.
import 'reflect-metadata';
import { createPrivateKey, randomBytes, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { CertificateNames } from './certificateNames';

export interface KeyAndCertificate {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

const signing = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const dayMs = 86_400_000;
const caYears = 10;
/** Clocks of test machines and containers are often a little behind. */
const backdatedMs = 300_000;

export async function createAuthority(commonName: string, now: number): Promise<KeyAndCertificate> {
  const keys = await generateKeys();
  const notBefore = wholeSecond(now - backdatedMs);
  const notAfter = new Date(notBefore);
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + caYears);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      name: new x509.Name([{ CN: [{ utf8String: commonName }] }, { O: [{ utf8String: 'Hopscope' }] }]),
      serialNumber: randomSerialNumber(),
      notBefore,
      notAfter,
      keys,
      signingAlgorithm: signing,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  );
  return { certificatePem: pemOf(certificate), privateKeyPem: await exportKey(keys.privateKey) };
}

/** A certificate for a server, or for a client that shows one, that lives `days`, but never longer than its CA. */
export async function issueLeaf(
  ca: KeyAndCertificate,
  names: CertificateNames,
  days: number,
  now: number,
): Promise<KeyAndCertificate> {
  const caCertificate = new x509.X509Certificate(ca.certificatePem);
  const keys = await generateKeys();
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
      publicKey: keys.publicKey,
      signingKey: await importSigningKey(ca.privateKeyPem),
      signingAlgorithm: signing,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([
          x509.ExtendedKeyUsage.serverAuth,
          x509.ExtendedKeyUsage.clientAuth,
        ]),
        new x509.SubjectAlternativeNameExtension([
          ...names.dnsNames.map((value) => ({ type: 'dns' as const, value })),
          ...names.ipAddresses.map((value) => ({ type: 'ip' as const, value })),
        ]),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
        await x509.AuthorityKeyIdentifierExtension.create(caCertificate, false, webcrypto),
      ],
    },
    webcrypto,
  );
  return { certificatePem: pemOf(certificate), privateKeyPem: await exportKey(keys.privateKey) };
}

async function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return (await webcrypto.subtle.generateKey(signing, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key));
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
    .export({ format: 'pem', type: 'pkcs8' })
    .toString();
}

async function importSigningKey(privateKeyPem: string): Promise<webcrypto.CryptoKey> {
  const der = createPrivateKey(privateKeyPem).export({ format: 'der', type: 'pkcs8' });
  return webcrypto.subtle.importKey('pkcs8', der, signing, false, ['sign']);
}

/** 127 random bits: positive, not zero, 16 bytes (RFC 5280 4.1.2.2 allows 20). */
function randomSerialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0]! & 0x7f) | 0x40;
  return bytes.toString('hex');
}

function wholeSecond(milliseconds: number): Date {
  return new Date(Math.floor(milliseconds / 1000) * 1000);
}

function pemOf(certificate: x509.X509Certificate): string {
  return `${certificate.toString('pem').trimEnd()}\n`;
}
