import { z } from 'zod';
import { identifierSchema } from './config';

/** What may be shown of a certificate in the store. Never holds a private key. */
export interface CertificateInfo {
  readonly id: string;
  readonly kind: 'ca' | 'leaf';
  readonly subject: string;
  readonly issuer: string;
  readonly serialNumber: string;
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  /** ISO 8601. */
  readonly notBefore: string;
  readonly notAfter: string;
  readonly keyType: string;
  /** SHA-256 of the DER, lower-case hex with colons. */
  readonly fingerprint: string;
  readonly hasPrivateKey: boolean;
  /** Issued by the store's local CA. */
  readonly isLocal: boolean;
  readonly certificatePem: string;
}

/** How private keys rest on disk, so that the UI can say so. */
export type KeyProtection = 'system' | 'passphrase' | 'keyFile';

export interface CertificateStoreInfo {
  readonly folder: string;
  readonly keyProtection: KeyProtection;
  readonly ca: CertificateInfo | null;
  readonly certificates: readonly CertificateInfo[];
  /** What in the folder cannot be used and why, one sentence each that names the file. Absent = nothing. */
  readonly problems?: readonly string[];
}

export const createCaInputSchema = z.strictObject({
  commonName: z.string().min(1).max(64).default('Hopscope local CA'),
});

export const issueCertificateInputSchema = z.strictObject({
  /** Default: made from the first name. */
  id: identifierSchema.optional(),
  /** DNS names (wildcards allowed) and IP addresses; the first is the common name. */
  names: z.array(z.string().min(1).max(253)).min(1).max(100),
  days: z.int().min(1).max(397).default(397),
});

export type CreateCaInput = z.input<typeof createCaInputSchema>;
export type IssueCertificateInput = z.input<typeof issueCertificateInputSchema>;
