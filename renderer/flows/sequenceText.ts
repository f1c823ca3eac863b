// The Mermaid text of one flow, and which events each drawn line stands for.
import type { Flow } from '../../main/contract/flow';
import type { FlowEvent } from '../../main/contract/flowEvent';
import type { Parties } from './diagramParties';
import { type DiagramLevel, diagramSteps } from './diagramSteps';
import { escapeText } from './escapeText';
import type { Step } from './stepBuilder';

/** `newest` = the last steps; `around` = the steps about the one that this event belongs to. */
export type DiagramWindow = 'newest' | { readonly around: number };

export interface SequenceText {
  readonly text: string;
  /** Events by drawn line: rows[3] are the seqs behind the fourth arrow or note. */
  readonly rows: readonly (readonly number[])[];
  readonly stepCount: number;
  /** Index of the first and, exclusive, of the last step that is drawn. */
  readonly from: number;
  readonly to: number;
}

export interface SequenceOptions {
  readonly level: DiagramLevel;
  readonly window: DiagramWindow;
  /** Steps drawn at once. */
  readonly size?: number;
}

/** Mermaid's cost grows with the messages: 50 take about 60 ms. */
export const maxDrawnSteps = 48;
const noteWidth = 44;
const longestLabel = 42;

export function sequenceText(
  flow: Flow,
  events: readonly FlowEvent[],
  { level, window, size = maxDrawnSteps }: SequenceOptions,
): SequenceText {
  const { steps, parties } = diagramSteps(flow, events, level);
  const { from, to } = windowOf(steps, window, size);
  const lines = ['sequenceDiagram', ...participantLines(parties)];
  const rows: (readonly number[])[] = [];
  const everyone = `  Note over p0,p${parties.last}`;
  if (from > 0) {
    lines.push(`${everyone}: ${escapeText(foldedText(from, 'earlier'))}`);
    rows.push(steps.slice(0, from).flatMap((step) => step.seqs));
  }
  for (const step of steps.slice(from, to)) {
    lines.push(stepLine(step));
    rows.push(step.seqs);
  }
  if (to < steps.length) {
    lines.push(`${everyone}: ${escapeText(foldedText(steps.length - to, 'later'))}`);
    rows.push(steps.slice(to).flatMap((step) => step.seqs));
  }
  if (steps.length === 0) {
    lines.push(`${everyone}: ${escapeText('nothing happened yet')}`);
    rows.push([]);
  }
  return { text: `${lines.join('\n')}\n`, rows, stepCount: steps.length, from, to };
}

/** The row that stands for this event; -1 = none. */
export function rowOf(rows: readonly (readonly number[])[], seq: number): number {
  return rows.findIndex((seqs) => seqs.includes(seq));
}

function windowOf(steps: readonly Step[], window: DiagramWindow, size: number): { from: number; to: number } {
  const latest = Math.max(0, steps.length - size);
  if (window === 'newest' || latest === 0) return { from: latest, to: steps.length };
  const index = steps.findIndex((step) => step.seqs.includes(window.around));
  // Moves by half windows, so that stepping redraws now and then instead of at every step.
  const half = Math.max(1, size >> 1);
  const from = Math.min(latest, Math.max(0, Math.floor((index - (half >> 1)) / half) * half));
  return { from, to: from + size };
}

function participantLines(parties: Parties): string[] {
  const lines: string[] = [];
  for (const box of parties.boxes()) {
    lines.push(`  box transparent ${escapeText(box.title, 48)}`);
    for (const { party, name } of box.parties) {
      lines.push(`    participant p${party} as ${escapeText(name, 48)}`);
    }
    lines.push('  end');
  }
  return lines;
}

const arrows = { solid: '->>', dashed: '-->>', cross: '-x' } as const;

function stepLine(step: Step): string {
  if (step.kind === 'arrow') {
    const lines = step.lines.flatMap(splitLabel);
    return `  p${step.from}${arrows[step.line]}p${step.to}: ${lines.map((line) => escapeText(line)).join('<br/>')}`;
  }
  const over = step.from === step.to ? `p${step.from}` : `p${step.from},p${step.to}`;
  const lines = step.lines.flatMap((line) => wrapWords(line, noteWidth));
  const shown = lines.length > 6 ? [...lines.slice(0, 5), '…'] : lines;
  return `  Note over ${over}: ${(shown.length === 0 ? [''] : shown).map((line) => escapeText(line)).join('<br/>')}`;
}

// The longest label decides how far apart the lifelines stand, so a long one gives its time a line of its own.
function splitLabel(label: string): string[] {
  const at = label.lastIndexOf(' · ');
  return label.length <= longestLabel || at === -1 ? [label] : [label.slice(0, at), label.slice(at + 3)];
}

function foldedText(count: number, which: 'earlier' | 'later'): string {
  return `${count} ${which} ${count === 1 ? 'step' : 'steps'} folded`;
}

/** Breaks at spaces; a word that is longer than a line is cut into pieces. */
export function wrapWords(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((part) => pieces(part, width))) {
    if (line === '') line = word;
    else if ([...line].length + 1 + [...word].length <= width) line += ` ${word}`;
    else {
      lines.push(line);
      line = word;
    }
  }
  if (line !== '' || lines.length === 0) lines.push(line);
  return lines;
}

function pieces(word: string, width: number): string[] {
  const characters = [...word];
  const found: string[] = [];
  for (let at = 0; at < characters.length; at += width) found.push(characters.slice(at, at + width).join(''));
  return found;
}
