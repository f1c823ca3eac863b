// Two flows side by side in figures, each counted from its events. Pure.
import type { Flow } from '../../main/contract/flow';
import type { Direction, FlowEvent, Leg } from '../../main/contract/flowEvent';
import { counted, formatBytes, formatMicroseconds } from '../stores/flowFormat';
import { flowRow } from '../stores/flowRow';
import type { ShownFlow } from '../stores/flowState';
import { headerComparisons } from './headerDiff';

export interface ComparedFigure {
  readonly label: string;
  readonly a: string;
  readonly b: string;
  readonly isSame: boolean;
}

export function compareFigures(a: ShownFlow, b: ShownFlow): ComparedFigure[] {
  const ofB = new Map(figuresOf(b));
  return figuresOf(a).map(([label, text]) => {
    const other = ofB.get(label)!;
    return { label, a: text, b: other, isSame: text === other };
  });
}

type Figure = readonly [label: string, text: string];

function figuresOf({ flow, events }: ShownFlow): Figure[] {
  return [
    ['Result', flowRow(flow).result],
    [
      'Total time',
      flow.durationMicroseconds === null ? 'still open' : formatMicroseconds(flow.durationMicroseconds),
    ],
    ['First byte to the endpoint', sinceOpened(flow, events.find(isChunkOf('upstream', 'request')))],
    ['First byte from the endpoint', sinceOpened(flow, events.find(isChunkOf('upstream', 'response')))],
    ['First byte to the client', sinceOpened(flow, events.find(isChunkOf('downstream', 'response')))],
    ['Held', held(events)],
    ['Connections to endpoints', connections(events)],
    ['Could read', couldRead(flow, events)],
    ['Changed', changed(flow, events)],
    ['Read from the client', chunks(events, 'downstream', 'request')],
    ['Written to endpoints', chunks(events, 'upstream', 'request')],
    ['Read from endpoints', chunks(events, 'upstream', 'response')],
    ['Written to the client', chunks(events, 'downstream', 'response')],
    ...lostOf(flow, events),
  ];
}

/** Each leg and direction has one operation: requests are read downstream and written upstream, responses the other way. */
function isChunkOf(leg: Leg, direction: Direction): (event: FlowEvent) => boolean {
  return (event) => event.kind === 'chunk' && event.leg === leg && event.direction === direction;
}

function sinceOpened(flow: Flow, event: FlowEvent | undefined): string {
  return event === undefined ? 'none' : `after ${formatMicroseconds(event.at - flow.openedAt)}`;
}

function held(events: readonly FlowEvent[]): string {
  let bytes = 0;
  let most = 0;
  let time = 0;
  for (const event of events) {
    if (event.kind === 'buffer.held') {
      bytes = Math.max(bytes, event.bytes);
      most = Math.max(most, event.chunks);
    } else if (event.kind === 'buffer.released') time += event.heldMicroseconds;
  }
  if (most === 0) return 'nothing';
  const duration = time === 0 ? '' : `, ${formatMicroseconds(time)}`;
  return `${formatBytes(bytes)} in ${counted(most, 'chunk')}${duration}`;
}

function connections(events: readonly FlowEvent[]): string {
  const opened = events.filter((event) => event.kind === 'upstream.connected').length;
  const reused = events.filter((event) => event.kind === 'upstream.reused').length;
  return opened + reused === 0 ? 'none' : `${opened} opened, ${reused} reused`;
}

function couldRead(flow: Flow, events: readonly FlowEvent[]): string {
  const isOpened = (leg: Leg) =>
    events.some((event) => event.kind === 'tls.established' && event.leg === leg);
  const fromTls = isOpened('downstream') ? ', out of the TLS that it ended' : '';
  const intoTls = isOpened('upstream') ? '; sent on in TLS of its own' : '';
  if (flow.kind === 'http') {
    const after = flow.upgrade === null ? '' : `, then the bytes of ${flow.upgrade}`;
    return `plaintext: head and body${after}${fromTls}${intoTls}`;
  }
  if (flow.kind === 'tls' && fromTls === '') {
    return flow.serverName === null
      ? 'sealed: only the ClientHello, without a server name'
      : `sealed: only the ClientHello, with the server name ${flow.serverName}`;
  }
  return `bytes that it does not interpret${fromTls}${intoTls}`;
}

const signs = { added: '+', removed: '−', changed: '~' } as const;

function changed(flow: Flow, events: readonly FlowEvent[]): string {
  if (flow.kind !== 'http') return 'no header: bytes are relayed';
  const parts = headerComparisons(events).flatMap(({ title, lines }) => {
    const names = lines.flatMap(({ name, change }) => (change === 'same' ? [] : [`${signs[change]}${name}`]));
    return names.length === 0 ? [] : [`${title.toLowerCase()}: ${names.join(' ')}`];
  });
  return parts.length === 0 ? 'no header' : parts.join('; ');
}

function chunks(events: readonly FlowEvent[], leg: Leg, direction: Direction): string {
  const isWanted = isChunkOf(leg, direction);
  const sizes = events.flatMap((event) => (event.kind === 'chunk' && isWanted(event) ? [event.bytes] : []));
  if (sizes.length === 0) return 'no chunk';
  return `${counted(sizes.length, 'chunk')}, ${formatBytes(sizes.reduce((sum, bytes) => sum + bytes, 0))}`;
}

/** Both flows have this row, or the comparison would hide what one of them lacks. */
function lostOf(flow: Flow, events: readonly FlowEvent[]): Figure[] {
  const lost = events.reduce((sum, event) => sum + (event.kind === 'gap' ? event.lost : 0), 0);
  const text = lost > 0 ? `${counted(lost, 'event')}: figures may be too low` : 'none';
  return [['Events lost', flow.isPartial && lost === 0 ? 'the first ones: figures may be too low' : text]];
}
