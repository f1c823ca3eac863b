// Certificates that come in and go out as files: import, export, CSRs. Bytes travel as base64.
import { z } from 'zod';
import {
  type CertificateInfo,
  type CertificateRequestInfo,
  type CertificateWarning,
  certificateKeyTypes,
  maxLeafDays,
} from './certificate';
import { identifierSchema } from './config';

/** What a dropped file turned out to be. */
export type ImportFileFormat = 'pem' | 'der' | 'pkcs12' | 'unknown';

export interface ImportedFile {
  readonly name: string;
  readonly format: ImportFileFormat;
  /**
   * `passwordNeeded`/`wrongPassword`: everything else of the preview was made without what is sealed in it; call again with
   * passwords. `unreadable`: `message` says why.
   */
  readonly status: 'read' | 'passwordNeeded' | 'wrongPassword' | 'unreadable';
  readonly message: string | null;
  readonly certificates: number;
  readonly keys: number;
}

/** One certificate of a chain, for display. */
export interface ChainLink {
  readonly subject: string;
  readonly issuer: string;
  readonly fingerprint: string;
  readonly serialNumber: string;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly keyType: string;
  readonly signature: string;
  readonly role: 'leaf' | 'intermediate' | 'root';
  /** Where it was found: sent with the certificate, the store's CA or another one of its certificates, the roots that Node brings. */
  readonly source: 'chain' | 'store' | 'systemRoots';
}

/** What would be imported as one certificate. */
export interface ImportCandidate {
  /** Of its first certificate; names the candidate in `importCertificates`. */
  readonly fingerprint: string;
  /** `leaf`: can be served, has a key. `authority`: a CA certificate to trust. `ca`: a CA with its key. */
  readonly kind: 'leaf' | 'authority' | 'ca';
  readonly suggestedId: string;
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly subject: string;
  readonly notAfter: string;
  readonly keyType: string;
  /** The key that belongs to it was among the files. */
  readonly hasPrivateKey: boolean;
  /** In order: the certificate first. Roots are shown, and left out of what is sent. */
  readonly chain: readonly ChainLink[];
  /** Subject of the issuer that is in none of the files, the store or the well-known roots; null = the chain is whole. */
  readonly missingIssuer: string | null;
  readonly warnings: readonly CertificateWarning[];
  /** Why it cannot be imported, in one sentence; null = it can. */
  readonly problem: string | null;
  /** Id of the certificate in the store that has the same names: it can be replaced. */
  readonly replaces: string | null;
  /** The very same certificate is in the store already, under this id. */
  readonly isKnownAs: string | null;
  /** Its key waits here for this CSR. */
  readonly answersRequest: string | null;
}

export interface ImportPreview {
  readonly files: readonly ImportedFile[];
  readonly candidates: readonly ImportCandidate[];
  /** Keys without a certificate among the files; one sentence each, no key material. */
  readonly leftOver: readonly string[];
}

export interface ExportedFile {
  readonly fileName: string;
  readonly mediaType: string;
  readonly contentBase64: string;
}

export interface SigningRequestPreview {
  readonly subject: string;
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly keyType: string;
  /** The one who asks has the key (proof of possession). A request without is not signed. */
  readonly isSignatureValid: boolean;
  readonly warnings: readonly CertificateWarning[];
}

/** The certificate stays in the store (without key), so that it can be revoked. */
export interface SignedRequest {
  readonly certificate: CertificateInfo;
  /** The certificate and its CA: what the one who asked is given. */
  readonly chainPem: string;
}

const maxFileBase64 = 1_400_000; // 1 MiB
const base64 = z.base64().max(maxFileBase64);

const files = z
  .array(z.strictObject({ name: z.string().min(1).max(255), contentBase64: base64 }))
  .min(1)
  .max(32);

/** Each is tried on everything that is sealed; the empty one always is. Never kept. */
const passwords = z.array(z.string().max(1024)).max(16).default([]);

export const previewImportInputSchema = z.strictObject({ files, passwords });

