// Certificates from a public CA by ACME (RFC 8555; tls-alpn-01: RFC 8737).
import { z } from 'zod';
import { type AcmeChallengeType, certificateKeyTypes } from './certificate';
import { identifierSchema } from './config';

/** Where the answer to an http-01 challenge is looked for; its token follows (RFC 8555 8.3). */
export const acmeChallengePath = '/.well-known/acme-challenge/';
/** ALPN of a handshake that is a tls-alpn-01 challenge (RFC 8737 3). */
export const acmeTlsProtocol = 'acme-tls/1';

export const acmeDirectories = {
  letsencrypt: {
    title: "Let's Encrypt",
    url: 'https://acme-v02.api.letsencrypt.org/directory',
  },
  'letsencrypt-staging': {
    title: "Let's Encrypt (staging: for trying out, not trusted by browsers)",
    url: 'https://acme-staging-v02.api.letsencrypt.org/directory',
  },
} as const;

/** What the server says of itself, asked before an account is made. */
export interface AcmeDirectoryInfo {
  readonly url: string;
  readonly termsOfService: string | null;
  readonly website: string | null;
  /** The server takes only accounts that were ordered elsewhere (key id and HMAC key). */
  readonly needsExternalAccount: boolean;
}

export interface AcmeAccount {
  readonly id: string;
  readonly directoryUrl: string;
  readonly directoryTitle: string;
  readonly email: string | null;
  /** ISO 8601. */
  readonly createdAt: string;
  /** Certificates that it renews. */
  readonly certificates: readonly string[];
  /** Why its key cannot be used; null = it can. */
  readonly problem: string | null;
}

export interface AcmeDnsRecord {
  /** "_acme-challenge.shop.example". */
  readonly name: string;
  readonly type: 'TXT';
  readonly value: string;
  /** Seen by asking this machine's resolver; null = not asked yet. */
  readonly isVisible: boolean | null;
}

export interface AcmeStep {
  readonly name: 'account' | 'order' | 'challenge' | 'validation' | 'finalize' | 'download' | 'install';
  /** Host name where the step is about one; null = about the order. */
  readonly hostname: string | null;
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
  /** What happens or happened, in words, incl. what the server said. */
  readonly detail: string;
  /** ISO 8601; null = not begun. */
  readonly startedAt: string | null;
  readonly endedAt: string | null;
}

export interface AcmeOrder {
  readonly id: string;
  readonly account: string;
  readonly names: readonly string[];
  readonly challenge: AcmeChallengeType;
  /** `needsRecords`: set `records`, then `continueAcmeOrder`. `retrying`: `nextAttemptAt` says when. */
  readonly state: 'running' | 'needsRecords' | 'done' | 'failed' | 'cancelled' | 'retrying';
  readonly steps: readonly AcmeStep[];
  readonly records: readonly AcmeDnsRecord[];
  /** One sentence with what to do; null = none. */
  readonly problem: string | null;
  /** Id that the certificate has or will have. */
  readonly certificate: string;
  readonly isRenewal: boolean;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly nextAttemptAt: string | null;
}

export interface AcmeState {
  readonly accounts: readonly AcmeAccount[];
  /** Those of this run of the app, newest first; at most 50. */
  readonly orders: readonly AcmeOrder[];
  /**
   * Where the engine can answer now. `port` 80 (http-01) or 443 (tls-alpn-01) is what public servers connect to; a listener on another
   * port works when a router or firewall forwards to it.
   */
  readonly answering: {
    readonly http: readonly { readonly listener: string; readonly port: number }[];
    readonly tls: readonly { readonly listener: string; readonly port: number }[];
  };
}

const directoryUrl = z
  .url({ protocol: /^https$/ })
  .max(2048)
  .refine((url) => new URL(url).username === '', 'an address with user name and password is not taken');

const directory = z.strictObject({
  url: directoryUrl,
  /** PEM of the CA that signed the server's own certificate, where that is no public one (pebble, step-ca). */
  caCertificatePem: z.string().max(65_536).optional(),
});

export const getAcmeDirectoryInputSchema = directory;

export const createAcmeAccountInputSchema = z.strictObject({
  ...directory.shape,
  email: z.email().max(254).optional(),
  /** The person read and agreed to the server's terms of service. */
  agreesToTerms: z.literal(true),
  externalAccount: z
    .strictObject({ keyId: z.string().min(1).max(512), hmacKey: z.string().min(1).max(1024) })
    .optional(),
});

export const acmeAccountIdInputSchema = z.strictObject({ id: identifierSchema });

export const startAcmeOrderInputSchema = z.strictObject({
  account: identifierSchema,
  /** Wildcards need dns-01. */
  names: z.array(z.string().min(1).max(253)).min(1).max(100),
  challenge: z.enum(['http-01', 'tls-alpn-01', 'dns-01']),
  id: identifierSchema.optional(),
  keyType: z.enum(certificateKeyTypes).default('ecdsa-p256'),
  renewsAutomatically: z.boolean().default(true),
  /**
   * Opened only while the order runs and closed after it, where no running listener is reached by the server. Anything but loopback is
   * open to the network; it answers nothing but the challenge.
   */
  temporaryListener: z
    .strictObject({ address: z.string().min(2).max(64).default('0.0.0.0'), port: z.int().min(1).max(65_535) })
    .optional(),
});

export const acmeOrderIdInputSchema = z.strictObject({ order: z.string().min(1).max(64) });

export type GetAcmeDirectoryInput = z.input<typeof getAcmeDirectoryInputSchema>;
export type CreateAcmeAccountInput = z.input<typeof createAcmeAccountInputSchema>;
export type StartAcmeOrderInput = z.input<typeof startAcmeOrderInputSchema>;
