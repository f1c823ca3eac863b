// What the certificate store holds and how certificates are made, renewed, revoked and removed. No private key is in any of
// these types: the only way out for a key is `exportCertificate` (certificateFiles.ts), which asks.
import { z } from 'zod';
import { identifierSchema } from './config';

/** ECDSA on P-256 is the default everywhere; Ed25519 can be imported, browsers refuse it on servers. */
export const certificateKeyTypes = ['ecdsa-p256', 'ecdsa-p384', 'rsa-2048', 'rsa-3072', 'rsa-4096'] as const;
export type CertificateKeyType = (typeof certificateKeyTypes)[number];

export const revocationReasons = [
  'unspecified',
  'keyCompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
] as const;
export type RevocationReason = (typeof revocationReasons)[number];

/** The most that browsers accept of a leaf (CA/Browser Forum, Apple). */
export const maxLeafDays = 397;

/** Where a certificate came from, which decides how it can be renewed. */
export type CertificateOrigin =
  /** The store's CA made it and the key is here. */
  | { readonly type: 'local' }
  /** From files. Renewed by importing its successor. */
  | { readonly type: 'imported' }
  /** The answer to a CSR of ours. Renewed by a new CSR. */
  | { readonly type: 'request' }
  /** The store's CA signed somebody else's CSR: no key here. */
  | { readonly type: 'signed' }
  | { readonly type: 'acme'; readonly account: string; readonly challenge: AcmeChallengeType };

/** http-01: a file over HTTP · tls-alpn-01: a handshake on the TLS port · dns-01: a TXT record that the person sets. */
export type AcmeChallengeType = 'http-01' | 'tls-alpn-01' | 'dns-01';

export interface CertificateWarning {
  readonly code:
    | 'expired'
    | 'expires_soon'
    | 'not_yet_valid'
    | 'weak_key'
    | 'weak_signature'
    | 'long_lifetime'
    | 'no_names'
    | 'name_only_in_subject'
    | 'not_for_servers'
    | 'chain_incomplete'
    | 'key_refused_by_browsers'
    | 'revoked'
    | 'key_unusable';
  readonly severity: 'info' | 'warning' | 'error';
  /** One sentence that says what it means and what to do. */
  readonly message: string;
}

export interface RenewalState {
  /** Only local and ACME certificates can renew themselves (dns-01 cannot: a person sets the record). */
  readonly isPossible: boolean;
  readonly isAutomatic: boolean;
  /** Days before the end at which it is renewed. */
  readonly daysBefore: number;
  /** ISO 8601; null = not automatic. */
  readonly nextAttemptAt: string | null;
  /** Why the last attempt failed, with the number of failures in a row; null = it did not. */
  readonly failure: { readonly message: string; readonly at: string; readonly attempts: number } | null;
}

/** What may be shown of a certificate in the store. Never holds a private key. */
export interface CertificateInfo {
  readonly id: string;
  /** `authority`: a CA certificate of somebody else, to be trusted by its id (client certificates, pools), never served. */
  readonly kind: 'ca' | 'leaf' | 'authority';
  readonly origin: CertificateOrigin;
  readonly subject: string;
  readonly issuer: string;
  readonly serialNumber: string;
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  /** ISO 8601. */
  readonly notBefore: string;
  readonly notAfter: string;
  /** For people: "ECDSA P-256", "RSA 2048", "Ed25519". */
  readonly keyType: string;
  /** SHA-256 of the DER, lower-case hex with colons. */
  readonly fingerprint: string;
  readonly hasPrivateKey: boolean;
  /** Issued by the store's local CA. */
  readonly isLocal: boolean;
  /** ISO 8601 when it stands in the revocation list of the local CA. */
  readonly revokedAt: string | null;
  readonly renewal: RenewalState;
  readonly warnings: readonly CertificateWarning[];
  /** The certificate alone. */
  readonly certificatePem: string;
  /** How many certificates of the chain are sent with it. */
  readonly intermediates: number;
}

/** A CSR whose key waits here for the answer of a CA. */
export interface CertificateRequestInfo {
  readonly id: string;
  readonly subject: string;
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly keyType: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** PKCS#10; to be handed out. */
  readonly csrPem: string;
}

/** How private keys rest on disk, so that the UI can say so. */
export type KeyProtection = 'system' | 'passphrase' | 'keyFile';

export interface KeyStoreState {
  readonly protection: KeyProtection;
  /** The passphrase was not given yet: certificates are listed, keys cannot be used. */
  readonly isLocked: boolean;
  /** One sentence: where the keys are and against whom that helps. */
  readonly description: string;
  /** `protectKeyStore` works here: only where the system has no key store (command line, browser host). */
  readonly canChange: boolean;
}

