// A document back to text. A fresh one is written clean; an existing one keeps the comments, quotes and styles that a
// person gave it wherever the value did not change. What comes out is read back and compared before it is believed.
import {
  Document,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { orderFields } from './fieldOrder';
import { parseWorkspaceText } from './workspaceText';

const writeOptions = { lineWidth: 0, flowCollectionPadding: true } as const;
/** Maps and lists of plain values up to this long are written on one line. */
const maxFlowLength = 90;

/** A clean text; `json` for files that end in .json. */
export function formatWorkspaceText(document: unknown, format: 'yaml' | 'json' = 'yaml'): string {
  const value = orderFields(document);
  if (format === 'json') return `${JSON.stringify(value, null, 2)}\n`;
  const yaml = new Document(value, { aliasDuplicateObjects: false });
  styleFresh(yaml.contents as Node | null);
  separateSections(yaml.contents as Node | null);
  return yaml.toString(writeOptions);
}

/**
 * The text of `newDocument`, made from `oldText`. Items of lists are recognised by their `id`. JSON stays JSON. A text that
 * cannot be read is written fresh.
 */
export function updateWorkspaceText(oldText: string, newDocument: unknown): string {
  const value = orderFields(newDocument);
  if (isJson(oldText)) return formatWorkspaceText(value, 'json');
  const before = parseWorkspaceText(oldText);
  if (before.issues.length > 0) return formatWorkspaceText(value);
  if (isSame(before.value, value)) return oldText;
  const old = parseDocument(oldText, { prettyErrors: false });
  // An alias would carry a change over to its neighbours.
  if (!isMap(old.contents) || containsAlias(old)) return formatWorkspaceText(value);
  const spliced = spliceScalars(oldText, old.contents, value);
  if (spliced !== null && readsAs(spliced, value)) return spliced;
  mergeMap(old as unknown as Document, old.contents, value as Record<string, unknown>);
  const indent = /^( +)- /m.exec(oldText) === null && /^- /m.test(oldText) ? { indentSeq: false } : {};
  const merged = old.toString({ ...writeOptions, ...indent });
  const kept = withOldLines(merged, oldText);
  if (readsAs(kept, value)) return kept;
  return readsAs(merged, value) ? merged : formatWorkspaceText(value);
}

/** Lines that differ from an old one only in blanks stay as the person wrote them, so that a change shows alone. */
function withOldLines(merged: string, oldText: string): string {
  const blankless = (line: string) => `${/^ */.exec(line)![0]}${line.replace(/\s+/g, '')}`;
  const known = new Map(oldText.split('\n').map((line) => [blankless(line), line]));
  return merged
    .split('\n')
    .map((line) => known.get(blankless(line)) ?? line)
    .join('\n');
}

function isJson(text: string): boolean {
  if (!text.trimStart().startsWith('{')) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function containsAlias(document: Document.Parsed): boolean {
  let isFound = false;
  visit(document, {
    Alias: () => {
      isFound = true;
      return visit.BREAK;
    },
  });
  return isFound;
}

function readsAs(text: string, value: unknown): boolean {
  const parsed = parseWorkspaceText(text);
  return parsed.issues.length === 0 && isSame(parsed.value, value);
}

function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every(
    (key) =>
      Object.hasOwn(b, key) &&
      isSame((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]),
  );
}

// ---------------------------------------------------------------- the small change: only the characters of the values

interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The text with only changed one-line values replaced; null when more than such values changed. */
function spliceScalars(text: string, root: Node, value: unknown): string | null {
  const splices: Splice[] = [];
  if (!collectSplices(text, root, value, splices)) return null;
  let result = text;
  for (const splice of splices.sort((a, b) => b.start - a.start)) {
    result = result.slice(0, splice.start) + splice.text + result.slice(splice.end);
  }
  return result;
}

function collectSplices(text: string, node: unknown, value: unknown, splices: Splice[]): boolean {
  if (isMap(node)) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    const fields = value as Record<string, unknown>;
    if (node.items.length !== Object.keys(fields).length) return false;
    return node.items.every((pair) => {
      const name = keyOf(pair);
      return Object.hasOwn(fields, name) && collectSplices(text, pair.value, fields[name], splices);
    });
  }
  if (isSeq(node)) {
    if (!Array.isArray(value) || value.length !== node.items.length) return false;
    if (isReordered(node, value)) return false;
    return node.items.every((item, index) => collectSplices(text, item, value[index], splices));
  }
  if (!isScalar(node)) return false;
  if (node.value === value) return true;
  if (typeof value === 'object' || node.range == null) return false;
  const [start, end] = node.range;
  const isOneLine = end > start && !text.slice(start, end).includes('\n');
  if (!isOneLine || (typeof value === 'string' && /[\n\r]/.test(value))) return false;
  splices.push({ start, end, text: scalarText(value, node as Scalar) });
  return true;
}

/** Items that changed places keep their comments only when they move as a whole. */
function isReordered(seq: YAMLSeq, value: readonly unknown[]): boolean {
  const ids = seq.items.map((item) => (isMap(item) ? item.get('id') : undefined));
  return value.some((item, index) => {
    const id = idOf(item);
    return id !== null && ids[index] !== id && ids.includes(id);
  });
}

