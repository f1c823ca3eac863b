// The one place where flow events are recorded. On the hot path an event is a few numbers and one reference written into
// a preallocated ring, and texts (message heads) are copied into a ring of bytes: what is kept makes no work for the
// garbage collector. The FlowEvent object is built only when somebody reads. Nobody reading = nothing recorded.
import type { FlowEvent } from '../contract/flowEvent';
import type { Clock } from './clock';
import { FlowReader } from './flowReader';
import { TextRing } from './textRing';

/** The fields that every event has. */
export interface RecordBase {
  readonly seq: number;
  readonly at: number;
  readonly wallTime: number;
  readonly flowId: number;
  readonly connectionId: number;
}

export interface BuildContext {
  /** Hide secret header values (`capture.headers: masked` when the event was recorded). */
  readonly masksSecrets: boolean;
  /** The text that `keepText` stored for this record. */
  textAt(place: number): string;
}

/** How the numbers and the reference of one kind of record become an event. One constant per kind, beside its emitter. */
export interface RecordType<Reference> {
  build(
    base: RecordBase,
    a: number,
    b: number,
    c: number,
    reference: Reference,
    context: BuildContext,
  ): FlowEvent;
}

export interface FlowEmitterOptions {
  /** Records held for readers; the oldest are overwritten. Must be a power of two. */
  readonly capacity?: number;
  /** Upper bound of what the held references weigh together, in bytes. */
  readonly maxReferenceBytes?: number;
  /** Bytes for texts; records whose texts are overwritten are dropped with them. Must be a power of two. */
  readonly textCapacity?: number;
  /** How long a wake-up of readers may be put off, in milliseconds. */
  readonly wakeAfterMs?: number;
  /** What the clock said when time 0 was; default now. */
  readonly startedAt?: number;
}

const numbersPerRecord = 8;
// WEIGHT: twice the weight of the reference, plus 1 when secrets are masked. TEXT: no text of the record lies before it.
const [AT, FLOW, CONNECTION, A, B, C, WEIGHT, TEXT] = [0, 1, 2, 3, 4, 5, 6, 7] as const;
export class FlowEmitter {
  /** False = skip recording. The one branch that an unwatched engine pays; check it before preparing arguments. */
  isWatched = false;
  /** Set by the engine on apply from `capture.headers`. */
  masksSecrets = true;
  /** Bytes of each body that are recorded; 0 = none. Set by the engine on apply from `capture.bodies`. */
  capturedBodyBytes = 0;

  readonly #clock: Clock;
  readonly #startedAt: number;
  readonly #startedWall: number;
  readonly #capacity: number;
  readonly #maxReferenceBytes: number;
  readonly #wakeAfterMs: number;
  #numbers = new Float64Array(0);
  #types: RecordType<never>[] = [];
  #references: unknown[] = [];
  #head = 0; // seq of the newest record; records are numbered from 1
  #tail = 1; // seq of the oldest record that is held
  #referenceBytes = 0;
  readonly #texts: TextRing;
  /** No text of the next record lies before it. */
  #textStart = 0;
  /** What records made now have as their time; −1 = each asks the clock. */
  #heldTime = -1;
  readonly #buildContexts: readonly BuildContext[];
  #readers = new Set<FlowReader>();
  #wakeTimer: NodeJS.Timeout | null = null;
  #nextFlowId = 1;
  #unrecordedFlows = 0;
  #sampling = 1;
  /** For flows that are not recorded: never watched, so that their parts prepare nothing. */
  #silent: FlowEmitter | null = null;
  #nextConnectionId = 1;

  constructor(clock: Clock, options: FlowEmitterOptions = {}) {
    this.#clock = clock;
    this.#startedAt = options.startedAt ?? clock.now();
    this.#startedWall = clock.wallTime();
    this.#capacity = options.capacity ?? 131_072;
    this.#maxReferenceBytes = options.maxReferenceBytes ?? 64 * 1024 * 1024;
    this.#texts = new TextRing(options.textCapacity ?? 16 * 1024 * 1024);
    this.#wakeAfterMs = options.wakeAfterMs ?? 25;
    const textAt = (place: number) => this.#texts.at(place);
    this.#buildContexts = [false, true].map((masksSecrets) => ({ masksSecrets, textAt }));
  }

