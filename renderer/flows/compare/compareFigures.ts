// Two flows side by side in figures, each counted from its events. Pure.
import type { Flow } from '../../../main/contract/flow';
import type { Direction, FlowEvent, Leg } from '../../../main/contract/flowEvent';
import { counted, formatBytes, formatMicroseconds } from '../../stores/flowFormat';
import { flowRow } from '../../stores/flowRow';
import type { ShownFlow } from '../../stores/flowState';
import { headerComparisons } from '../headerDiff';
import { heldBytes } from '../heldBytes';

/** One side of a figure. */
export interface FigureCell {
  readonly text: string;
  /** No event says exactly this; it follows from what was recorded. */
  readonly isInferred: boolean;
}

export interface ComparedFigure {
  readonly label: string;
  readonly a: FigureCell;
  readonly b: FigureCell;
  readonly isSame: boolean;
}

/** `startedAt` absent = its clock begins when the flow was opened. */
type Compared = ShownFlow & { readonly startedAt?: number };

export function compareFigures(a: Compared, b: Compared): ComparedFigure[] {
  const ofB = new Map(figuresOf(b));
  return figuresOf(a).map(([label, cell]) => {
    const other = ofB.get(label)!;
    return { label, a: cell, b: other, isSame: cell.text === other.text };
  });
}

type Figure = readonly [label: string, cell: FigureCell];

/** What the two ways are compared for comes first. */
function figuresOf({ flow, events, startedAt = flow.openedAt }: Compared): Figure[] {
  return [
    counts('First byte to the endpoint', since(startedAt, events.find(isChunkOf('upstream', 'request')))),
    counts('Held', held(flow, events)),
    counts('Connections to endpoints', connections(events)),
    ['Could read', couldRead(flow, events)],
    ['Changed', changed(flow, events)],
    counts('First byte from the endpoint', since(startedAt, events.find(isChunkOf('upstream', 'response')))),
    counts('First byte to the client', since(startedAt, events.find(isChunkOf('downstream', 'response')))),
    counts('Result', flowRow(flow).result),
    counts(
      'Total time',
      flow.durationMicroseconds === null
        ? 'still open'
        : formatMicroseconds(flow.openedAt + flow.durationMicroseconds - startedAt),
    ),
    counts('Read from the client', chunks(events, 'downstream', 'request')),
    counts('Written to endpoints', chunks(events, 'upstream', 'request')),
    counts('Read from endpoints', chunks(events, 'upstream', 'response')),
    counts('Written to the client', chunks(events, 'downstream', 'response')),
    counts('Events lost', lost(flow, events)),
  ];
}

function counts(label: string, text: string): Figure {
  return [label, { text, isInferred: false }];
}

function inferred(text: string): FigureCell {
  return { text, isInferred: true };
}

/** Each leg and direction has one operation: requests are read downstream and written upstream, responses the other way. */
function isChunkOf(leg: Leg, direction: Direction): (event: FlowEvent) => boolean {
  return (event) => event.kind === 'chunk' && event.leg === leg && event.direction === direction;
}

function since(startedAt: number, event: FlowEvent | undefined): string {
  return event === undefined ? 'none' : `after ${formatMicroseconds(event.at - startedAt)}`;
}

const untilWords = {
  connected: 'the endpoint was connected',
  whole: 'it was whole',
  taken: 'it could be passed on',
} as const;

function held(flow: Flow, events: readonly FlowEvent[]): string {
  const kept = heldBytes(flow, events);
  if (kept === null) return 'nothing';
  const amount = `${formatBytes(kept.bytes)} in ${counted(kept.chunks, 'chunk')}`;
  if (kept.to === null) return `${amount}, and not passed on`;
  return `${amount}, ${formatMicroseconds(kept.microseconds)}, until ${untilWords[kept.until]}`;
}

function connections(events: readonly FlowEvent[]): string {
  const opened = events.filter((event) => event.kind === 'upstream.connected').length;
  const reused = events.filter((event) => event.kind === 'upstream.reused').length;
  return opened + reused === 0 ? 'none' : `${opened} opened, ${reused} reused`;
}

function couldRead(flow: Flow, events: readonly FlowEvent[]): FigureCell {
  const isOpened = (leg: Leg) =>
    events.some((event) => event.kind === 'tls.established' && event.leg === leg);
  const fromTls = isOpened('downstream') ? ', out of the TLS that it ended' : '';
  const intoTls = isOpened('upstream') ? '; sent on in TLS of its own' : '';
  if (flow.kind === 'http') {
    const after = flow.upgrade === null ? '' : `, then the bytes of ${flow.upgrade}`;
    const text = `plaintext: head and body${after}${fromTls}${intoTls}`;
    // The head that it read is an event.
    return { text, isInferred: !events.some((event) => event.kind === 'request.head') };
  }
  if (flow.kind === 'tls' && fromTls === '') {
    return inferred(
      flow.serverName === null
        ? 'sealed: only the ClientHello, without a server name'
        : `sealed: only the ClientHello, with the server name ${flow.serverName}`,
    );
  }
  return inferred(`bytes that it does not interpret${fromTls}${intoTls}`);
}

const signs = { added: '+', removed: '−', changed: '~' } as const;

function changed(flow: Flow, events: readonly FlowEvent[]): FigureCell {
  if (flow.kind !== 'http') return inferred('no header: bytes are relayed');
  const comparisons = headerComparisons(events);
  const parts = comparisons.flatMap(({ title, lines }) => {
    const names = lines.flatMap(({ name, change }) => (change === 'same' ? [] : [`${signs[change]}${name}`]));
    return names.length === 0 ? [] : [`${title.toLowerCase()}: ${names.join(' ')}`];
  });
  if (parts.length > 0) return { text: parts.join('; '), isInferred: false };
  // Without both heads of a message nothing can be compared.
  const isSeen = comparisons.some(
    ({ startLineBefore, startLineAfter }) => startLineBefore !== null && startLineAfter !== null,
  );
  return { text: 'no header', isInferred: !isSeen };
}

function chunks(events: readonly FlowEvent[], leg: Leg, direction: Direction): string {
  const isWanted = isChunkOf(leg, direction);
  const sizes = events.flatMap((event) => (event.kind === 'chunk' && isWanted(event) ? [event.bytes] : []));
  if (sizes.length === 0) return 'no chunk';
  return `${counted(sizes.length, 'chunk')}, ${formatBytes(sizes.reduce((sum, bytes) => sum + bytes, 0))}`;
}

function lost(flow: Flow, events: readonly FlowEvent[]): string {
  const count = events.reduce((sum, event) => sum + (event.kind === 'gap' ? event.lost : 0), 0);
  if (count > 0) return `${counted(count, 'event')}: figures may be too low`;
  return flow.isPartial ? 'the first ones: figures may be too low' : 'none';
}
