import type { FilterDocument } from '../../main/contract/config';

export interface EditableFilter {
  readonly label: string;
  readonly hint: string;
  /** What a new one starts as. */
  readonly first: FilterDocument;
}

/** The filters that have a form. Others are kept as they are and shown by name. */
export const editableFilters: readonly EditableFilter[] = [
  { label: 'Request headers', hint: 'set, add, remove', first: { type: 'requestHeaders', set: {} } },
  { label: 'Response headers', hint: 'set, add, remove', first: { type: 'responseHeaders', set: {} } },
  { label: 'Rewrite', hint: 'other path or host for the backend', first: { type: 'rewrite' } },
  { label: 'Redirect', hint: 'send the client elsewhere', first: { type: 'redirect', status: 302 } },
  { label: 'Respond', hint: 'a fixed answer, no backend', first: { type: 'respond', status: 200, body: '' } },
  {
    label: 'Access',
    hint: 'allow and deny client addresses',
    first: { type: 'access', allow: [], deny: [] },
  },
  {
    label: 'Rate limit',
    hint: 'so many requests per second',
    first: { type: 'rateLimit', requests: 10, perSeconds: 1 },
  },
  {
    label: 'Sign-in',
    hint: 'name and password (basic authentication)',
    first: { type: 'basicAuth', users: {} },
  },
  {
    label: 'Fault',
    hint: 'delay, abort or slow down on purpose',
    first: { type: 'fault', delay: { percent: 100, ms: 500 } },
  },
  { label: 'Mirror', hint: 'a copy to another pool', first: { type: 'mirror', pool: '' } },
];

export function filterLabel(type: FilterDocument['type']): string {
  return editableFilters.find((filter) => filter.first.type === type)?.label ?? type;
}

export function moveItem<T>(items: readonly T[], from: number, to: number): T[] {
  const item = items[from];
  if (item === undefined || to < 0 || to >= items.length) return [...items];
  return items.toSpliced(from, 1).toSpliced(to, 0, item);
}

/** A filter, or a part of one, with one field set, or without it. */
export function withPart<T extends object>(filter: T, key: string, value: unknown): T {
  const { [key as keyof T]: _old, ...rest } = filter;
  return (value === undefined ? rest : { ...rest, [key]: value }) as T;
}
