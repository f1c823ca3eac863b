// How chunks become arrows: one by one, folded into runs, or as the body of a message.
import type { Chunk, FlowEvent, FlowEventOf } from '../../main/contract/flowEvent';
import { counted, formatBytes, formatMicroseconds } from '../stores/flowFormat';
import { onStream } from './describeEvent';
import { clientParty, type Parties, type Party, proxyParty } from './diagramParties';
import type { Fold, Step, StepBuilder } from './stepBuilder';

/** A run of chunks up to this long is drawn chunk by chunk. */
const longestPlainRun = 12;
/** Of a longer one these are drawn singly, the rest is folded. */
const plainStart = 4;

/** Folds that the user opened, by `Fold.key`; `all` = every one. */
export type Unfolded = ReadonlySet<number> | 'all';

/** Chunks that follow each other without anything else in between. */
export class ChunkRun {
  #chunks: Chunk[] = [];
  /** Events without an arrow of their own, by the chunk that they follow. */
  readonly #followers = new Map<Chunk, number[]>();

  constructor(
    private readonly builder: StepBuilder,
    private readonly parties: Parties,
    /** What one chunk is called: "chunk", or "sealed chunk" where it cannot be read. */
    private readonly noun: string,
    /** `one` = every short run chunk by chunk; `folded` = always one arrow per leg. */
    private readonly style: 'one' | 'folded',
    private readonly unfolded: Unfolded,
  ) {}

  get direction(): Chunk['direction'] | null {
    return this.#chunks.at(-1)?.direction ?? null;
  }

  add(chunk: Chunk): void {
    this.#chunks.push(chunk);
  }

  /** A chunk that is told apart from all others, and what is said of it. */
  single(chunk: Chunk, words: string): void {
    this.flush();
    const { from, to } = endsOf(chunk, this.parties);
    const line = chunk.direction === 'request' ? 'solid' : 'dashed';
    const text = `chunk ${formatBytes(chunk.bytes)}, ${fateOf(chunk)}, ${words} · ${this.builder.when(chunk)}`;
    this.builder.arrow([chunk], from, to, line, [text]);
  }

  /** Gives an event without an arrow to the run; false = the run is empty. */
  attach(seq: number): boolean {
    const chunk = this.#chunks.at(-1);
    if (chunk === undefined) return false;
    this.#followers.set(chunk, [...(this.#followers.get(chunk) ?? []), seq]);
    return true;
  }

  flush(): void {
    const chunks = this.#chunks;
    if (chunks.length === 0) return;
    this.#chunks = [];
    const plain = this.style === 'folded' ? 0 : chunks.length <= longestPlainRun ? chunks.length : plainStart;
    for (const chunk of chunks.slice(0, plain)) this.#draw([chunk]);
    for (const group of groupsOf(chunks.slice(plain))) {
      if (isOpened(this.unfolded, group)) for (const chunk of group) this.#draw([chunk]);
      else this.#draw(group);
    }
    this.#followers.clear();
  }

  #draw(chunks: readonly Chunk[]): void {
    const [first, ...rest] = chunks;
    if (first === undefined) return;
    const { from, to } = endsOf(first, this.parties);
    const size = formatBytes(sumBytes(chunks));
    const text =
      chunks.length === 1
        ? `${this.noun} ${size}${onStream(first)}, ${fateOf(first)}`
        : `${counted(chunks.length, this.noun)}, ${size}${onStream(first)}${spanOf(chunks)}, ${fateOf(first)}`;
    const line = first.direction === 'request' ? 'solid' : 'dashed';
    const step = this.builder.arrow(
      [first, ...rest],
      from,
      to,
      line,
      [`${text} · ${this.builder.when(first)}`],
      {
        fold: foldOf(chunks),
      },
    );
    for (const chunk of chunks) step.seqs.push(...(this.#followers.get(chunk) ?? []));
  }
}

/** One direction of one leg of an HTTP exchange: the chunks of the head, then those of the body. */
export class MessageLane {
  #head: Step | null = null;
  #headBytes = 0;
  /** The chunk that brought the end of the head, where it brought some of the body too. */
  #begun: { readonly head: FlowEvent; readonly chunk: Chunk; readonly bodyBytes: number } | null = null;
  #pending: Chunk[] = [];
  #followers: number[] = [];

  constructor(
    private readonly builder: StepBuilder,
    private readonly parties: Parties,
  ) {}

  add(chunk: Chunk): void {
    this.#pending.push(chunk);
  }

  /** Gives an event without an arrow to what is under way here. */
  attach(seq: number): void {
    this.#followers.push(seq);
  }