export const importCertificatesInputSchema = z.strictObject({
  files,
  passwords,
  /** What to take; default: every candidate without a problem that is not known yet, under its suggested id. */
  selection: z
    .array(
      z.strictObject({
        fingerprint: z.string().length(95),
        id: identifierSchema.optional(),
        /** Takes the place of the certificate of that id (a backup is kept); running listeners switch without a dropped connection. */
        replaces: z.boolean().default(false),
      }),
    )
    .max(32)
    .optional(),
});

/** pem: the certificate · chain: certificate and intermediates · pkcs12 and key hold the private key. */
export const exportFormats = ['pem', 'chain', 'der', 'pkcs12', 'key'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export const exportCertificateInputSchema = z
  .strictObject({
    id: identifierSchema,
    format: z.enum(exportFormats),
    /** For pkcs12 and key. Keys are sealed with it (AES-256); an empty one needs `allowsPlainKey`. */
    password: z.string().max(1024).default(''),
    /** The person said yes to the private key leaving the store. Without it pkcs12 and key are refused. */
    confirmsKeyExport: z.boolean().default(false),
    /** … and that it may lie there unsealed, e.g. for nginx. */
    allowsPlainKey: z.boolean().default(false),
    /** 3DES and SHA-1 for Windows before 2019, macOS Keychain and Java 8; default AES-256 and SHA-256. */
    isLegacy: z.boolean().default(false),
  })
  .refine((input) => !holdsKey(input.format) || input.confirmsKeyExport, {
    path: ['confirmsKeyExport'],
    message: 'the private key leaves the store only when that is confirmed',
  })
  .refine((input) => !holdsKey(input.format) || input.password !== '' || input.allowsPlainKey, {
    path: ['password'],
    message: 'give a password, or say that the key may be exported without one',
  });

function holdsKey(format: ExportFormat): boolean {
  return format === 'pkcs12' || format === 'key';
}

const text64 = z.string().min(1).max(64);

export const createRequestInputSchema = z.strictObject({
  id: identifierSchema.optional(),
  names: z.array(z.string().min(1).max(253)).min(1).max(100),
  keyType: z.enum(certificateKeyTypes).default('ecdsa-p256'),
  /** What some CAs ask for in the subject. */
  organization: text64.optional(),
  organizationalUnit: text64.optional(),
  locality: text64.optional(),
  state: text64.optional(),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'a country is two capital letters, e.g. DE')
    .optional(),
});

/** The answer becomes the certificate of the same id. */
export const importRequestAnswerInputSchema = z.strictObject({ id: identifierSchema, files });

export const requestIdInputSchema = z.strictObject({ id: identifierSchema });

/** PEM or DER, base64. */
const csrBase64 = z.base64().min(1).max(100_000);

export const previewSigningRequestInputSchema = z.strictObject({ csrBase64 });

export const signRequestInputSchema = z.strictObject({
  csrBase64,
  id: identifierSchema.optional(),
  /** Default: those in the request. */
  names: z.array(z.string().min(1).max(253)).min(1).max(100).optional(),
  days: z.int().min(1).max(maxLeafDays).default(maxLeafDays),
});

export type ImportFilesInput = z.input<typeof previewImportInputSchema>;
export type ImportCertificatesInput = z.input<typeof importCertificatesInputSchema>;
export type ExportCertificateInput = z.input<typeof exportCertificateInputSchema>;
export type CreateRequestInput = z.input<typeof createRequestInputSchema>;
export type SignRequestInput = z.input<typeof signRequestInputSchema>;

export interface CertificateFileResults {
  previewImport: ImportPreview;
  importCertificates: { readonly imported: readonly CertificateInfo[] };
  exportCertificate: ExportedFile;
  createCertificateRequest: CertificateRequestInfo;
  importRequestAnswer: CertificateInfo;
  deleteCertificateRequest: null;
  previewSigningRequest: SigningRequestPreview;
  signCertificateRequest: SignedRequest;
}