export interface CertificateStoreInfo {
  readonly folder: string;
  readonly keyProtection: KeyProtection;
  readonly keyStore: KeyStoreState;
  readonly ca: CertificateInfo | null;
  /** The file of the CA's certificate (PEM), for `curl --cacert` and for trust stores. */
  readonly caCertificateFile: string;
  readonly certificates: readonly CertificateInfo[];
  readonly requests: readonly CertificateRequestInfo[];
  /** What in the folder cannot be used and why, one sentence each that names the file. Absent = nothing. */
  readonly problems?: readonly string[];
}

/** The list of what the local CA has revoked. */
export interface RevocationListInfo {
  /** PEM; null = there is no CA yet, or its key cannot be opened. */
  readonly crlPem: string | null;
  /** Where it lies as PEM, kept up to date. */
  readonly file: string;
  readonly number: number;
  /** ISO 8601; null = never written. */
  readonly thisUpdate: string | null;
  readonly nextUpdate: string | null;
  readonly entries: readonly {
    readonly serialNumber: string;
    readonly revokedAt: string;
    readonly reason: RevocationReason;
    /** Names that it was for. */
    readonly names: readonly string[];
  }[];
}

/** `acmeOrder` is the id of the order that was started where an ACME certificate is renewed; the rest comes as pushes. */
export type RenewResult =
  | { readonly kind: 'renewed'; readonly certificate: CertificateInfo }
  | { readonly kind: 'ordered'; readonly acmeOrder: string };

const dnsName = z.string().min(1).max(253);
const text64 = z.string().min(1).max(64);

export const createCaInputSchema = z.strictObject({
  commonName: text64.default('Hopscope local CA'),
  organization: text64.default('Hopscope'),
  keyType: z.enum(certificateKeyTypes).default('ecdsa-p256'),
  years: z.int().min(1).max(30).default(10),
  /**
   * Name constraints (RFC 5280 4.2.1.10): the CA can sign for nothing else, whoever gets hold of its key. A name permits itself and
   * everything under it ("test" = all of *.test). Both lists empty = unconstrained.
   */
  permittedNames: z.array(dnsName).max(100).default([]),
  /** CIDR, e.g. "127.0.0.0/8", "::1/128". With names but no addresses given, addresses are forbidden. */
  permittedAddresses: z.array(z.string().min(3).max(64)).max(100).default([]),
});

export const issueCertificateInputSchema = z.strictObject({
  /** Default: made from the first name. */
  id: identifierSchema.optional(),
  /** DNS names (wildcards allowed) and IP addresses; the first is the common name. */
  names: z.array(dnsName).min(1).max(100),
  days: z.int().min(1).max(maxLeafDays).default(maxLeafDays),
  keyType: z.enum(certificateKeyTypes).default('ecdsa-p256'),
  renewsAutomatically: z.boolean().default(true),
});

const ofCertificate = { id: identifierSchema };

export const renewCertificateInputSchema = z.strictObject({
  ...ofCertificate,
  /** Default: a new key, as is good practice. The CA ("ca") always keeps its key, so that what it signed stays valid. */
  keepsKey: z.boolean().default(false),
});

export const revokeCertificateInputSchema = z.strictObject({
  ...ofCertificate,
  reason: z.enum(revocationReasons).default('unspecified'),
});

export const setRenewalInputSchema = z.strictObject({
  ...ofCertificate,
  isAutomatic: z.boolean(),
  daysBefore: z.int().min(1).max(365).optional(),
});

/** Refused while a listener or pool of the running workspace uses it. A copy stays in the store's "backup" folder. */
export const deleteCertificateInputSchema = z.strictObject(ofCertificate);

const passphrase = z.string().min(8, 'a passphrase needs at least 8 characters').max(1024);

export const unlockKeyStoreInputSchema = z.strictObject({ passphrase: z.string().min(1).max(1024) });

/** Seals every key anew. */
export const protectKeyStoreInputSchema = z.discriminatedUnion('protection', [
  z.strictObject({ protection: z.literal('passphrase'), passphrase }),
  z.strictObject({ protection: z.literal('keyFile') }),
]);

export type CreateCaInput = z.input<typeof createCaInputSchema>;
export type IssueCertificateInput = z.input<typeof issueCertificateInputSchema>;
export type RenewCertificateInput = z.input<typeof renewCertificateInputSchema>;
export type RevokeCertificateInput = z.input<typeof revokeCertificateInputSchema>;
export type SetRenewalInput = z.input<typeof setRenewalInputSchema>;
export type ProtectKeyStoreInput = z.input<typeof protectKeyStoreInputSchema>;
