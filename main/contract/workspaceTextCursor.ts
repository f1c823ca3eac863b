// What stands at a place of a workspace's text, also of a half-typed one: for completion, help and following the selection.
// A word is put where the cursor is and the text is parsed by the forgiving YAML parser; wherever the word ends up is the path.
import {
  type Document,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  visit,
} from 'yaml';
import type { DocumentPath } from './workspaceText';

export interface TextCursor {
  /** Of the object (for `key`) or of the value that is typed (for `value`). */
  readonly path: DocumentPath;
  readonly kind: 'key' | 'value';
  /** Where the word at the cursor begins. */
  readonly from: number;
  readonly word: string;
  /** Names that the object has already. */
  readonly siblings: readonly string[];
  /** The document as far as it can be read, with the word in it. */
  readonly document: unknown;
}

/** Longer texts get no help: each keystroke would parse them whole. */
const maxLength = 400_000;
const mark = 'hopscopecursor';

/** null = nothing can be typed here (a comment, a quoted text), or the text is beyond help. */
export function cursorAt(text: string, offset: number): TextCursor | null {
  if (text.length > maxLength) return null;
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const before = text.slice(lineStart, offset);
  if (/(^|\s)#/.test(before) || /["'][^"']*$/.test(before.replace(/"[^"]*"|'[^']*'/g, ''))) return null;
  const word = /[^\s,[\]{}:]*$/.exec(before)![0];
  const from = offset - word.length;
  const lineRest = /^[^\s,[\]{}:\n]*/.exec(text.slice(offset))![0];
  const until = offset + lineRest.length;
  const kind = isValuePlace(text.slice(lineStart, from)) ? 'value' : 'key';
  const hasColon = /^\s*:(\s|$)/.test(text.slice(until));
  const typed = kind === 'key' && !hasColon ? `${mark}: ` : mark;
  const found = locate(`${text.slice(0, from)}${typed}${text.slice(until)}`);
  if (found !== null) return { ...found, from, word };
  // "- we": in a list of words the first word is no field name.
  const asValue = kind === 'key' ? locate(`${text.slice(0, from)}${mark}${text.slice(until)}`) : null;
  return asValue === null ? null : { ...asValue, from, word };
}

/** The path of the innermost value that covers a place; empty = the document. */
export function pathAt(text: string, offset: number): DocumentPath {
  if (text.length > maxLength) return [];
  const document = parseDocument(text, { prettyErrors: false, keepSourceTokens: true });
  const path: (string | number)[] = [];
  let node: unknown = document.contents;
  for (;;) {
    const next = childAt(node, offset, text);
    if (next === null) return path;
    path.push(next.part);
    node = next.node;
  }
}

/** Where the value at a path stands, key included: offsets from the start of its first line to its end. null = nowhere. */
export function rangeOf(
  text: string,
  path: DocumentPath,
): { readonly from: number; readonly to: number } | null {
  if (text.length > maxLength) return null;
  let node: unknown = parseDocument(text, { prettyErrors: false }).contents;
  let start: number | null = null;
  for (const part of path) {
    if (isSeq(node) && typeof part === 'number') {
      node = node.items[part];
      start = startOf(node);
    } else if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && item.key.value === part);
      if (pair === undefined) return null;
      start = startOf(pair.key);
      node = pair.value;
    } else return null;
  }
  const end = endOf(node) ?? start;
  if (start === null || end === null) return null;
  return { from: text.lastIndexOf('\n', start - 1) + 1, to: Math.max(start, end) };
}

/** After "key: ", after "- " of a list of words, or inside "[". */
function isValuePlace(line: string): boolean {
  const unquoted = line.replace(/"[^"]*"|'[^']*'/g, 'x');
  const open: string[] = [];
  for (const character of unquoted) {
    if (character === '[' || character === '{') open.push(character);
    if (character === ']' || character === '}') open.pop();
  }
  const innermost = open.at(-1);
  const tail = innermost === undefined ? unquoted : unquoted.slice(unquoted.lastIndexOf(innermost) + 1);
  const last = tail.split(',').at(-1) ?? '';
  if (/:\s+$|:\s+\S*$/.test(last) || /[^\s]:\s*$/.test(last)) return true;
  return innermost === '[';
}

function locate(text: string): Omit<TextCursor, 'from' | 'word'> | null {
  const document = parseDocument(text, { prettyErrors: false, uniqueKeys: false });
  let found: Omit<TextCursor, 'from' | 'word' | 'document'> | null = null;
  visit(document, {
    Scalar: (key, node, ancestors) => {
      if (node.value !== mark) return undefined;
      const isKey = key === 'key';
      const path = pathOf(document, ancestors as readonly unknown[], isKey ? 'key' : node);
      const parent = ancestors.filter(isMap).at(-1);
      const siblings = isKey && parent !== undefined ? keysOf(parent.items) : [];
      found = { kind: isKey ? 'key' : 'value', path, siblings };
      return visit.BREAK;
    },
  });
  if (found === null) return null;
  return { ...(found as Omit<TextCursor, 'from' | 'word' | 'document'>), document: plain(document) };
}

function plain(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    return null; // an alias that names nothing yet
  }
}

/** Names of pairs and places in lists on the way down to a node, or to the map whose key it is. */
function pathOf(document: Document, ancestors: readonly unknown[], leaf: unknown): DocumentPath {
  const chain = [...ancestors.filter((each) => each !== document), ...(leaf === 'key' ? [] : [leaf])];
  const path: (string | number)[] = [];
  for (const [index, each] of chain.entries()) {
    if (isPair(each) && isScalar(each.key) && !(leaf === 'key' && index === chain.length - 1)) {
      path.push(String(each.key.value));
    }
    const next = chain[index + 1];
    if (isSeq(each) && next !== undefined) path.push(each.items.indexOf(next as never));
  }
  return path;
}

function keysOf(items: readonly Pair[]): string[] {
  return items.flatMap((pair) => {
    const name = isScalar(pair.key) ? String(pair.key.value) : '';
    return name === '' || name === mark ? [] : [name];
  });
}

function childAt(
  node: unknown,
  offset: number,
  text: string,
): { readonly part: string | number; readonly node: unknown } | null {
  if (isMap(node)) {
    for (const pair of node.items) {
      const start = startOf(pair.key);
      const end = endOf(pair.value) ?? endOf(pair.key);
      if (start === null || end === null || !covers(text, start, end, offset)) continue;
      return { part: String(isScalar(pair.key) ? pair.key.value : ''), node: pair.value };
    }
  }
  if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) {
      const [start, end] = [startOf(item), endOf(item)];
      if (start === null || end === null) continue;
      if (covers(text, start, end, offset)) return { part: index, node: item };
    }
  }
  return null;
}

/** From the "- " or the start of its line to its end; the blanks behind it belong to it while no other line begins. */
function covers(text: string, start: number, end: number, offset: number): boolean {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const isFirstOnLine = /^[\s-]*$/.test(text.slice(lineStart, start));
  const trimmed = text.slice(0, end).trimEnd().length;
  const lineEnd = text.indexOf('\n', trimmed);
  return offset >= (isFirstOnLine ? lineStart : start) && offset <= (lineEnd < 0 ? text.length : lineEnd);
}

function startOf(node: unknown): number | null {
  return (node as Node | null | undefined)?.range?.[0] ?? null;
}

function endOf(node: unknown): number | null {
  return (node as Node | null | undefined)?.range?.[1] ?? null;
}
