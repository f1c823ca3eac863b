// The trust stores of this machine, and how other devices get the CA's certificate.
import { z } from 'zod';

export interface TrustCommand {
  /** As it would be typed into a terminal: what is shown before anything runs. */
  readonly text: string;
  /** It asks for an administrator's password. */
  readonly needsAdministrator: boolean;
}

export interface TrustStoreStatus {
  /** "linux-system", "nss:/home/ann/.pki/nssdb", "macos-login", "macos-system", "windows-user", "windows-machine". */
  readonly id: string;
  /** For people: "Linux system store", "Firefox profile default-release". */
  readonly title: string;
  /** Who looks there. */
  readonly usedBy: string;
  /**
   * `otherCa`: a CA of this name is in there, but not this one (an older one). `unavailable`: the tool is missing or may not be
   * asked; `detail` says which.
   */
  readonly status: 'trusted' | 'notTrusted' | 'otherCa' | 'unavailable';
  readonly detail: string | null;
  /** Exactly what `changeTrust` would run, in order; empty = nothing to do or not possible. */
  readonly installCommands: readonly TrustCommand[];
  readonly removeCommands: readonly TrustCommand[];
  /** What the UI cannot do but the person can, e.g. where this program may not become administrator. */
  readonly isAutomatic: boolean;
  /** This way was run by Hopscope's own tests; false is said to the person. */
  readonly isTested: boolean;
}

export interface TrustStatus {
  /** null = there is no CA yet; then `stores` only tells what there is. */
  readonly caFingerprint: string | null;
  readonly caFile: string;
  readonly stores: readonly TrustStoreStatus[];
}

export interface TrustStep {
  readonly command: string;
  readonly exitCode: number | null;
  /** The last 4 KiB of what it printed. */
  readonly output: string;
}

export interface TrustChange {
  readonly status: TrustStoreStatus;
  readonly steps: readonly TrustStep[];
}

/** Pushed while `changeTrust` runs. */
export interface TrustProgress {
  readonly store: string;
  readonly action: 'install' | 'remove';
  readonly command: string;
  /** From 1. */
  readonly step: number;
  readonly steps: number;
  readonly state: 'running' | 'done' | 'failed';
}

export const changeTrustInputSchema = z.strictObject({
  store: z.string().min(1).max(512),
  action: z.enum(['install', 'remove']),
  /** The commands that the person saw and agreed to, word for word. Others are to be run meanwhile = `conflict`, nothing runs. */
  agreedCommands: z.array(z.string().max(4096)).min(1).max(16),
});

export interface NetworkAddress {
  /** "eth0", "Wi-Fi". */
  readonly network: string;
  readonly address: string;
}

/** The CA's public certificate (nothing else) on a port of the local network, for phones. */
export interface CaDownload {
  /** Of the page with the certificate; what the QR code holds. */
  readonly url: string;
  readonly address: string;
  readonly port: number;
  /** ISO 8601; then it closes by itself. */
  readonly expiresAt: string;
  /** Times that the certificate was fetched. */
  readonly downloads: number;
}

export interface CaDownloadState {
  /** null = closed. */
  readonly active: CaDownload | null;
  /** This machine's addresses that other devices may reach; empty = no network. */
  readonly addresses: readonly NetworkAddress[];
}

export const startCaDownloadInputSchema = z.strictObject({
  /** One of `addresses`. Not loopback: a phone cannot reach that. */
  address: z.string().min(3).max(64),
  minutes: z.int().min(1).max(30).default(10),
  /** The person agreed that a port opens to the local network. */
  agrees: z.literal(true),
});

export type ChangeTrustInput = z.input<typeof changeTrustInputSchema>;
export type StartCaDownloadInput = z.input<typeof startCaDownloadInputSchema>;
