// Folds the header edits of many filters into one pass over the head, and replays them one by one for people.
import type { RawHeaders } from '../../contract/flowEvent';
import type { HeaderEdits } from '../compiledConfig';

export interface HeaderEditList {
  readonly set: Readonly<Record<string, string>>;
  readonly add: Readonly<Record<string, string>>;
  readonly remove: readonly string[];
}

// Framing and hop-by-hop fields belong to the proxy: an edit of them would make the two legs disagree.
const untouchable: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
]);

interface FoldedField {
  isOriginalRemoved: boolean;
  readonly lines: string[];
}

/** One pass that has the same effect as all lists in order; null = nothing to do. */
export function foldHeaderEdits(lists: readonly HeaderEditList[]): HeaderEdits | null {
  const fields = new Map<string, FoldedField>();
  const field = (name: string): FoldedField => {
    const key = name.toLowerCase();
    let found = fields.get(key);
    if (found === undefined) {
      found = { isOriginalRemoved: false, lines: [] };
      fields.set(key, found);
    }
    return found;
  };
  const replace = (name: string, lines: readonly string[]): void => {
    const target = field(name);
    target.isOriginalRemoved = true;
    target.lines.splice(0, target.lines.length, ...lines);
  };
  for (const list of lists) {
    for (const name of list.remove) if (isRemovable(name)) replace(name, []);
    for (const [name, value] of Object.entries(list.set)) {
      if (isEditable(name)) replace(name, [`${name}: ${value}\r\n`]);
    }
    for (const [name, value] of Object.entries(list.add)) {
      if (!isEditable(name)) continue;
      // A second Host would be read differently by every server, so adding one replaces it.
      if (name.toLowerCase() === 'host') replace(name, [`${name}: ${value}\r\n`]);
      else field(name).lines.push(`${name}: ${value}\r\n`);
    }
  }
  const removedNames = new Set<string>();
  let appendedLines = '';
  for (const [name, { isOriginalRemoved, lines }] of fields) {
    if (isOriginalRemoved) removedNames.add(name);
    appendedLines += lines.join('');
  }
  return removedNames.size === 0 && appendedLines === '' ? null : { removedNames, appendedLines };
}

/** The head after one filter, for the before/after view; same rules as `foldHeaderEdits`. */
export function applyHeaderEdits(headers: RawHeaders, list: HeaderEditList): RawHeaders {
  let result: (readonly [string, string])[] = [...headers];
  const without = (name: string) => {
    const key = name.toLowerCase();
    result = result.filter(([other]) => other.toLowerCase() !== key);
  };
  for (const name of list.remove) if (isRemovable(name)) without(name);
  for (const [name, value] of Object.entries(list.set)) {
    if (!isEditable(name)) continue;
    without(name);
    result.push([name, value]);
  }
  for (const [name, value] of Object.entries(list.add)) {
    if (!isEditable(name)) continue;
    if (name.toLowerCase() === 'host') without(name);
    result.push([name, value]);
  }
  return result;
}

function isEditable(name: string): boolean {
  return !untouchable.has(name.toLowerCase());
}

function isRemovable(name: string): boolean {
  return isEditable(name) && name.toLowerCase() !== 'host';
}

/** One pass that has the effect of `first` and then of `second`. */
export function layeredEdits(first: HeaderEdits | null, second: HeaderEdits | null): HeaderEdits | null {
  if (first === null || second === null) return first ?? second;
  const kept = withoutNames(first.appendedLines, second.removedNames);
  return {
    removedNames: new Set([...first.removedNames, ...second.removedNames]),
    appendedLines: kept + second.appendedLines,
  };
}

/** Field lines, each with its line end, without those of these lower-case names. */
export function withoutNames(lines: string, names: ReadonlySet<string>): string {
  if (names.size === 0 || lines === '') return lines;
  return lines.replace(/([^:\r\n]+):.*\r\n/g, (line, name: string) =>
    names.has(name.toLowerCase()) ? '' : line,
  );
}
