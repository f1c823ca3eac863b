// The bodies of a flow as far as they were captured, put together from its events. Pure.
import type { Direction, FlowEvent, Leg } from '../../main/contract/flowEvent';

export interface CapturedBody {
  readonly leg: Leg;
  readonly direction: Direction;
  readonly bytes: Uint8Array;
  /** All bytes of this direction, captured or not. */
  readonly totalBytes: number;
  /** Offsets into `bytes` where a chunk began, with the time of it. */
  readonly parts: readonly { readonly offset: number; readonly at: number; readonly seq: number }[];
}

export function capturedBodies(events: readonly FlowEvent[]): CapturedBody[] {
  const found = new Map<
    string,
    { leg: Leg; direction: Direction; parts: { at: number; seq: number; bytes: Uint8Array }[]; total: number }
  >();
  for (const event of events) {
    if (event.kind !== 'body.captured') continue;
    const key = `${event.direction} ${event.leg}`;
    let body = found.get(key);
    if (body === undefined) {
      body = { leg: event.leg, direction: event.direction, parts: [], total: 0 };
      found.set(key, body);
    }
    body.parts.push({ at: event.at, seq: event.seq, bytes: fromBase64(event.data) });
    body.total = Math.max(body.total, event.offset + event.bytes);
  }
  for (const event of events) {
    if (event.kind !== 'request.end' && event.kind !== 'response.end') continue;
    const direction = event.kind === 'request.end' ? 'request' : 'response';
    const body = found.get(`${direction} ${event.leg}`);
    if (body !== undefined) body.total = Math.max(body.total, event.bodyBytes);
  }
  return [...found.values()].map(({ leg, direction, parts, total }) => {
    const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.bytes.length, 0));
    const places: { offset: number; at: number; seq: number }[] = [];
    let offset = 0;
    for (const part of parts) {
      bytes.set(part.bytes, offset);
      places.push({ offset, at: part.at, seq: part.seq });
      offset += part.bytes.length;
    }
    return { leg, direction, bytes, totalBytes: total, parts: places };
  });
}

/** As UTF-8; null = it is none, so text would lie. At most 256 KiB are looked at. */
export function textOf(bytes: Uint8Array): string | null {
  try {
    // A cut body may end inside a character: the last three bytes may be left over.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, 262_144), {
      stream: true,
    });
    return /[\u0000-\u0008\u000e-\u001f]/.test(text) ? null : text;
  } catch {
    return null;
  }
}

function fromBase64(text: string): Uint8Array {
  const binary = atob(text);
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
