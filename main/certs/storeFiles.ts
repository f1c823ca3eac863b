// What each file of the store holds. One certificate with its chain and its sealed key is one file, so that a single rename
// makes or replaces all of it.
import { z } from 'zod';
import { revocationReasons } from '../contract/certificate';
import { identifierSchema } from '../contract/config';
import { sealedKeySchema } from './sealedKey';

/** Reserved: no certificate may take it. */
export const caId = 'ca';
/** A copy of the CA's certificate, as plain PEM. */
export const caPemFile = 'ca.pem';

const originSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('local') }),
  z.strictObject({ type: z.literal('imported') }),
  z.strictObject({ type: z.literal('request') }),
  z.strictObject({ type: z.literal('signed') }),
  z.strictObject({
    type: z.literal('acme'),
    account: identifierSchema,
    challenge: z.enum(['http-01', 'tls-alpn-01', 'dns-01']),
    /** The port that is opened while it is renewed; absent = the running listeners answer. */
    temporaryListener: z.strictObject({ address: z.string(), port: z.int() }).optional(),
  }),
]);

const renewalSchema = z.strictObject({ isAutomatic: z.boolean(), daysBefore: z.int().min(1).max(365) });

const version2 = z.strictObject({
  format: z.literal('hopscope-certificate'),
  version: z.literal(2),
  id: identifierSchema,
  kind: z.enum(['ca', 'leaf', 'authority']),
  origin: originSchema,
  renewal: renewalSchema,
  /** The certificate first, then intermediates. */
  certificateChainPem: z.string().min(1),
  /** null = there is none: somebody else's certificate. */
  privateKey: sealedKeySchema.nullable(),
});

const version1 = z.strictObject({
  format: z.literal('hopscope-certificate'),
  version: z.literal(1),
  id: identifierSchema,
  kind: z.enum(['ca', 'leaf']),
  certificateChainPem: z.string().min(1),
  privateKey: sealedKeySchema,
});

export type CertificateFile = z.output<typeof version2>;

export const defaultRenewal = { isAutomatic: true, daysBefore: 30 } as const;

export const certificateFileSchema = z.union([
  version2,
  version1.transform(
    (file): CertificateFile => ({
      ...file,
      version: 2,
      origin: { type: 'local' },
      renewal: { ...defaultRenewal, isAutomatic: file.kind === 'leaf' },
    }),
  ),
]);

export const requestFileSchema = z.strictObject({
  format: z.literal('hopscope-request'),
  version: z.literal(1),
  id: identifierSchema,
  createdAt: z.iso.datetime(),
  csrPem: z.string().min(1),
  privateKey: sealedKeySchema,
});

export const revocationsFileSchema = z.strictObject({
  format: z.literal('hopscope-revocations'),
  version: z.literal(1),
  /** Of the last list that was written. */
  number: z.int().min(0),
  entries: z.array(
    z.strictObject({
      serialNumber: z.string().regex(/^[0-9a-f]+$/),
      revokedAt: z.iso.datetime(),
      reason: z.enum(revocationReasons),
      names: z.array(z.string()),
    }),
  ),
});

export const accountFileSchema = z.strictObject({
  format: z.literal('hopscope-acme-account'),
  version: z.literal(1),
  id: identifierSchema,
  directoryUrl: z.url(),
  caCertificatePem: z.string().optional(),
  email: z.string().optional(),
  accountUrl: z.url(),
  createdAt: z.iso.datetime(),
  privateKey: sealedKeySchema,
});

export type RequestFile = z.output<typeof requestFileSchema>;
export type RevocationsFile = z.output<typeof revocationsFileSchema>;
export type AccountFile = z.output<typeof accountFileSchema>;

// Prefixed, so that no id can be a reserved name (ca.json; con, nul… on Windows).
const patterns = {
  certificate: /^certificate-([a-z0-9-]{1,63})\.json$/,
  request: /^request-([a-z0-9-]{1,63})\.json$/,
  acme: /^acme-([a-z0-9-]{1,63})\.json$/,
} as const;

export const revocationsFile = 'revocations.json';

export function certificateFileName(id: string): string {
  return id === caId ? 'ca.json' : `certificate-${id}.json`;
}

export function requestFileName(id: string): string {
  return `request-${id}.json`;
}

export function accountFileName(id: string): string {
  return `acme-${id}.json`;
}

export function idsOf(kind: keyof typeof patterns, names: readonly string[]): string[] {
  return names.flatMap((name) => patterns[kind].exec(name)?.[1] ?? []).sort();
}
