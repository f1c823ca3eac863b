import { type CaptureHeader, captureFileKind, captureFileVersion } from '../../../main/contract/captureFile';
import type { TakenFlow } from './har';

export interface CaptureOrigin {
  /** Version of this app. */
  readonly app: string;
  /** Milliseconds since 1970. */
  readonly savedAt: number;
  readonly lostEvents: number;
  readonly sampling: number;
}

/**
 * A capture file: its header, then every event of these flows and of their connections once, in order, one JSON object a
 * line. Captured bytes are left out unless `withBytes`.
 */
export function captureFileOf(
  flows: readonly TakenFlow[],
  withBytes: boolean,
  { app, savedAt, lostEvents, sampling }: CaptureOrigin,
): string {
  const bySeq = new Map(flows.flatMap(({ events }) => events.map((event) => [event.seq, event] as const)));
  const ordered = [...bySeq.values()]
    .filter((event) => withBytes || event.kind !== 'body.captured')
    .sort((a, b) => a.seq - b.seq);
  const header: CaptureHeader = {
    kind: captureFileKind,
    version: captureFileVersion,
    app,
    savedAt,
    flows: flows.length,
    lostEvents,
    sampling,
    hasBytes: withBytes,
  };
  return [header, ...ordered].map((line) => `${JSON.stringify(line)}\n`).join('');
}

export function hasCapturedBytes(flows: readonly TakenFlow[]): boolean {
  return flows.some(({ events }) => events.some((event) => event.kind === 'body.captured'));
}
