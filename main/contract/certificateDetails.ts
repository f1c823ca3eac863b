// One certificate looked at closely, and what a running listener really serves.
import { z } from 'zod';
import type { CertificateInfo } from './certificate';
import type { ChainLink } from './certificateFiles';
import { identifierSchema } from './config';

export interface CertificateField {
  readonly group: 'subject' | 'validity' | 'key' | 'extension' | 'signature' | 'other';
  readonly name: string;
  /** Lines to show. Text from the certificate: hostile until escaped. */
  readonly value: readonly string[];
  /** What the field means, for somebody who sees it for the first time. */
  readonly explanation: string;
  /** Dotted; null = not an object of its own. */
  readonly oid: string | null;
  /** Extensions: whoever does not know it must refuse the certificate. null = not an extension. */
  readonly isCritical: boolean | null;
}

export interface CertificateDetails {
  readonly info: CertificateInfo;
  /** Leaf first; up to the root where it is known. */
  readonly chain: readonly ChainLink[];
  /** null = the chain ends at a root or is complete as sent. */
  readonly missingIssuer: string | null;
  readonly fields: readonly CertificateField[];
  readonly keyStrength: {
    readonly bits: number;
    /** Security level in bits (NIST SP 800-57): 112 = RSA 2048, 128 = P-256. */
    readonly securityBits: number;
    readonly verdict: 'weak' | 'good' | 'strong';
    readonly message: string;
  };
}

/** A certificate as it came in a handshake. */
export interface ServedCertificateInfo {
  readonly subject: string;
  readonly issuer: string;
  readonly fingerprint: string;
  readonly serialNumber: string;
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly notBefore: string;
  readonly notAfter: string;
  readonly keyType: string;
}

/** The outcome of one real TLS handshake with a running listener. */
export interface ServedCheck {
  /** "address:port" that was connected to. */
  readonly peer: string;
  /** What was asked for; null = no SNI was sent. */
  readonly serverName: string | null;
  /** As sent by the listener, leaf first. Empty = the handshake failed before. */
  readonly chain: readonly ServedCertificateInfo[];
  /** Id in the store of the one that was served; null = another one (passthrough: the endpoint's). */
  readonly certificate: string | null;
  readonly protocol: string | null;
  readonly cipher: string | null;
  readonly alpn: string | null;
  /** A client that trusts the local CA (and the well-known roots) accepts chain, dates and name. */
  readonly isAccepted: boolean;
  /** Why not, in one sentence; null = accepted. */
  readonly problem: string | null;
  readonly durationMs: number;
}

export const certificateIdInputSchema = z.strictObject({ id: identifierSchema });

export const checkServedInputSchema = z.strictObject({
  listener: z.string().min(1).max(63),
  serverName: z.string().min(1).max(253).nullable(),
});
