// From a flow's events to the steps of its diagram, at three levels: every chunk, every message, or decisions only.
import type { Flow } from '../../main/contract/flow';
import type { FlowEvent, FlowEventOf, Leg } from '../../main/contract/flowEvent';
import { counted, formatBytes, formatMicroseconds } from '../stores/flowFormat';
import { type CacheEvent, cacheArrow, cacheNote } from './cacheSteps';
import { ChunkRun, MessageLane, type Unfolded } from './chunkSteps';
import { connectionSteps } from './connectionSteps';
import { describeEvent, onStream, words } from './describeEvent';
import { clientParty, Parties, type Party, proxyParty } from './diagramParties';
import { shorten } from './escapeText';
import { type LineStyle, type Step, StepBuilder } from './stepBuilder';
import { pickedLines, sealedLines, targetLength, tlsLines } from './stepWords';

export type DiagramLevel = 'chunks' | 'messages' | 'decisions';

export interface DiagramSteps {
  readonly steps: readonly Step[];
  readonly parties: Parties;
}

export interface StepOptions {
  readonly level: DiagramLevel;
  /** Where the clock begins, on the engine's; absent = when the (first) flow was opened. */
  readonly startedAt?: number;
  readonly unfolded?: Unfolded;
}

const nothing: ReadonlySet<number> = new Set();

export function diagramSteps(flow: Flow, events: readonly FlowEvent[], options: StepOptions): DiagramSteps {
  const canvas = canvasOf(flow, events, options);
  const maker = new DiagramMaker(flow, events, options, canvas);
  for (const event of events) maker.take(event);
  maker.finish();
  return { steps: canvas.builder.steps(), parties: canvas.parties };
}

/**
 * Several flows of one connection in one picture, e.g. the streams of HTTP/2: as they happened, one among the other.
 * `flows` in the order in which they began, at least one; `events` are those of all of them.
 */
export function sharedDiagramSteps(
  flows: readonly [Flow, ...Flow[]],
  events: readonly FlowEvent[],
  options: StepOptions,
): DiagramSteps {
  const canvas = canvasOf(flows[0], events, options);
  const makers = new Map(
    flows.map((flow) => {
      const own = events.filter((event) => event.flowId === flow.id);
      return [flow.id, new DiagramMaker(flow, own, options, canvas, flow.stream)];
    }),
  );
  let current = makers.get(flows[0].id)!;
  for (const event of events) {
    const maker = makers.get(event.flowId) ?? current;
    if (maker !== current) current.pause();
    current = maker;
    maker.take(event);
  }
  for (const maker of makers.values()) maker.finish();
  return { steps: canvas.builder.steps(), parties: canvas.parties };
}

/** What all flows of a picture are drawn on. */
interface Canvas {
  readonly builder: StepBuilder;
  readonly parties: Parties;
}

function canvasOf(flow: Flow, events: readonly FlowEvent[], { startedAt }: StepOptions): Canvas {
  return { builder: new StepBuilder(startedAt ?? flow.openedAt), parties: new Parties(flow, events) };
}

class DiagramMaker {
  readonly #parties: Parties;
  readonly #builder: StepBuilder;
  readonly #lanes = new Map<string, MessageLane>();
  readonly #run: ChunkRun;
  readonly #connections: ReturnType<typeof connectionSteps>;
  private readonly level: DiagramLevel;
  #isRelay: boolean;
  /** The note that collects route, pool and endpoint where decisions are not the subject. */
  #decision: Step | null = null;
  /** What is held now; null = nothing. */
  #held: FlowEventOf<'buffer.held'> | null = null;
  readonly #isSealed: boolean;
  /** Of the chunk with the ClientHello; null = it has not come. */
  #helloBytes: number | null = null;
  #isHelloSent = false;
  /** The head that went to the client last; its own chunk is told after it. */
  #answer: { readonly step: Step; readonly bytes: number } | null = null;

  constructor(
    private readonly flow: Flow,
    events: readonly FlowEvent[],
    { level, unfolded = nothing }: StepOptions,
    { builder, parties }: Canvas,
    /** The stream that it is among others in the picture; null = it is alone, or has none. */
    private readonly stream: number | null = null,
  ) {
    this.level = level;
    this.#parties = parties;
    this.#builder = builder;
    this.#isRelay = flow.kind !== 'http';
    const isOpened = events.some((event) => event.kind === 'tls.established' && event.leg === 'downstream');
    this.#isSealed = flow.kind === 'tls' && !isOpened;
    const noun = this.#isSealed ? 'sealed chunk' : 'chunk';
    const style = level === 'chunks' ? 'one' : 'folded';
    this.#run = new ChunkRun(this.#builder, this.#parties, noun, style, unfolded);
    this.#connections = connectionSteps(this.#builder, this.#parties, level === 'decisions');
  }

  take(event: FlowEvent): void {
    if ('endpoint' in event) this.#parties.use(this.#parties.endpointOf(event));
    this.#take(event);
  }

  /** Another flow goes on. */
  pause(): void {
    this.#run.flush();
  }

