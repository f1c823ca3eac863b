// What applying a draft would change, in words: "Listener web: port 8080 → 8081". Positions on the canvas are left out.
import type { WorkspaceDocument } from './config';
import { equalJson } from './equalJson';
import { layoutNode, type NodeKind } from './layoutEdit';

export interface ConfigChange {
  readonly kind: 'added' | 'changed' | 'removed';
  /** The canvas node to show, null when it is gone or is the workspace itself. */
  readonly node: string | null;
  /** "Listener web". */
  readonly subject: string;
  /** "port 8080 → 8081"; empty for what was removed. */
  readonly detail: string;
}

/** What fields are called, by their path without indexes ("listener.limits.maxConnections"). */
export type FieldWords = Readonly<
  Record<string, { readonly label: string; readonly fallback?: string } | undefined>
>;

type Fields = Readonly<Record<string, unknown>>;
type Item = { readonly id: string };

const words: Readonly<Record<NodeKind, string>> = { listener: 'Listener', route: 'Route', pool: 'Pool' };

/** One entry for each thing that differs. Without `fieldWords` fields are called by their names. */
export function describeChanges(
  before: WorkspaceDocument,
  after: WorkspaceDocument,
  fieldWords: FieldWords = {},
): ConfigChange[] {
  const capture = fieldChanges(fieldWords, 'capture', before.capture ?? {}, after.capture ?? {});
  return [
    ...listChanges(fieldWords, 'listener', before.listeners ?? [], after.listeners ?? []),
    ...listChanges(fieldWords, 'route', before.routes ?? [], after.routes ?? []),
    ...listChanges(fieldWords, 'pool', before.pools ?? [], after.pools ?? []),
    ...capture.map((detail): ConfigChange => ({ kind: 'changed', node: null, subject: 'Capture', detail })),
  ];
}

/** "Route hello: adds filter cache"; "Pool old removed". */
export function changeSentence({ kind, subject, detail }: ConfigChange): string {
  if (kind === 'changed') return `${subject}: ${detail}`;
  return detail === '' ? `${subject} ${kind}` : `${subject} ${kind}: ${detail}`;
}

/** At most `most` changes in one line; the rest is counted. Empty = only the canvas or comments differ. */
export function summarizeChanges(changes: readonly ConfigChange[], most = 3): string {
  const said = changes.slice(0, most).map(changeSentence);
  if (changes.length > most) said.push(`and ${changes.length - most} more`);
  return said.join('; ');
}

function listChanges(
  fieldWords: FieldWords,
  kind: NodeKind,
  before: readonly Item[],
  after: readonly Item[],
): ConfigChange[] {
  const old = new Map(before.map((item) => [item.id, item]));
  const changes: ConfigChange[] = [];
  for (const item of after) {
    const subject = `${words[kind]} ${item.id}`;
    const node = layoutNode(kind, item.id);
    const previous = old.get(item.id);
    old.delete(item.id);
    if (previous === undefined) {
      changes.push({ kind: 'added', node, subject, detail: additionWords(item as unknown as Fields) });
      continue;
    }
    const details = fieldChanges(fieldWords, kind, previous as unknown as Fields, item as unknown as Fields);
    for (const detail of details) changes.push({ kind: 'changed', node, subject, detail });
  }
  for (const item of old.values()) {
    changes.push({ kind: 'removed', node: null, subject: `${words[kind]} ${item.id}`, detail: '' });
  }
  if (isOrderChanged(before, after)) {
    changes.push({
      kind: 'changed',
      node: null,
      subject: `${words[kind]}s`,
      detail: 'order in the document',
    });
  }
  return changes;
}

/** Document order is the last tie-breaker between routes, so it matters. */
function isOrderChanged(before: readonly Item[], after: readonly Item[]): boolean {
  const ids = new Set(after.map((item) => item.id));
  const kept = before.filter((item) => ids.has(item.id)).map((item) => item.id);
  const keptIds = new Set(kept);
  const now = after.filter((item) => keptIds.has(item.id)).map((item) => item.id);
  return !equalJson(kept, now);
}

function additionWords(item: Fields): string {
  if (typeof item.protocol === 'string' && typeof item.port === 'number') {
    const address = typeof item.address === 'string' ? item.address : '127.0.0.1';
    return `${item.protocol} on ${address}:${item.port}`;
  }
  if (Array.isArray(item.endpoints)) return valueWords(item.endpoints);
  const hosts = item.hostnames;
  return Array.isArray(hosts) && hosts.length > 0 ? hosts.join(', ') : '';
}