function scalarText(value: unknown, like: Scalar): string {
  if (typeof value !== 'string') return String(value);
  // Written inside a flow list, so that it is quoted wherever either style would need it.
  const holder = new Document([value], { aliasDuplicateObjects: false });
  const list = holder.contents as unknown as YAMLSeq<Scalar>;
  list.flow = true;
  const style = like.type;
  if (style === 'QUOTE_DOUBLE' || style === 'QUOTE_SINGLE') list.items[0]!.type = style;
  const line = holder.toString({ lineWidth: 0, flowCollectionPadding: false }).trim();
  return line.slice(1, -1);
}

// ---------------------------------------------------------------- the larger change: node by node

function keyOf(pair: Pair): string {
  return String(isScalar(pair.key) ? pair.key.value : pair.key);
}

function mergeMap(document: Document, map: YAMLMap, value: Record<string, unknown>): void {
  for (const pair of [...map.items]) {
    if (!Object.hasOwn(value, keyOf(pair))) map.items.splice(map.items.indexOf(pair), 1);
  }
  let insertAt = 0;
  for (const [name, field] of Object.entries(value)) {
    const index = map.items.findIndex((pair) => keyOf(pair) === name);
    if (index >= 0) {
      const pair = map.items[index]!;
      pair.value = mergeNode(document, pair.value as Node | null, field);
      insertAt = Math.max(insertAt, index + 1);
    } else {
      const pair = document.createPair(name, field);
      styleFresh(pair.value as Node | null);
      map.items.splice(insertAt, 0, pair);
      insertAt++;
    }
  }
}

function mergeNode(document: Document, node: Node | null, value: unknown): Node {
  if (isMap(node) && typeof value === 'object' && value !== null && !Array.isArray(value)) {
    mergeMap(document, node, value as Record<string, unknown>);
    return node;
  }
  if (isSeq(node) && Array.isArray(value)) {
    mergeSeq(document, node, value);
    return node;
  }
  if (isScalar(node) && (typeof value !== 'object' || value === null)) {
    if (node.value !== value) {
      node.value = value;
      delete (node as { source?: string }).source;
      delete (node as { format?: string }).format;
    }
    return node;
  }
  const fresh = document.createNode(value) as Node;
  styleFresh(fresh);
  if (node !== null) carryComments(node, fresh);
  return fresh;
}

/** Each new item takes the old node of the same `id`, else of the same value, else (maps without id) of the same place. */
function mergeSeq(document: Document, seq: YAMLSeq, value: readonly unknown[]): void {
  const old = [...seq.items] as Node[];
  const plain = old.map((node) => node.toJS(document) as unknown);
  const taken = new Set<number>();
  const take = (index: number) => {
    if (index >= 0) taken.add(index);
    return index;
  };
  const find = (accept: (item: unknown, index: number) => boolean) =>
    take(plain.findIndex((item, index) => !taken.has(index) && accept(item, index)));
  const matches = value.map((item) => find((candidate) => isSame(candidate, item)));
  for (const [index, item] of value.entries()) {
    if (matches[index]! >= 0) continue;
    const id = idOf(item);
    if (id !== null) matches[index] = find((candidate) => idOf(candidate) === id);
    else if (typeof item === 'object') {
      matches[index] = find((candidate, place) => place === index && idOf(candidate) === null);
    }
  }
  if (old.length > 0 && value.length === 0) seq.flow = true;
  if (old.length === 0 && value.some((item) => typeof item === 'object')) seq.flow = false;
  seq.items = value.map((item, index) => {
    const match = matches[index]!;
    return mergeNode(document, match >= 0 ? old[match]! : null, item);
  });
}

function idOf(item: unknown): string | null {
  const id = typeof item === 'object' && item !== null ? (item as { id?: unknown }).id : undefined;
  return typeof id === 'string' ? id : null;
}

function carryComments(from: Node, to: Node): void {
  if (from.comment != null) to.comment = from.comment;
  if (from.commentBefore != null) to.commentBefore = from.commentBefore;
  if (from.spaceBefore === true) to.spaceBefore = true;
}

// ---------------------------------------------------------------- the look of what is new

function styleFresh(node: Node | null): void {
  if (!isCollection(node)) return;
  for (const item of node.items) styleFresh((isMap(node) ? (item as Pair).value : item) as Node | null);
  const children = node.items.map((item) => (isMap(node) ? (item as Pair).value : item));
  const isFlat = children.every((child) => isScalar(child));
  const isNamed = isMap(node) && node.has('id');
  if (isFlat && !isNamed && JSON.stringify(node.toJSON()).length <= maxFlowLength) node.flow = true;
}

function separateSections(root: Node | null): void {
  if (!isMap(root)) return;
  // The whole document is never one line, however short it is.
  root.flow = false;
  for (const [index, pair] of root.items.entries()) {
    const key = pair.key as Scalar | null;
    if (index > 0 && isCollection(pair.value) && key !== null) key.spaceBefore = true;
  }
}
