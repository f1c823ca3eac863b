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
  { label: 'Cache', hint: 'answer again without a backend', first: { type: 'cache' } },
  { label: 'Compress', hint: 'zstd, Brotli or gzip for text', first: { type: 'compress' } },
];

export function filterLabel(type: FilterDocument['type']): string {
  return editableFilters.find((filter) => filter.first.type === type)?.label ?? type;
}

/** What a filter does, for its chip on the canvas: a word or two, and the whole. */
export function filterChip(filter: FilterDocument): { readonly text: string; readonly summary: string } {
  const summary = filterSummary(filter);
  const label = filterLabel(filter.type);
  return { text: summary.chip, summary: summary.detail === '' ? label : `${label}: ${summary.detail}` };
}

function filterSummary(filter: FilterDocument): { readonly chip: string; readonly detail: string } {
  switch (filter.type) {
    case 'requestHeaders':
    case 'responseHeaders': {
      const names = [...Object.keys(filter.set ?? {}), ...Object.keys(filter.add ?? {})];
      const removed = (filter.remove ?? []).map((name) => `−${name}`);
      const chip = filter.type === 'requestHeaders' ? 'headers →' : '← headers';
      return { chip, detail: [...names, ...removed].join(', ') };
    }
    case 'rewrite': {
      const parts = [filter.hostname, filter.path?.value].filter((part) => part !== undefined && part !== '');
      return { chip: 'rewrite', detail: parts.join(' ') };
    }
    case 'redirect': {
      const target =
        `${filter.scheme ?? ''}${filter.hostname === undefined ? '' : ` ${filter.hostname}`}`.trim();
      return {
        chip: `→ ${target === '' ? 'redirect' : target}`,
        detail: `${filter.status ?? 302} ${target}`.trim(),
      };
    }
    case 'respond':
      return {
        chip: `answers ${filter.status ?? 200}`,
        detail: `always ${filter.status ?? 200}, no backend`,
      };
    case 'mirror':
      return {
        chip: `copy → ${filter.pool}`,
        detail: `${filter.percent ?? 100} % of the requests to ${filter.pool}`,
      };
    case 'fault': {
      const delay = filter.delay === undefined ? [] : [`delay ${filter.delay.ms} ms`];
      const abort = filter.abort === undefined ? [] : [`abort ${filter.abort.status ?? 503}`];
      const slow =
        filter.bandwidthBytesPerSecond === undefined ? [] : [`${filter.bandwidthBytesPerSecond} bytes/s`];
      const parts = [...delay, ...abort, ...slow];
      return { chip: parts[0] ?? 'fault', detail: parts.join(', ') };
    }
    case 'rateLimit': {
      const per = filter.perSeconds ?? 1;
      const rate = `${filter.requests}/${per === 1 ? 's' : `${per} s`}`;
      return { chip: `limit ${rate}`, detail: rate };
    }
    case 'cache':
      return { chip: 'cache', detail: '' };
    case 'compress':
      return { chip: 'compress', detail: (filter.encodings ?? []).join(', ') };
    case 'basicAuth':
      return { chip: 'sign-in', detail: Object.keys(filter.users).join(', ') };
    case 'access': {
      const allow = filter.allow?.length ?? 0;
      const deny = filter.deny?.length ?? 0;
      return { chip: 'access', detail: `${allow} allowed, ${deny} denied` };
    }
    default:
      return { chip: (filter as FilterDocument).type, detail: '' };
  }
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