/** Fields whose parts are worth a line of their own. */
const openedFields = new Set(['limits', 'tls', 'timeouts', 'connections', 'loadBalancing']);

function fieldChanges(fieldWords: FieldWords, prefix: string, before: Fields, after: Fields): string[] {
  const details: string[] = [];
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, now] = [before[key], after[key]];
    if (equalJson(old, now)) continue;
    const name = `${prefix}.${key}`;
    if (openedFields.has(key)) {
      details.push(...fieldChanges(fieldWords, name, asFields(old), asFields(now)));
      continue;
    }
    const label = fieldWords[name]?.label ?? spacedWords(key);
    const fallback = fieldWords[name]?.fallback;
    details.push(partsChange(key, old, now) ?? `${lowerFirst(label)} ${changeWords(fallback, old, now)}`);
  }
  return details;
}

function asFields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

/** What one part of a list is called, and by what it is the same part after a change. */
const partWords: Readonly<Record<string, readonly [word: string, identity: (part: Fields) => string]>> = {
  filters: ['filter', (part) => String(part.type)],
  backends: ['backend', (part) => String(part.pool)],
  endpoints: ['endpoint', (part) => `${String(part.address)}:${String(part.port)}`],
};

/** "adds filter cache, removes endpoint 10.0.0.1:80"; null when this list is better shown whole. */
function partsChange(key: string, old: unknown, now: unknown): string | null {
  const known = partWords[key];
  if (known === undefined) return null;
  const [word, identity] = known;
  const [before, after] = [asList(old), asList(now)];
  const names = (list: readonly unknown[]) => list.map((part) => identity(asFields(part)));
  const [oldNames, newNames] = [names(before), names(after)];
  // The same thing twice (two redirects): then only their places tell them apart.
  if (new Set(oldNames).size < oldNames.length || new Set(newNames).size < newNames.length) return null;
  const added = after.filter((_part, index) => !oldNames.includes(newNames[index]!));
  const removed = oldNames.filter((name) => !newNames.includes(name));
  const edited = after.flatMap((part, index) => {
    const previous = before[oldNames.indexOf(newNames[index]!)];
    return previous === undefined || equalJson(previous, part)
      ? []
      : [partEdit(word, newNames[index]!, previous, part)];
  });
  const said = [
    ...(added.length > 0 ? [`adds ${plural(word, added.length)} ${added.map(valueWords).join(', ')}`] : []),
    ...(removed.length > 0 ? [`removes ${plural(word, removed.length)} ${removed.join(', ')}`] : []),
    ...edited,
  ];
  const text = said.length === 0 ? `changes the order of ${plural(word, 2)}` : said.join(', ');
  return text.length > 160 ? null : text;
}

function partEdit(word: string, name: string, old: unknown, now: unknown): string {
  const [before, after] = [asFields(old), asFields(now)];
  const isWeightOnly = equalJson({ ...before, weight: 0 }, { ...after, weight: 0 });
  if (!isWeightOnly) return `changes ${word} ${name}`;
  return `${word} ${name} weight ${String(before.weight ?? 1)} → ${String(after.weight ?? 1)}`;
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function plural(word: string, count: number): string {
  return count === 1 ? word : `${word}s`;
}

/** "maxConnections" → "max connections". */
function spacedWords(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function changeWords(fallback: string | undefined, old: unknown, now: unknown): string {
  const unset = fallback ?? (Array.isArray(old ?? now) ? 'none' : 'default');
  const left = old === undefined ? unset : valueWords(old);
  const right = now === undefined ? unset : valueWords(now);
  // Two long values would hide the change; then the fact alone is said.
  return left.length + right.length > 90 || left === right ? 'changed' : `${left} → ${right}`;
}

function valueWords(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(valueWords).join(', ');
  if (typeof value !== 'object' || value === null) return String(value);
  const fields = value as Fields;
  if ('address' in fields && 'port' in fields) {
    const weight = fields.weight === undefined ? '' : ` weight ${String(fields.weight)}`;
    return `${String(fields.address)}:${String(fields.port)}${weight}`;
  }
  if (typeof fields.pool === 'string' && !('type' in fields)) {
    return fields.weight === undefined ? fields.pool : `${fields.pool} (${String(fields.weight)})`;
  }
  if (typeof fields.type === 'string') return fields.type;
  return JSON.stringify(value);
}
