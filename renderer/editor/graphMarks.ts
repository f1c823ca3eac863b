// Groups and notes as they are drawn: a frame around what belongs together, a sticky text where it was put.
import type { LayoutDocument } from '../../main/contract/config';
import { nodeWidths } from './graphLayout';
import { type CanvasKind, formatMark, parseFold, parseNode } from './nodeIds';

export interface GraphMark {
  /** "group:front" or "note:todo". */
  readonly id: string;
  readonly kind: 'group' | 'note';
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly members: readonly string[];
}

interface Placed {
  readonly id: string;
  readonly kind: CanvasKind;
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

const frame = { side: 16, top: 34, bottom: 22 };
export const noteWidth = 190;
const noteLineLength = 26;

export function graphMarks(layout: LayoutDocument | undefined, nodes: readonly Placed[]): GraphMark[] {
  const marks: GraphMark[] = [];
  for (const { id, name, members } of layout?.groups ?? []) {
    const inside = nodes.filter((node) => isMember(node.id, members));
    if (inside.length === 0) continue;
    const left = Math.min(...inside.map((node) => node.x)) - frame.side;
    const top = Math.min(...inside.map((node) => node.y)) - frame.top;
    const right = Math.max(...inside.map((node) => node.x + nodeWidths[node.kind])) + frame.side;
    const bottom = Math.max(...inside.map((node) => node.y + node.height)) + frame.bottom;
    marks.push({
      id: formatMark({ kind: 'group', id }),
      kind: 'group',
      text: name,
      x: left,
      y: top,
      width: right - left,
      height: bottom - top,
      members: inside.map((node) => node.id),
    });
  }
  for (const { id, text, x, y } of layout?.notes ?? []) {
    marks.push({
      id: formatMark({ kind: 'note', id }),
      kind: 'note',
      text,
      x,
      y,
      width: noteWidth,
      height: noteHeight(text),
      members: [],
    });
  }
  return marks;
}

/** Endpoints belong where their pool belongs. */
function isMember(node: string, members: readonly string[]): boolean {
  if (members.includes(node)) return true;
  const ref = parseNode(node);
  const pool = ref?.kind === 'endpoint' ? ref.pool : parseFold(node);
  return pool !== null && members.includes(`pool:${pool}`);
}

function noteHeight(text: string): number {
  const lines = text
    .split('\n')
    .reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / noteLineLength)), 0);
  return 30 + Math.min(14, Math.max(1, lines)) * 17;
}
