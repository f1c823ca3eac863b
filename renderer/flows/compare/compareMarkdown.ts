// A comparison as Markdown: the figures as a table and both diagrams as Mermaid, as wikis and code hosts draw them. Pure.
import { escapeText } from '../escapeText';
import { inferredMark } from '../sequenceText';
import type { ComparedFigure, FigureCell } from './compareFigures';

export interface ComparedSide {
  readonly title: string;
  /** Mermaid. */
  readonly text: string;
}

/** No text of it can be anything but text: what Markdown or HTML could know is written as a character reference. */
export function compareMarkdown(
  sides: readonly [a: ComparedSide, b: ComparedSide],
  figures: readonly ComparedFigure[],
): string {
  const [a, b] = sides;
  const rows = figures.map((figure) => `| ${figure.label} | ${cellText(figure.a)} | ${cellText(figure.b)} |`);
  return [
    '| From the events | A | B |',
    '| --- | --- | --- |',
    ...rows,
    ...diagram('A', a),
    ...diagram('B', b),
    '',
  ].join('\n');
}

function diagram(name: string, { title, text }: ComparedSide): string[] {
  return ['', `**${name}** ${plain(title)}`, '', '```mermaid', text.trimEnd(), '```'];
}

function cellText({ text, isInferred }: FigureCell): string {
  return `${isInferred ? inferredMark : ''}${plain(text)}`;
}

const longestText = 400;

/** What means nothing in the middle of a cell. */
const harmless: ReadonlySet<string> = new Set([...",;+-()'·µ−"]);

/** Mermaid's "#124;" is "&#124;" in HTML and so in Markdown. */
function plain(text: string): string {
  return escapeText(text, longestText)
    .replaceAll('#58; ', ': ')
    .replace(/#(\d+);/g, (reference, code) => {
      const character = String.fromCodePoint(Number(code));
      return harmless.has(character) ? character : `&${reference}`;
    });
}