  /** The number of a flow that begins now. Negative = its events are not recorded, because readers see a sample only. */
  nextFlowId(): number {
    if (this.#sampling > 1 && (this.#nextFlowId + this.#unrecordedFlows) % this.#sampling !== 0) {
      return -++this.#unrecordedFlows;
    }
    return this.#nextFlowId++;
  }

  /** Where the events of this flow go. Ask once, when the flow begins, and use it to its end. */
  emitterOf(flowId: number): FlowEmitter {
    if (flowId >= 0) return this;
    this.#silent ??= new FlowEmitter(this.#clock, { startedAt: this.#startedAt });
    return this.#silent;
  }

  /** Of so many flows that begin now one is recorded; 1 = all. More than 1 only while every reader agrees to it. */
  get sampling(): number {
    return this.#sampling;
  }

  /** Flows that were not recorded because readers saw a sample. */
  get unrecordedFlows(): number {
    return this.#unrecordedFlows;
  }

  /** To be called when what a reader can take changed. */
  updateSampling(): void {
    let most = 1;
    for (const reader of this.#readers) {
      if (reader.sampling === null) {
        most = 1;
        break;
      }
      most = Math.max(most, reader.sampling);
    }
    this.#sampling = most;
  }

  nextConnectionId(): number {
    return this.#nextConnectionId++;
  }

  /** Microseconds since the emitter was made. */
  now(): number {
    return this.#clock.now() - this.#startedAt;
  }

  /** Milliseconds since 1970 of a moment on this emitter's clock. */
  wallTimeOf(at: number): number {
    return this.#startedWall + at / 1000;
  }

  /**
   * From now until `releaseTime` records carry this moment: what follows from one read of a socket within the same turn
   * of the loop is told as one moment, and the clock is asked once. What goes out moves it.
   */
  holdTime(): void {
    this.#heldTime = this.now();
  }

