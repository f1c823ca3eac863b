// The steps of a diagram before they become text: arrows and notes, each knowing the events that it stands for.
import type { FlowEvent } from '../../main/contract/flowEvent';
import { formatOffset } from '../stores/flowFormat';
import type { Party } from './diagramParties';

export type LineStyle = 'solid' | 'dashed' | 'cross';

export interface Step {
  readonly kind: 'arrow' | 'note';
  readonly from: Party;
  readonly to: Party;
  readonly line: LineStyle;
  /** Raw text, not escaped yet. */
  lines: readonly string[];
  readonly seqs: number[];
}

export class StepBuilder {
  readonly steps: Step[] = [];
  readonly #orphans: number[] = [];

  constructor(private readonly startedAt: number) {}

  arrow(
    events: readonly FlowEvent[],
    from: Party,
    to: Party,
    line: LineStyle,
    lines: readonly string[],
  ): Step {
    return this.#add({ kind: 'arrow', from, to, line, lines, seqs: seqsOf(events) });
  }

  /** A note over one lifeline, or over all from `from` to `to`. */
  note(events: readonly FlowEvent[], from: Party, to: Party, lines: readonly string[]): Step {
    return this.#add({ kind: 'note', from, to, line: 'solid', lines, seqs: seqsOf(events) });
  }

  /** The event has no step of its own; it belongs to the last one. */
  attach(seq: number): void {
    (this.steps.at(-1)?.seqs ?? this.#orphans).push(seq);
  }

  /** " · +0.31 ms": when, from the start of the flow. */
  when(event: FlowEvent): string {
    return formatOffset(event.at - this.startedAt);
  }

  #add(step: Step): Step {
    if (this.#orphans.length > 0) step.seqs.unshift(...this.#orphans.splice(0));
    this.steps.push(step);
    return step;
  }
}

function seqsOf(events: readonly FlowEvent[]): number[] {
  return events.map((event) => event.seq);
}
