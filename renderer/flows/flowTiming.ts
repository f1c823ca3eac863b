// The phases of one flow on one axis, from its events. A phase that was not seen is left out, never guessed.
import type { Flow } from '../../main/contract/flow';
import type { FlowEvent } from '../../main/contract/flowEvent';
import { type HeldBytes, heldBytes } from './heldBytes';
import type { TermId } from './terms';

export interface TimingPhase {
  readonly term: TermId;
  readonly label: string;
  /** Microseconds on the engine's clock. */
  readonly from: number;
  /** null = it goes on. */
  readonly to: number | null;
  readonly leg: 'downstream' | 'proxy' | 'upstream';
}

export interface FlowTiming {
  readonly phases: readonly TimingPhase[];
  readonly from: number;
  readonly to: number;
}

export function flowTiming(flow: Flow, events: readonly FlowEvent[]): FlowTiming {
  const phases = flow.kind === 'http' ? exchangePhases(flow, events) : connectionPhases(flow, events);
  phases.sort((a, b) => a.from - b.from);
  const ends = phases.map((phase) => phase.to ?? phase.from);
  const closed = events.find((event) => event.kind === 'flow.closed');
  const last = closed?.at ?? events.at(-1)?.at ?? flow.openedAt;
  return {
    phases,
    from: Math.min(flow.openedAt, ...phases.map((phase) => phase.from)),
    to: Math.max(last, ...ends),
  };
}

function exchangePhases(flow: Flow, events: readonly FlowEvent[]): TimingPhase[] {
  const phases = downstreamPhases(events);
  const head = events.find((event) => event.kind === 'request.head' && event.leg === 'downstream');
  const firstRead = events.find(
    (event) => event.kind === 'chunk' && event.leg === 'downstream' && event.operation === 'read',
  );
  if (head !== undefined && firstRead !== undefined) {
    phases.push(phase('head', 'Request head', firstRead, head, 'downstream'));
  }
  const held = heldBytes(flow, events);
  if (held !== null) phases.push(heldPhase(held));
  const picks = events.filter((event) => event.kind === 'endpoint.picked' || event.kind === 'route.missed');
  if (head !== undefined && picks[0] !== undefined) {
    phases.push(phase('route', 'Route', held?.to ?? head, picks[0], 'proxy'));
  }
  phases.push(...upstreamPhases(events), ...answerPhases(events));
  return phases;
}

function answerPhases(events: readonly FlowEvent[]): TimingPhase[] {
  const phases: TimingPhase[] = [];
  const sent = events.findLast((event) => event.kind === 'request.head' && event.leg === 'upstream');
  const written = events.findLast((event) => event.kind === 'request.end' && event.leg === 'upstream');
  const firstByte = events.find(
    (event) => isUpstreamRead(event) && (sent === undefined || event.seq > sent.seq),
  );
  if (sent !== undefined && written !== undefined) {
    phases.push(phase('send', 'Send request', sent, written, 'upstream'));
  }
  const asked =
    written !== undefined && (firstByte === undefined || written.at <= firstByte.at) ? written : sent;
  const isAnswered = firstByte !== undefined;
  const failed = events.find((event) => event.kind === 'flow.failed');
  if (asked !== undefined)
    phases.push(phase('wait', 'Wait', asked, isAnswered ? firstByte : failed, 'upstream'));
  const begun = events.findLast((event) => event.kind === 'response.head' && event.leg === 'downstream');
  const over = events.findLast((event) => event.kind === 'response.end' && event.leg === 'downstream');
  const start = firstByte ?? begun;
  if (start !== undefined) phases.push(phase('body', 'Response', start, over ?? failed, 'downstream'));
  return phases;
}

function connectionPhases(flow: Flow, events: readonly FlowEvent[]): TimingPhase[] {
  const phases = [...downstreamPhases(events), ...upstreamPhases(events)];
  const chunks = events.filter((event) => event.kind === 'chunk');
  const first = chunks[0];
  const picked = events.find((event) => event.kind === 'endpoint.picked');
  const matched = events.find((event) => event.kind === 'route.matched');
  if (matched !== undefined && picked !== undefined)
    phases.push(phase('route', 'Route', matched, picked, 'proxy'));
  const closed = events.find((event) => event.kind === 'flow.closed');
  const held = heldBytes(flow, events);
  if (held !== null) phases.push(heldPhase(held));
  if (first !== undefined) phases.push(phase('relay', 'Relay', first, closed, 'proxy'));
  return phases;
}

function downstreamPhases(events: readonly FlowEvent[]): TimingPhase[] {
  const phases: TimingPhase[] = [];
  const opened = events.find((event) => event.kind === 'connection.opened' && event.leg === 'downstream');
  const hello = events.find((event) => event.kind === 'tls.clientHello');
  const established = events.find((event) => event.kind === 'tls.established' && event.leg === 'downstream');
  const firstRead = events.find((event) => event.kind === 'chunk' && event.leg === 'downstream');
  if (opened !== undefined)
    phases.push(phase('accept', 'Accept', opened, hello ?? established ?? firstRead, 'downstream'));
  if (hello !== undefined && established !== undefined) {
    phases.push(phase('tls', 'TLS with client', hello, established, 'downstream'));
  }
  return phases;
}

function upstreamPhases(events: readonly FlowEvent[]): TimingPhase[] {
  const phases: TimingPhase[] = [];
  let connecting: FlowEvent | undefined;
  let connected: FlowEvent | undefined;
  for (const event of events) {
    if (event.kind === 'upstream.connecting') connecting = event;
    else if (
      connecting !== undefined &&
      (event.kind === 'upstream.connected' || event.kind === 'upstream.failed')
    ) {
      const what = event.kind === 'upstream.failed' ? 'Connect (failed)' : 'Connect';
      phases.push(phase('connect', what, connecting, event, 'upstream'));
      connecting = undefined;
      connected = event;
    } else if (event.kind === 'connection.opened' && event.leg === 'upstream') connected = event;
    else if (event.kind === 'tls.established' && event.leg === 'upstream' && connected !== undefined) {
      phases.push(phase('upstreamTls', 'TLS with endpoint', connected, event, 'upstream'));
    }
  }
  if (connecting !== undefined) phases.push(phase('connect', 'Connect', connecting, undefined, 'upstream'));
  return phases;
}

function heldPhase({ from, to }: HeldBytes): TimingPhase {
  return phase('held', 'Held', from, to ?? undefined, 'proxy');
}

function isUpstreamRead(event: FlowEvent): boolean {
  return event.kind === 'chunk' && event.leg === 'upstream' && event.operation === 'read';
}

function phase(
  term: TermId,
  label: string,
  from: FlowEvent,
  to: FlowEvent | undefined,
  leg: TimingPhase['leg'],
): TimingPhase {
  return { term, label, from: from.at, to: to === undefined ? null : Math.max(from.at, to.at), leg };
}