  /** Something goes out, opens or is let go: records carry this moment from here on. Does nothing where no time is held. */
  moveTime(): void {
    if (this.#heldTime !== -1) this.#heldTime = this.now();
  }

  /** Does nothing where no time is held. */
  releaseTime(): void {
    this.#heldTime = -1;
  }

  /** The `at` of an event recorded now. */
  get time(): number {
    return this.#heldTime === -1 ? this.now() : this.#heldTime;
  }

  /**
   * Copies a latin1 text for the record that is made next and returns its place, to be passed on as `a`, `b` or `c`.
   * At most 1 MiB of it is kept.
   */
  keepText(text: string): number {
    const place = this.#texts.keep(text);
    this.#dropOverwritten();
    return place;
  }

  /** The same for what only one event tells, so that what was kept before it need not be kept again. */
  keepOwnText(text: string): number {
    const place = this.#texts.keepOwn(text);
    this.#dropOverwritten();
    return place;
  }

  /**
   * Records one event. Callers check `isWatched` first. `weight` is about how many bytes `reference` keeps alive;
   * it bounds the memory of the ring.
   */
  record<Reference>(
    type: RecordType<Reference>,
    flowId: number,
    connectionId: number,
    a: number,
    b: number,
    c: number,
    reference: Reference,
    weight = 0,
  ): void {
    if (flowId < 0) return;
    if (this.#numbers.length === 0) this.#allocate();
    const seq = ++this.#head;
    const slot = seq & (this.#capacity - 1);
    const numbers = this.#numbers;
    const start = slot * numbersPerRecord;
    // The oldest record has the slot of the new one.
    if (seq - this.#tail >= this.#capacity) this.#forgetOldest(numbers[start + WEIGHT]!);
    numbers[start + AT] = this.time;
    numbers[start + FLOW] = flowId;
    numbers[start + CONNECTION] = connectionId;
    numbers[start + A] = a;
    numbers[start + B] = b;
    numbers[start + C] = c;
    numbers[start + WEIGHT] = weight * 2 + (this.masksSecrets ? 1 : 0);
    numbers[start + TEXT] = this.#textStart;
    this.#textStart = this.#texts.start;
    this.#types[slot] = type as RecordType<never>;
    this.#references[slot] = reference;
    if (weight > 0) {
      this.#referenceBytes += weight;
      while (this.#referenceBytes > this.#maxReferenceBytes && this.#tail < seq) this.#dropOldest();
    }
    if (this.#wakeTimer === null) this.#armWakeUp();
  }

  /** A cursor over the log. While at least one is open, events are recorded. */
  openReader(options: {
    readonly from: 'now' | 'oldest';
    readonly onWake?: () => void;
    /** It may see a sample of the flows; see `FlowReader.sampling`. */
    readonly takesSamples?: boolean;
  }): FlowReader {
    const next = options.from === 'now' ? this.#head + 1 : this.#tail;
    const reader = new FlowReader(this, next, options.onWake ?? null, (closed) => this.#forget(closed));
    if (options.takesSamples === true) reader.sampling = 1;
    this.#readers.add(reader);
    this.updateSampling();
    this.isWatched = true;
    return reader;
  }

  /** seq of the newest recorded event; 0 = none yet. */
  get newestSeq(): number {
    return this.#head;
  }

  /** seq of the oldest event that can still be read. */
  get oldestSeq(): number {
    return this.#tail;
  }

  /** Builds the event with this seq, which must be held. For readers only. */
  buildEvent(seq: number): FlowEvent {
    const slot = seq & (this.#capacity - 1);
    const numbers = this.#numbers;
    const start = slot * numbersPerRecord;
    const at = numbers[start + AT]!;
    const base: RecordBase = {
      seq,
      at: Math.round(at),
      wallTime: this.wallTimeOf(at),
      flowId: numbers[start + FLOW]!,
      connectionId: numbers[start + CONNECTION]!,
    };
    const context = this.#buildContexts[numbers[start + WEIGHT]! % 2]!;
    const type = this.#types[slot] as RecordType<unknown>;
    return type.build(
      base,
      numbers[start + A]!,
      numbers[start + B]!,
      numbers[start + C]!,
      this.#references[slot],
      context,
    );
  }

  close(): void {
    if (this.#wakeTimer !== null) clearTimeout(this.#wakeTimer);
    this.#wakeTimer = null;
    for (const reader of [...this.#readers]) reader.close();
  }

  #allocate(): void {
    this.#numbers = new Float64Array(this.#capacity * numbersPerRecord);
    this.#types = new Array<RecordType<never>>(this.#capacity);
    this.#references = new Array<unknown>(this.#capacity).fill(null);
  }

  /** Records go with their texts. */
  #dropOverwritten(): void {
    const { overwritten } = this.#texts;
    while (this.#tail <= this.#head && this.#textStartOf(this.#tail) < overwritten) this.#dropOldest();
  }

  #dropOldest(): void {
    const slot = this.#tail & (this.#capacity - 1);
    this.#references[slot] = null;
    this.#forgetOldest(this.#numbers[slot * numbersPerRecord + WEIGHT]!);
  }

  /** `weight` as the record has it. */
  #forgetOldest(weight: number): void {
    if (weight > 1) this.#referenceBytes -= Math.floor(weight / 2);
    this.#tail++;
  }

  #textStartOf(seq: number): number {
    return this.#numbers[(seq & (this.#capacity - 1)) * numbersPerRecord + TEXT]!;
  }

  #armWakeUp(): void {
    this.#wakeTimer = setTimeout(() => {
      this.#wakeTimer = null;
      for (const reader of this.#readers) reader.onWake?.();
    }, this.#wakeAfterMs);
  }

  #forget(reader: FlowReader): void {
    this.#readers.delete(reader);
    this.updateSampling();
    if (this.#readers.size === 0) this.isWatched = false;
  }
}
