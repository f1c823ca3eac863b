// The part of the api that takes packets away (what travelled on the wire, as far as full capture kept it), and that hands a
// capture file to a UI which somebody named outside of it: on the command line or in the menu of the desktop app.
import { z } from 'zod';

export const mostPacketConnections = 5000;
const connectionIds = z.array(z.int().min(1)).min(1).max(mostPacketConnections);

export const captureInputs = {
  /** What is kept of these connections. */
  inspectWire: z.strictObject({ connections: connectionIds }),
  /** Makes a pcapng file to be fetched once. It holds every secret that travelled, so a person must have agreed. */
  exportPcapng: z.strictObject({
    connections: connectionIds,
    /** Remarks for the packets of a connection, on what was read or written then: `at` as events have it. */
    notes: z
      .array(
        z.strictObject({
          connectionId: z.int(),
          at: z.number(),
          isRead: z.boolean(),
          text: z.string().max(400),
        }),
      )
      .max(10_000)
      .default([]),
    /** With the secrets block that opens TLS in Wireshark. */
    withKeys: z.boolean(),
    isConfirmed: z.literal(true),
  }),
  /** The capture file that was named outside of the UI. */
  getOfferedCapture: z.undefined(),
  /** The next part of its text, from this byte on. */
  readOfferedCapture: z.strictObject({ id: z.int().min(1), from: z.int().min(0) }),
  /** It is not wanted any more: a UI that opens later shows what is live. */
  forgetOfferedCapture: z.undefined(),
} as const satisfies Record<string, z.ZodType>;

export interface WireSummary {
  /** Both capture switches are on. */
  readonly isFullCapture: boolean;
  /** Of the connections asked for, those that are kept. */
  readonly connections: number;
  readonly bytes: number;
  /** Bytes of them that were not kept: beyond what is kept of one connection. */
  readonly lostBytes: number;
  /** Connections whose TLS ends here, so that their keys are known. */
  readonly withKeys: number;
}

export interface OfferedCaptureInfo {
  /** A file that is offered later has another. */
  readonly id: number;
  /** Without its folder. */
  readonly name: string;
  readonly bytes: number;
}

export interface CaptureResults {
  inspectWire: WireSummary;
  /** `path` can be fetched once, within a minute. Rejects with `unavailable` where nothing is kept. */
  exportPcapng: {
    readonly path: string;
    readonly name: string;
    readonly bytes: number;
    readonly packets: number;
  };
  getOfferedCapture: { readonly offered: OfferedCaptureInfo | null };
  /** `next` null = that was the last part. Rejects with `not_found` (another one is offered) or `disk_failed`. */
  readOfferedCapture: { readonly text: string; readonly next: number | null };
  forgetOfferedCapture: null;
}

export interface CaptureEvents {
  /** To be shown now, in place of what is shown. */
  'capture.offered': OfferedCaptureInfo;
}
