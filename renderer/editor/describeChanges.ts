// What applying a draft would change, in words: "Listener web: port 8080 → 8081". Positions on the canvas are left out.
import type { WorkspaceDocument } from '../../main/contract/config';
import { equalJson } from '../stores/equalJson';
import { fieldHelp } from './fieldHelp';
import { formatNode } from './nodeIds';

export interface ConfigChange {
  readonly kind: 'added' | 'changed' | 'removed';
  /** The canvas node to show, null when it is gone or is the workspace itself. */
  readonly node: string | null;
  /** "Listener web". */
  readonly subject: string;
  /** "port 8080 → 8081"; empty for what was removed. */
  readonly detail: string;
}

type Kind = 'listener' | 'route' | 'pool';
type Fields = Readonly<Record<string, unknown>>;
type Item = { readonly id: string };

const words: Readonly<Record<Kind, string>> = { listener: 'Listener', route: 'Route', pool: 'Pool' };

export function describeChanges(before: WorkspaceDocument, after: WorkspaceDocument): ConfigChange[] {
  return [
    ...listChanges('listener', before.listeners ?? [], after.listeners ?? []),
    ...listChanges('route', before.routes ?? [], after.routes ?? []),
    ...listChanges('pool', before.pools ?? [], after.pools ?? []),
    ...fieldChanges('capture', before.capture ?? {}, after.capture ?? {}).map(
      (detail): ConfigChange => ({ kind: 'changed', node: null, subject: 'Capture', detail }),
    ),
  ];
}

function listChanges(kind: Kind, before: readonly Item[], after: readonly Item[]): ConfigChange[] {
  const old = new Map(before.map((item) => [item.id, item]));
  const changes: ConfigChange[] = [];
  for (const item of after) {
    const subject = `${words[kind]} ${item.id}`;
    const node = formatNode({ kind, id: item.id });
    const previous = old.get(item.id);
    old.delete(item.id);
    if (previous === undefined) {
      changes.push({ kind: 'added', node, subject, detail: additionWords(item as unknown as Fields) });
      continue;
    }
    for (const detail of fieldChanges(kind, previous as unknown as Fields, item as unknown as Fields)) {
      changes.push({ kind: 'changed', node, subject, detail });
    }
  }
  for (const id of old.keys()) {
    changes.push({ kind: 'removed', node: null, subject: `${words[kind]} ${id}`, detail: '' });
  }
  const order = orderChange(before, after);
  if (order) {
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
function orderChange(before: readonly Item[], after: readonly Item[]): boolean {
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

function fieldChanges(prefix: string, before: Fields, after: Fields): string[] {
  const details: string[] = [];
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, now] = [before[key], after[key]];
    if (equalJson(old, now)) continue;
    const name = `${prefix}.${key}`;
    if (openedFields.has(key)) details.push(...fieldChanges(name, asFields(old), asFields(now)));
    else details.push(`${fieldLabel(name, key)} ${changeWords(name, old, now)}`);
  }
  return details;
}

function asFields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function fieldLabel(name: string, key: string): string {
  const known = (fieldHelp as Readonly<Record<string, { readonly label: string }>>)[name];
  const label = known?.label ?? key;
  return label.charAt(0).toLowerCase() + label.slice(1);
}

function changeWords(name: string, old: unknown, now: unknown): string {
  const known = (fieldHelp as Readonly<Record<string, { readonly fallback?: string }>>)[name];
  const unset = known?.fallback ?? (Array.isArray(old ?? now) ? 'none' : 'default');
  const left = old === undefined ? unset : valueWords(old);
  const right = now === undefined ? unset : valueWords(now);
  // Two long lists would hide the change; then the fact alone is said.
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
