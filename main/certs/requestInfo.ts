// CSRs (PKCS#10, RFC 2986), read by the bounded reader first.
import 'reflect-metadata';
import { createPublicKey, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { AppError } from '../contract/appError';
import type { CertificateRequestInfo } from '../contract/certificate';
import { alternativeNames, describeKey, oids } from './certificateFacts';
import { DerError, readDer } from './formats/der';
import type { RequestFile } from './storeFiles';

export interface RequestFacts {
  readonly pem: string;
  readonly subject: string;
  /** Of the subject; null = none. */
  readonly commonName: string | null;
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly keyType: string;
  readonly keyBits: number;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
  isSignatureValid(): Promise<boolean>;
}

/** PEM or DER. Throws `invalid_input`. */
export function readRequest(bytes: Uint8Array): RequestFacts {
  try {
    const der = requestDer(bytes);
    readDer(der);
    const request = new x509.Pkcs10CertificateRequest(der);
    const publicKey = new Uint8Array(request.publicKey.rawData);
    const extension = request.getExtension(oids.subjectAltName);
    const value = extension === null ? undefined : new Uint8Array(extension.value);
    return {
      pem: `${request.toString('pem').trimEnd()}\n`,
      subject: request.subject,
      commonName: request.subjectName.getField('CN')[0] ?? null,
      ...alternativeNames(value),
      ...describeKey(createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' })),
      publicKey,
      isSignatureValid: () => request.verify(webcrypto).catch(() => false),
    };
  } catch (cause) {
    const why = cause instanceof DerError ? `: ${cause.message}` : '';
    throw new AppError('invalid_input', `that is not a certificate signing request (PKCS#10)${why}`, {
      cause,
    });
  }
}

/** Of one that waits in the store. */
export function requestInfoOf(file: RequestFile): CertificateRequestInfo {
  const { subject, dnsNames, ipAddresses, keyType } = readRequest(Buffer.from(file.csrPem));
  return {
    id: file.id,
    subject,
    dnsNames,
    ipAddresses,
    keyType,
    createdAt: file.createdAt,
    csrPem: file.csrPem,
  };
}

function requestDer(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes).toString('latin1');
  const block = /-----BEGIN (NEW )?CERTIFICATE REQUEST-----([A-Za-z0-9+/=\s]+)-----END/.exec(text);
  if (block !== null) return Buffer.from(block[2]!, 'base64');
  if (bytes[0] === 0x30) return bytes;
  throw new DerError('neither PEM nor DER');
}
