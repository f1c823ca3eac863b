// The steps of a diagram before they become text: arrows and notes, each knowing the events that it stands for and when
// it began. Steps are ordered by the event that began them, so time never runs backwards down the picture.
import type { FlowEvent } from '../../main/contract/flowEvent';
import { formatOffset } from '../stores/flowFormat';
import type { Party } from './diagramParties';

export type LineStyle = 'solid' | 'dashed' | 'cross';

/** Many chunks drawn as one arrow. */
export interface Fold {
  /** seq of the first chunk: names the fold as long as the flow lives. */
  readonly key: number;
  readonly chunks: number;
}

export interface Step {
  /** Names the step while the flow goes on: the seq of the event that began it, or a part of one more. */
  readonly key: number;
  readonly kind: 'arrow' | 'note';
  readonly from: Party;
  readonly to: Party;
  readonly line: LineStyle;
  /** Raw text, not escaped yet. */
  lines: readonly string[];
  /** The events behind it, the one that began it first. Empty = told from what is known, not from an event. */
  readonly seqs: number[];
  /** Microseconds on the engine's clock. */
  readonly at: number;
  /** Nothing recorded says exactly this; it follows from what was recorded. */
  readonly isInferred: boolean;
  readonly fold: Fold | null;
}

type StepExtras = Partial<Pick<Step, 'isInferred' | 'fold'>> & {
  /** Says again what an event said that stands elsewhere; it comes right after it and owns no event. */
  readonly isRepeat?: boolean;
  /** The events that it stands for, where they are not those that place it. */
  readonly owned?: readonly number[];
};

export class StepBuilder {
  readonly #steps: Step[] = [];
  readonly #orphans: number[] = [];

  constructor(private readonly startedAt: number) {}

  /** Placed where `events[0]` happened; `events` are what it stands for. */
  arrow(
    events: readonly [FlowEvent, ...FlowEvent[]],
    from: Party,
    to: Party,
    line: LineStyle,
    lines: readonly string[],
    extras: StepExtras = {},
  ): Step {
    return this.#add(events, { kind: 'arrow', from, to, line, lines, ...extras });
  }

  /** A note over one lifeline, or over all from `from` to `to`. */
  note(
    events: readonly [FlowEvent, ...FlowEvent[]],
    from: Party,
    to: Party,
    lines: readonly string[],
    extras: StepExtras = {},
  ): Step {
    return this.#add(events, { kind: 'note', from, to, line: 'solid', lines, ...extras });
  }

  /** The event has no step of its own; it belongs to the last one. */
  attach(seq: number): void {
    (this.last?.seqs ?? this.#orphans).push(seq);
  }

  /** The step that was added last. */
  get last(): Step | undefined {
    return this.#steps.at(-1);
  }

  /** In the order of time. */
  steps(): Step[] {
    return this.#steps.toSorted((a, b) => a.key - b.key);
  }

  /** "+0.31 ms": when, from the start of the flow. */
  when(event: FlowEvent): string {
    return formatOffset(event.at - this.startedAt);
  }

  #add(
    events: readonly [FlowEvent, ...FlowEvent[]],
    {
      isRepeat = false,
      owned,
      ...fields
    }: Omit<Step, 'key' | 'seqs' | 'at' | 'isInferred' | 'fold'> & StepExtras,
  ): Step {
    const [first] = events;
    const isInferred = fields.isInferred === true;
    const ownsNothing = isInferred || isRepeat;
    const seqs = ownsNothing ? [] : [...(owned ?? events.map((event) => event.seq))];
    const isElsewhere = owned !== undefined && !owned.includes(first.seq);
    if (this.#orphans.length > 0) seqs.push(...this.#orphans.splice(0));
    const key = first.seq + (ownsNothing ? 0.5 : isElsewhere ? 0.25 : 0);
    const step: Step = { fold: null, ...fields, key, isInferred, seqs, at: first.at };
    this.#steps.push(step);
    return step;
  }
}

/** Index of the step that stands for this event; -1 = none. */
export function stepOf(steps: readonly Step[], seq: number): number {
  return steps.findIndex((step) => step.seqs.includes(seq));
}

/** Index of the step with this key, or of the one that holds its event now (a fold was opened or closed); -1 = none. */
export function stepOfKey(steps: readonly Step[], key: number): number {
  const same = steps.findIndex((step) => step.key === key);
  return same === -1 ? stepOf(steps, Math.floor(key)) : same;
}

/** Index of the last step that had begun at this time (microseconds on the engine's clock); -1 = none had. */
export function stepAt(steps: readonly Step[], at: number): number {
  return steps.findLastIndex((step) => step.at <= at);
}
