// The Mermaid text of one flow, and which events each drawn line stands for.
import type { Flow } from '../../main/contract/flow';
import type { FlowEvent } from '../../main/contract/flowEvent';
import type { Parties } from './diagramParties';
import { type DiagramSteps, diagramSteps, type StepOptions } from './diagramSteps';
import { escapeText } from './escapeText';
import { type Step, stepOfKey } from './stepBuilder';

/** `newest` = the last steps; `around` = the page that holds the step with this key or event. */
export type DiagramWindow = 'newest' | { readonly around: number };

export interface SequenceText {
  readonly text: string;
  /** Events by drawn line: rows[3] are the seqs behind the fourth arrow or note. */
  readonly rows: readonly (readonly number[])[];
  readonly stepCount: number;
  /** Index of the first and, exclusive, of the last step that is drawn. */
  readonly from: number;
  readonly to: number;
  /** Lines before that of the first step: 1 when earlier steps are folded. */
  readonly rowsBefore: number;
}

export interface SequenceOptions extends StepOptions {
  readonly window: DiagramWindow;
  /** Steps drawn at once. */
  readonly size?: number;
}

/** Mermaid's cost grows with the messages: 50 take about 60 ms. */
export const maxDrawnSteps = 48;
const noteWidth = 50;
const longestLabel = 42;
const brokenLabel = 52;

export function sequenceText(
  flow: Flow,
  events: readonly FlowEvent[],
  { window, size = maxDrawnSteps, ...options }: SequenceOptions,
): SequenceText {
  const diagram = diagramSteps(flow, events, options);
  return textOfSteps(diagram, windowOf(diagram.steps, window, size));
}

/** The text of the steps from…to; what lies outside is told as one line at each end. */
export function textOfSteps({ steps, parties }: DiagramSteps, { from, to }: StepRange): SequenceText {
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
  const rowsBefore = from > 0 ? 1 : 0;
  return { text: `${lines.join('\n')}\n`, rows, stepCount: steps.length, from, to, rowsBefore };
}

/** The row that stands for this event; -1 = none. */
export function rowOf(rows: readonly (readonly number[])[], seq: number): number {
  return rows.findIndex((seqs) => seqs.includes(seq));
}

export interface StepRange {
  readonly from: number;
  readonly to: number;
}

/** Which steps to draw. Pages have fixed ends, so that stepping inside one draws nothing anew. */
export function windowOf(steps: readonly Step[], window: DiagramWindow, size = maxDrawnSteps): StepRange {
  if (window === 'newest' || steps.length <= size) {
    return { from: Math.max(0, steps.length - size), to: steps.length };
  }
  const index = Math.max(0, stepOfKey(steps, window.around));
  const from = Math.floor(index / size) * size;
  return { from, to: Math.min(steps.length, from + size) };
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

/** How what was not recorded is marked. */
export const inferredMark = 'inferred: ';

const arrows = { solid: '->>', dashed: '-->>', cross: '-x' } as const;

function stepLine(step: Step): string {
  const [first = '', ...others] = step.lines;
  const told = step.isInferred ? [`${inferredMark}${first}`, ...others] : step.lines;
  if (step.kind === 'arrow') {
    const lines = told.flatMap(splitLabel);
    return `  p${step.from}${arrows[step.line]}p${step.to}: ${lines.map((line) => escapeText(line)).join('<br/>')}`;
  }
  const over = step.from === step.to ? `p${step.from}` : `p${step.from},p${step.to}`;
  const lines = told.flatMap((line) => wrapWords(line, noteWidth));
  const shown = lines.length > 6 ? [...lines.slice(0, 5), '…'] : lines;
  return `  Note over ${over}: ${(shown.length === 0 ? [''] : shown).map((line) => escapeText(line)).join('<br/>')}`;
}

// The longest label decides how far apart the lifelines stand, so a long one is broken, and its time gets a line of its own.
function splitLabel(label: string): string[] {
  if (label.length <= longestLabel) return [label];
  const at = label.lastIndexOf(' · ');
  if (at === -1) return brokenLines(label);
  return [...brokenLines(label.slice(0, at)), label.slice(at + 3)];
}

function foldedText(count: number, which: 'earlier' | 'later'): string {
  return `${count} ${which} ${count === 1 ? 'step' : 'steps'} folded`;
}

/** In two where that is enough, at the comma next to the middle if there is one: no last line of one word. */
function brokenLines(text: string): string[] {
  const commas = [...text.matchAll(/, /g)].map(({ index }) => index + 1);
  const distance = (at: number) => Math.abs(at - text.length / 2);
  const fitting = commas.filter((at) => at <= brokenLabel && text.length - at - 1 <= brokenLabel);
  const [middle] = fitting.sort((a, b) => distance(a) - distance(b));
  if (text.length <= brokenLabel || middle === undefined) return wrapWords(text, brokenLabel);
  return [text.slice(0, middle), text.slice(middle + 1)];
}

/** A number stays with its unit. */
const breakingSpace = / (?!(?:µs|ms|s|B|KB|MB|GB)(?![\w]))/;

/** Breaks at spaces; a word that is longer than a line is cut into pieces. */
export function wrapWords(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(breakingSpace).flatMap((part) => pieces(part, width))) {
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
