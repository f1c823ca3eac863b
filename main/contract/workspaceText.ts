// The workspace as text: YAML (or JSON, which YAML contains) in, positions for every problem, and text out that keeps
// what a person wrote where nothing changed. Anything that a hostile file can blow up (aliases, nesting, size) is bounded.
import {
  type CST,
  type Document,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type ParsedNode,
  Parser,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml';
import type { ConfigIssue } from './configIssue';

export type DocumentPath = readonly (string | number)[];
export interface TextPosition {
  /** 1-based. */
  readonly line: number;
  readonly column: number;
}

export interface ParsedText {
  /** null when the text cannot be read. */
  readonly value: unknown;
  readonly issues: readonly ConfigIssue[];
  /** Where the value at `path` (or its nearest ancestor that is there) stands; `key` = its field name instead. */
  locate(path: DocumentPath, target?: 'key' | 'value'): TextPosition | null;
}

const maxTextLength = 4 * 1024 * 1024;
/** A workspace needs about ten. */
const maxDepth = 100;
/** Values that aliases may expand to, in total; the "billion laughs" bound. */
const maxAliasCount = 1000;
const maxParseIssues = 20;

export function parseWorkspaceText(text: string): ParsedText {
  if (text.length > maxTextLength) return unreadable('the workspace is larger than 4 MiB', null);
  const lines = new LineCounter();
  const document = parseYaml(text, lines);
  if (typeof document === 'string') return unreadable(document, null);
  const faults = [...document.errors, ...document.warnings];
  const position = (offset: number): TextPosition => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const locate = (path: DocumentPath, target: 'key' | 'value' = 'value') => {
    const offset = findOffset(document, path, target);
    return offset === null ? null : position(offset);
  };
  if (faults.length > 0) {
    const issues = faults.slice(0, maxParseIssues).map((fault) => issueOf(fault, position(fault.pos[0])));
    return { value: null, issues, locate };
  }
  const value = toValue(document);
  if ('problem' in value) return unreadable(value.problem, position(value.offset));
  return { value: value.value, issues: [], locate };
}

/** Adds line and column where the text has the path. */
export function withPositions(
  issues: readonly ConfigIssue[],
  parsed: Pick<ParsedText, 'locate'>,
): ConfigIssue[] {
  return issues.map((issue) => {
    const position = parsed.locate(issue.path, issue.code === 'unknown_field' ? 'key' : 'value');
    return position === null ? issue : { ...issue, ...position };
  });
}

/** The parsed document, or in one sentence why not. */
function parseYaml(text: string, lineCounter: LineCounter): Document.Parsed | string {
  if (isTooDeep(text)) return 'the workspace is nested too deeply';
  return parseDocument(text, { lineCounter, uniqueKeys: true, prettyErrors: false });
}

/**
 * The token parser keeps its own stack, but what composes a document recurses, and a regular expression that V8 compiles
 * at the end of the call stack aborts the process. So depth is measured on the tokens first, without recursion.
 */
function isTooDeep(text: string): boolean {
  const open: { readonly token: CST.Token; readonly depth: number }[] = [];
  for (const token of new Parser().parse(text)) open.push({ token, depth: 0 });
  for (let entry = open.pop(); entry !== undefined; entry = open.pop()) {
    const { token, depth } = entry;
    if (depth > maxDepth) return true;
    const push = (child: CST.Token | null | undefined) => {
      if (child != null) open.push({ token: child, depth: depth + 1 });
    };
    if ('value' in token) push(token.value);
    if (!('items' in token)) continue;
    for (const item of token.items) {
      push(item.key);
      push(item.value);
    }
  }
  return false;
}

type ValueResult = { readonly value: unknown } | { readonly problem: string; readonly offset: number };

function toValue(document: Document.Parsed): ValueResult {
  try {
    return { value: document.toJS({ maxAliasCount }) };
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
  }
  let offset: number | null = null;
  visit(document, {
    Alias: (_key, node) => {
      if (node.resolve(document) !== undefined) return undefined;
      offset = startOf(node);
      return visit.BREAK;
    },
  });
  if (offset === null) return { problem: 'the aliases expand to too much; write the values out', offset: 0 };
  return { problem: 'this alias names an anchor that is not defined above it', offset };
}

function unreadable(message: string, position: TextPosition | null): ParsedText {
  const issue: ConfigIssue = { code: 'broken_yaml', severity: 'error', path: [], message, ...position };
  return { value: null, issues: [issue], locate: () => null };
}

function issueOf(fault: YAMLError, position: TextPosition): ConfigIssue {
  return { code: 'broken_yaml', severity: 'error', path: [], message: faultMessage(fault), ...position };
}

function faultMessage(fault: YAMLError): string {
  switch (fault.code) {
    case 'DUPLICATE_KEY':
      return 'the same field is written twice here; keep one of them';
    case 'MULTIPLE_DOCS':
      return 'the file holds more than one document; a workspace is exactly one, remove what follows the "---"';
    case 'RESOURCE_EXHAUSTION':
      return 'the workspace is nested too deeply';
    default:
      return `not valid YAML: ${firstSentence(fault.message)}`;
  }
}

function firstSentence(message: string): string {
  const line = message.split('\n')[0]!.trim();
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}

function findOffset(document: Document.Parsed, path: DocumentPath, target: 'key' | 'value'): number | null {
  let node: unknown = document.contents;
  let offset = startOf(node);
  for (const [depth, part] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document);
    const isLast = depth === path.length - 1;
    if (isSeq(node) && typeof part === 'number') {
      node = node.items[part];
    } else if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(part));
      if (pair === undefined) return offset;
      const keyOffset = startOf(pair.key);
      node = pair.value;
      // A field without a value ("port:") has nothing to point at but its name.
      const isEmpty = isScalar(node) && node.value === null && node.source === '';
      if ((isLast && target === 'key') || isEmpty || node === null) offset = keyOffset ?? offset;
      else offset = startOf(node) ?? keyOffset ?? offset;
      continue;
    } else {
      return offset;
    }
    if (node === undefined) return offset;
    offset = startOf(node) ?? offset;
  }
  return offset;
}

function startOf(node: unknown): number | null {
  if (isPair(node)) return startOf(node.key);
  if (!isNode(node)) return null;
  return (node as ParsedNode).range?.[0] ?? null;
}
