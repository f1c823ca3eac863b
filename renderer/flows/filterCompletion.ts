// What may come next while a filter is typed: fields, then the values that the listed flows have. Pure.
import type { Flow } from '../../main/contract/flow';
import { filterFields, filterStates } from '../stores/flowFilter';

export interface Completion {
  /** The whole filter with this choice in it, and where the cursor stands then. */
  readonly text: string;
  readonly cursor: number;
  readonly label: string;
  readonly help: string;
}

const mostChoices = 8;
/** Flows that are looked at for values; enough to offer what is going on. */
const flowsLookedAt = 500;

export function completionsAt(text: string, cursor: number, flows: readonly Flow[]): Completion[] {
  const from = text.slice(0, cursor).search(/\S*$/);
  const typed = text.slice(from, cursor);
  if (typed.includes('"')) return [];
  const sign = typed.startsWith('-') ? '-' : '';
  const word = typed.slice(sign.length);
  const operator = /[:=~<>]/.exec(word);
  const choices = operator === null ? fieldChoices(word) : valueChoices(word, flows);
  return choices.slice(0, mostChoices).map(({ insert, label, help }) => {
    const before = `${text.slice(0, from)}${sign}${insert}`;
    return { text: before + text.slice(cursor), cursor: before.length, label, help };
  });
}

interface Choice {
  readonly insert: string;
  readonly label: string;
  readonly help: string;
}

function fieldChoices(word: string): Choice[] {
  const lower = word.toLowerCase();
  return filterFields
    .filter((field) => field.name.startsWith(lower))
    .map((field) => {
      const operator =
        field.type === 'text' || field.type === 'state' ? ':' : field.name === 'status' ? '>=' : '>';
      return { insert: `${field.name}${operator}`, label: field.example, help: field.help };
    });
}

function valueChoices(word: string, flows: readonly Flow[]): Choice[] {
  const found = /^([a-z]+)(>=|<=|[:=<>])(.*)$/i.exec(word);
  if (found === null) return [];
  const [, name = '', operator = '', typed = ''] = found;
  const field = name.toLowerCase();
  const lower = typed.toLowerCase();
  if (field === 'is') {
    return Object.entries(filterStates)
      .filter(([state]) => state.startsWith(lower) && state !== lower)
      .map(([state, { help }]) => ({ insert: `is:${state} `, label: `is:${state}`, help }));
  }
  const counts = new Map<string, number>();
  for (const flow of flows.slice(0, flowsLookedAt)) {
    const value = fieldValue(flow, field);
    if (value === null || value === '' || !value.toLowerCase().includes(lower) || value === typed) continue;
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([value, count]) => {
      const written = /[\s"]/.test(value) ? `"${value.replace(/(["\\])/g, '\\$1')}"` : value;
      const insert = `${field}${operator}${written} `;
      return { insert, label: insert.trim().slice(0, 60), help: `${count} in the list` };
    });
}

function fieldValue(flow: Flow, field: string): string | null {
  switch (field) {
    case 'host':
      return flow.hostname ?? flow.serverName;
    case 'path':
      return flow.target?.split('?')[0] ?? null;
    case 'method':
      return flow.method;
    case 'route':
      return flow.route;
    case 'pool':
      return flow.pool;
    case 'endpoint':
      return flow.endpoint;
    case 'listener':
      return flow.listener;
    case 'client':
      return flow.client?.address ?? null;
    case 'error':
      return flow.failure?.code ?? null;
    case 'protocol':
      return flow.upgrade?.toLowerCase() ?? flow.kind;
    case 'status':
      return flow.status === null ? null : String(flow.status);
    default:
      return null;
  }
}
