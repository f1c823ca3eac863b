import type { FlowEvent } from '../../../main/contract/flowEvent';
import type { HarTimings } from './harTypes';

type Marks = Readonly<Record<'sent' | 'written' | 'firstByte' | 'end', number>>;

/**
 * The seven phases of an exchange as the proxy saw it, of the last attempt. What cannot be told is -1, or 0 where HAR
 * forbids -1; the comment names it.
 */
export function harTimings(events: readonly FlowEvent[], startedAt: number): HarTimings {
  const sent = events.findLast((event) => event.kind === 'request.head' && event.leg === 'upstream');
  const begun = events.findLast((event) => event.kind === 'response.head' && event.leg === 'downstream');
  const end = endOf(events, startedAt);
  if (sent === undefined) {
    const answered = begun?.at ?? end;
    return {
      blocked: -1,
      dns: -1,
      connect: -1,
      ssl: -1,
      send: 0,
      wait: milliseconds(startedAt, answered),
      receive: milliseconds(answered, end),
      comment: 'nothing was sent to an endpoint; send is 0 for that reason',
    };
  }
  const after = (found: FlowEvent | undefined, least: number) =>
    Math.min(end, Math.max(least, found?.at ?? end));
  const later = events.filter((event) => event.seq > sent.seq);
  const firstByte = later.find(
    (event) =>
      (event.kind === 'response.head' || (event.kind === 'chunk' && event.operation === 'read')) &&
      event.leg === 'upstream',
  );
  const written = later.find((event) => event.kind === 'request.end' && event.leg === 'upstream');
  const firstByteAt = after(firstByte, sent.at);
  const writtenAt = Math.min(firstByteAt, after(written, sent.at));
  const marks = { sent: sent.at, written: writtenAt, firstByte: firstByteAt, end };
  const isEarly = firstByte !== undefined && (written === undefined || written.at > firstByte.at);
  return phases(marks, connectOf(events, sent), startedAt, isEarly);
}

function phases(marks: Marks, connect: Connect | null, startedAt: number, isEarly: boolean): HarTimings {
  const connectTime = connect === null ? 0 : connect.to - connect.from;
  return {
    blocked: Math.max(0, marks.sent - startedAt - connectTime) / 1000,
    dns: -1,
    connect: connect === null ? -1 : connectTime / 1000,
    ssl: connect === null || connect.tls === null ? -1 : connect.tls / 1000,
    send: milliseconds(marks.sent, marks.written),
    wait: milliseconds(marks.written, marks.firstByte),
    receive: milliseconds(marks.firstByte, marks.end),
    comment: [
      'as the proxy saw it: blocked is everything before the request went to the endpoint, without connect',
      ...(isEarly ? ['the answer began before the request was sent in full'] : []),
    ].join('; '),
  };
}

interface Connect {
  readonly from: number;
  readonly to: number;
  /** Microseconds of the TLS handshake in it; null = none was seen. */
  readonly tls: number | null;
}

/** The connection that was opened for this attempt; null = one was reused, or its opening was not seen. */
function connectOf(events: readonly FlowEvent[], sent: FlowEvent): Connect | null {
  const earlier = events.filter((event) => event.seq < sent.seq);
  const connected = earlier.findLast(
    (event) =>
      event.kind === 'upstream.connected' &&
      event.connectionId === sent.connectionId &&
      event.flowId === sent.flowId,
  );
  if (connected?.kind !== 'upstream.connected') return null;
  const { endpoint } = connected;
  const connecting = earlier.findLast(
    (event) =>
      event.kind === 'upstream.connecting' && event.endpoint === endpoint && event.seq < connected.seq,
  );
  const tls = earlier.find(
    (event) =>
      event.kind === 'tls.established' &&
      event.leg === 'upstream' &&
      event.connectionId === sent.connectionId,
  );
  const from = connecting?.at ?? connected.at - connected.durationMicroseconds;
  const opened = earlier.find(
    (event) => event.kind === 'connection.opened' && event.connectionId === sent.connectionId,
  );
  const to = Math.max(connected.at, tls?.at ?? 0);
  const tcpDone = Math.min(opened?.at ?? connected.at, connected.at);
  return { from, to, tls: tls === undefined ? null : Math.max(0, tls.at - tcpDone) };
}

function endOf(events: readonly FlowEvent[], startedAt: number): number {
  const end =
    events.findLast((event) => event.kind === 'response.end' && event.leg === 'downstream') ??
    events.findLast((event) => event.kind === 'flow.closed') ??
    events.findLast((event) => event.kind !== 'connection.closed');
  return Math.max(startedAt, end?.at ?? startedAt);
}

function milliseconds(from: number, to: number): number {
  return Math.max(0, to - from) / 1000;
}