  #take(event: FlowEvent): void {
    switch (event.kind) {
      case 'chunk':
        this.#chunk(event);
        break;
      case 'request.head':
      case 'response.head':
        this.#head(event);
        break;
      case 'request.end':
      case 'response.end':
        this.#end(event);
        break;
      case 'buffer.held':
        this.#buffered(event);
        break;
      case 'buffer.released':
        this.#released(event);
        break;
      case 'connection.opened':
      case 'connection.closed':
      case 'upstream.connecting':
      case 'upstream.connected':
      case 'upstream.reused':
      case 'upstream.failed':
        this.#run.flush();
        this.#connections.take(event);
        break;
      case 'tls.clientHello':
        this.#legNote(event, 'downstream', tlsLines(event));
        if (this.#isSealed && this.flow.route !== null) this.#sealed(event);
        break;
      case 'tls.established':
      case 'tls.failed':
        this.#legNote(event, event.leg, tlsLines(event));
        break;
      case 'route.matched':
      case 'backend.picked':
      case 'endpoint.picked':
        this.#picked(event);
        break;
      case 'cache.lookup':
      case 'cache.stored':
      case 'cache.notStored':
      case 'cache.invalidated':
        this.#cache(event);
        break;
      default:
        this.#other(event);
    }
  }

  #other(event: FlowEvent): void {
    switch (event.kind) {
      case 'flow.opened':
      case 'body.captured':
        this.#attach(event);
        break;
      case 'flow.closed':
        if (event.outcome === 'aborted')
          this.#note(event, [`the flow is aborted · ${this.#builder.when(event)}`]);
        else this.#attach(event);
        break;
      case 'flow.failed': {
        const answer = event.status === null ? '' : `, answered ${event.status}`;
        this.#note(event, [`${words(event.code)}${answer}`, event.message]);
        break;
      }
      case 'filter.applied': {
        // The proxy's own rules run on every exchange: worth a note only where decisions are the subject.
        const isSilent = event.changes.length === 0 && event.detail === undefined;
        const isRoutine = isSilent || (event.index === null && this.level !== 'decisions');
        if (isRoutine) this.#attach(event);
        else this.#note(event, [describeEvent(event)]);
        break;
      }
      case 'stream.reset': {
        const outer = event.leg === 'downstream' ? clientParty : this.#parties.endpointOf(event);
        const [from, to] = event.resetBy === 'proxy' ? [proxyParty, outer] : [outer, proxyParty];
        const text = `resets stream ${event.stream}: ${event.code} · ${this.#builder.when(event)}`;
        this.#arrow(event, from, to, 'cross', text);
        break;
      }
      case 'upgrade.accepted':
        this.#isRelay = true;
        this.#wideNote(event, [`upgraded to ${event.protocol}`]);
        break;
      case 'gap':
        this.#wideNote(event, [`${counted(event.lost, 'event')} lost here`]);
        break;
      default:
        this.#note(event, [describeEvent(event)]);
    }
  }

  #chunk(event: FlowEventOf<'chunk'>): void {
    if (this.level === 'decisions') this.#attach(event);
    else if (this.level === 'messages' && !this.#isRelay) this.#lane(event.leg, event.direction).add(event);
    else if (this.#isChunkOfAnswer(event)) this.#answer = null;
    else if (this.#isClientHello(event)) this.#run.single(event, 'the ClientHello');
    else {
      if (this.level === 'messages' && this.#run.direction !== event.direction) this.#run.flush();
      this.#run.add(event);
    }
  }

  /** Where TLS passes through, the first chunk of a client is its hello, which is not sealed; it is written before all others. */
  #isClientHello({ direction, operation, bytes }: FlowEventOf<'chunk'>): boolean {
    if (!this.#isSealed || direction !== 'request') return false;
    if (operation === 'read') {
      const isFirst = this.#helloBytes === null;
      this.#helloBytes ??= bytes;
      return isFirst;
    }
    const isHello = this.#helloBytes === bytes && !this.#isHelloSent;
    this.#isHelloSent = true;
    return isHello;
  }

  /** After a switch of protocols the chunk that carries the 101 itself is told last of it. */
  #isChunkOfAnswer(event: FlowEventOf<'chunk'>): boolean {
    const answer = this.#answer;
    if (this.level !== 'messages' || answer === null || event.bytes !== answer.bytes) return false;
    if (event.leg !== 'downstream' || event.operation !== 'write') return false;
    answer.step.seqs.push(event.seq);
    return true;
  }

  #head(event: FlowEventOf<'request.head' | 'response.head'>): void {
    const isRequest = event.kind === 'request.head';
    const what = isRequest
      ? `${event.method} ${shorten(event.target, targetLength)}`
      : `${event.status} ${shorten(event.reason, targetLength)}`.trim();
    const by = `${onStream(event)}${this.#ofStream(event)}${!isRequest && event.generated ? ', made by Hopscope' : ''}`;
    if (this.level === 'chunks') {
      const isFirstSight = isRequest
        ? event.leg === 'downstream'
        : event.leg === 'upstream' || event.generated;
      if (isFirstSight) this.#note(event, [`head complete: ${what}${by}`]);
      else this.#attach(event);
      return;
    }
    const outer = event.leg === 'downstream' ? clientParty : this.#parties.endpointOf(event);
    const isFromOuter = (event.leg === 'downstream') === isRequest;
    const step = this.#arrow(
      event,
      isFromOuter ? outer : proxyParty,
      isFromOuter ? proxyParty : outer,
      isRequest ? 'solid' : 'dashed',
      `${what}${by} · ${formatBytes(event.bytes)} · ${this.#builder.when(event)}`,
    );
    if (!isRequest && event.leg === 'downstream') this.#answer = { step, bytes: event.bytes };
    if (this.level === 'messages')
      this.#lane(event.leg, isRequest ? 'request' : 'response').begin(step, event);
  }

  #end(event: FlowEventOf<'request.end' | 'response.end'>): void {
    if (this.level !== 'messages' || this.#isRelay) this.#attach(event);
    else this.#lane(event.leg, event.kind === 'request.end' ? 'request' : 'response').end(event);
  }

  // A chunk that is kept says so on its arrow; the note comes when the buffer is let go.
  #buffered(event: FlowEventOf<'buffer.held'>): void {
    this.#held = event;
    if (this.level === 'messages' && !this.#isRelay) this.#lane('downstream', 'request').attach(event.seq);
    else this.#attach(event);
  }

  #released(event: FlowEventOf<'buffer.released'>): void {
    this.#held = null;
    if (this.level === 'decisions') {
      this.#attach(event);
      return;
    }
    const file = event.spilledToFile ? ', partly in a file' : '';
    const amount = `${counted(event.chunks, 'chunk')}, ${formatBytes(event.bytes)}`;
    this.#note(event, [`held ${amount}, ${formatMicroseconds(event.heldMicroseconds)}${file}`]);
  }

  #sealed(event: FlowEventOf<'tls.clientHello'>): void {
    this.#builder.note([event], clientParty, this.#parties.last, sealedLines, { isInferred: true });
  }

  #picked(event: FlowEventOf<'route.matched' | 'backend.picked' | 'endpoint.picked'>): void {
    const lines = pickedLines(event, this.level === 'decisions');
    const note = this.#decision === this.#builder.last ? this.#decision : null;
    if (this.level !== 'decisions' && note !== null && event.kind !== 'route.matched') {
      note.lines = [...note.lines, ...lines];
      note.seqs.push(event.seq);
    } else if (lines.length === 0) this.#attach(event);
    else this.#decision = this.#note(event, lines);
  }

  #cache(event: CacheEvent): void {
    const { cache } = this.#parties;
    const { towards, line, text } = cacheArrow(event);
    const [from, to] = towards === 'cache' ? [proxyParty, cache] : [cache, proxyParty];
    this.#arrow(event, from, to, line, `${text} · ${this.#builder.when(event)}`);
    const note = cacheNote(event);
    if (note !== null) this.#builder.note([event], cache, cache, [note], { isRepeat: true });
  }

  finish(): void {
    this.#run.flush();
    for (const lane of this.#lanes.values()) lane.flush(this.flow.outcome === 'open');
    if (this.#held === null || this.level === 'decisions') return;
    const { chunks, bytes } = this.#held;
    const text = `holds ${counted(chunks, 'chunk')}, ${formatBytes(bytes)} so far`;
    this.#builder.note([this.#held], proxyParty, proxyParty, [text], { isRepeat: true });
  }

  #lane(leg: Leg, direction: 'request' | 'response'): MessageLane {
    const key = `${leg} ${direction}`;
    let lane = this.#lanes.get(key);
    if (lane === undefined) {
      lane = new MessageLane(this.#builder, this.#parties);
      this.#lanes.set(key, lane);
    }
    return lane;
  }

  #arrow(event: FlowEvent, from: Party, to: Party, line: LineStyle, text: string): Step {
    this.#run.flush();
    return this.#builder.arrow([event], from, to, line, [text]);
  }

  /** Towards an endpoint of HTTP/1.1 nothing else would tell of which stream it is. */
  #ofStream(event: FlowEvent): string {
    return this.stream === null || ('stream' in event && event.stream !== undefined)
      ? ''
      : `, for stream ${this.stream}`;
  }

  #note(event: FlowEvent, lines: readonly string[]): Step {
    this.#run.flush();
    const [first = '', ...others] = lines;
    const told = this.stream === null ? lines : [`stream ${this.stream}: ${first}`, ...others];
    return this.#builder.note([event], proxyParty, proxyParty, told);
  }

  #legNote(event: FlowEvent, leg: Leg, lines: readonly string[]): void {
    this.#run.flush();
    const outer = leg === 'downstream' ? clientParty : this.#parties.endpointOf(event);
    this.#builder.note([event], Math.min(outer, proxyParty), Math.max(outer, proxyParty), lines);
  }

  #wideNote(event: FlowEvent, lines: readonly string[]): void {
    this.#run.flush();
    this.#builder.note([event], clientParty, this.#parties.last, lines);
  }

  #attach({ seq }: FlowEvent): void {
    if (!this.#run.attach(seq)) this.#builder.attach(seq);
  }
}