  /** The head is complete: what came so far belongs to its arrow. */
  begin(head: Step, event: FlowEventOf<'request.head' | 'response.head'>): void {
    const chunk = this.#pending.at(-1);
    const bodyBytes = sumBytes(this.#pending) - event.bytes;
    this.#begun = chunk?.operation === 'read' && bodyBytes > 0 ? { head: event, chunk, bodyBytes } : null;
    head.seqs.push(...this.#takeSeqs());
    this.#head = head;
    this.#headBytes = event.bytes;
  }

  end(event: FlowEventOf<'request.end' | 'response.end'>): void {
    if (event.bodyBytes === 0 || (this.#pending.length === 0 && this.#head === null)) {
      this.#toHead([...this.#takeSeqs(), event.seq]);
      return;
    }
    this.#giveHeadItsChunk();
    const chunks = this.#pending;
    if (this.#head !== null && this.#isWithHead(chunks)) {
      this.#head.lines = [withBody(this.#head.lines[0] ?? '', event.bodyBytes)];
      this.#toHead([...this.#takeSeqs(), event.seq]);
      return;
    }
    const direction = event.kind === 'request.end' ? 'request' : 'response';
    const shared = this.#isFirstShared(chunks) ? ', the first with the head' : '';
    const text = `body ${formatBytes(event.bodyBytes)}, ${this.#amountOf(chunks)}${shared}${heldMark(chunks)}`;
    this.#draw({ ...event, direction }, text, [event.seq]);
  }

  /** The log ends here for now: what is under way is shown as far as it came. */
  flush(isOpen: boolean): void {
    const chunks = this.#pending;
    const first = chunks[0];
    if (first === undefined) {
      this.#toHead(this.#takeSeqs());
      return;
    }
    if (this.#head === null || isOpen) {
      const noun = this.#head === null ? '' : 'body so far ';
      const bytes = sumBytes(chunks) + (this.#begun?.bodyBytes ?? 0);
      this.#draw(first, `${noun}${formatBytes(bytes)}, ${this.#amountOf(chunks)}`, []);
      return;
    }
    this.#toHead(this.#takeSeqs());
  }

  /** "3 chunks in 2 ms"; what came with the head counts, too. */
  #amountOf(chunks: readonly Chunk[]): string {
    const begun = this.#begun;
    if (begun === null) return `${counted(chunks.length, 'chunk')}${spanOf(chunks)}`;
    return `the head's chunk and ${chunks.length} more${spanOf([begun.chunk, ...chunks])}`;
  }

  /** All that is pending as one arrow, where the first of it came: right behind the head if that brought it along. */
  #draw(event: Travelling, text: string, more: readonly number[]): void {
    const first = this.#begun?.head ?? this.#pending[0] ?? event;
    const owned = [...this.#takeSeqs(), ...more];
    const { from, to } = endsOf(event, this.parties);
    const line = event.direction === 'request' ? 'solid' : 'dashed';
    const label = `${text} · ${this.builder.when(first)}`;
    this.builder.arrow([first], from, to, line, [label], { owned });
    this.#begun = null;
  }

  /** A head that was written alone is a chunk that is no part of the body. */
  #giveHeadItsChunk(): void {
    const first = this.#pending[0];
    if (this.#head === null || first?.operation !== 'write' || first.bytes !== this.#headBytes) return;
    this.#head.seqs.push(first.seq);
    this.#pending.shift();
    this.#headBytes = 0;
  }

  /** What is read: no chunk came after that of the head. What is written: the head waited for the first of the body. */
  #isWithHead(chunks: readonly Chunk[]): boolean {
    return chunks.length === 0 || (chunks.length === 1 && this.#isFirstShared(chunks));
  }

  #isFirstShared(chunks: readonly Chunk[]): boolean {
    return this.#headBytes > 0 && chunks[0]?.operation === 'write';
  }

  #toHead(seqs: readonly number[]): void {
    if (this.#head !== null) this.#head.seqs.push(...seqs);
    else for (const seq of seqs) this.builder.attach(seq);
  }

  #takeSeqs(): number[] {
    const seqs = [...this.#pending.splice(0).map((chunk) => chunk.seq), ...this.#followers.splice(0)];
    return seqs.sort((a, b) => a - b);
  }
}

type Travelling = Pick<Chunk, 'leg' | 'direction' | 'connectionId'> &
  FlowEventOf<'chunk' | 'request.end' | 'response.end'>;

function endsOf(event: Travelling, parties: Parties): { from: Party; to: Party } {
  const outer = event.leg === 'downstream' ? clientParty : parties.endpointOf(event);
  // Towards the endpoint means: from the client, or to the endpoint.
  const isFromOuter = (event.leg === 'downstream') === (event.direction === 'request');
  return isFromOuter ? { from: outer, to: proxyParty } : { from: proxyParty, to: outer };
}

/** One for each leg, direction and fate. What is written of chunks that were told before is one of its own, or it would begin too early. */
function groupsOf(chunks: readonly Chunk[]): Chunk[][] {
  const groups = new Map<string, Chunk[]>();
  const read = new Set<Chunk['direction']>();
  for (const chunk of chunks) {
    if (chunk.operation === 'read') read.add(chunk.direction);
    const isOfThese = read.has(chunk.direction);
    const key = `${chunk.leg} ${chunk.direction} ${chunk.disposition} ${chunk.connectionId} ${isOfThese}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [chunk]);
    else group.push(chunk);
  }
  return [...groups.values()];
}

function fateOf(chunk: Chunk): string {
  if (chunk.disposition === 'generated') return 'made by Hopscope';
  if (chunk.operation === 'write') return 'sent on';
  if (chunk.disposition !== 'consumed') return chunk.disposition;
  return chunk.direction === 'request' ? 'request head' : 'response head';
}

function foldOf(chunks: readonly Chunk[]): Fold | null {
  return chunks.length < 2 ? null : { key: chunks[0]!.seq, chunks: chunks.length };
}

function isOpened(unfolded: Unfolded, chunks: readonly Chunk[]): boolean {
  return unfolded === 'all' || unfolded.has(chunks[0]!.seq);
}

/** The label of a head whose body came in the same chunk. */
function withBody(label: string, bodyBytes: number): string {
  const at = label.lastIndexOf(' · ');
  return `${label.slice(0, at)} + body ${formatBytes(bodyBytes)}, 1 chunk${label.slice(at)}`;
}

function heldMark(chunks: readonly Chunk[]): string {
  return chunks.some((chunk) => chunk.disposition === 'held') ? ', held' : '';
}

function sumBytes(chunks: readonly Chunk[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.bytes, 0);
}

/** " in 3 ms"; nothing for a single chunk. */
function spanOf(chunks: readonly Chunk[]): string {
  return chunks.length < 2 ? '' : ` in ${formatMicroseconds(chunks.at(-1)!.at - chunks[0]!.at)}`;
}
