// What is wrong with the settings of a filter, said at the entry that is wrong.
import { parseAddressRange } from './addressRange';
import type { Filter, Workspace } from './config';
import type { ConfigIssue } from './configIssue';
import { parsePasswordHash } from './passwordHash';

type Path = ConfigIssue['path'];
type FilterOf<Type extends Filter['type']> = Extract<Filter, { type: Type }>;

export function filterIssues(workspace: Workspace): ConfigIssue[] {
  return workspace.routes.flatMap((route, index) =>
    route.kind === 'http'
      ? [
          ...route.filters.flatMap((filter, position) =>
            issuesOf(filter, ['routes', index, 'filters', position]),
          ),
          ...orderIssues(route.filters, ['routes', index, 'filters']),
        ]
      : [],
  );
}

/** Filters that decide who gets an answer. */
const guards: ReadonlySet<Filter['type']> = new Set<Filter['type']>(['access', 'basicAuth', 'rateLimit']);

/** What is wrong with the filters of one route together. */
function orderIssues(filters: readonly Filter[], at: Path): ConfigIssue[] {
  const issues: ConfigIssue[] = [];
  for (const type of ['cache', 'compress'] as const) {
    const places = filters.flatMap((filter, position) => (filter.type === type ? [position] : []));
    for (const position of places.slice(1)) {
      issues.push(
        issue('error', [...at, position, 'type'], `the route has a ${type} filter already; remove one`),
      );
    }
  }
  const cacheAt = filters.findIndex(({ type }) => type === 'cache');
  filters.forEach(({ type }, position) => {
    if (cacheAt === -1 || position < cacheAt || !guards.has(type)) return;
    const message = `what is cached is answered before ${type} has its turn; put it before the cache`;
    issues.push(issue('warning', [...at, position, 'type'], message));
  });
  return issues;
}

function issuesOf(filter: Filter, at: Path): ConfigIssue[] {
  switch (filter.type) {
    case 'access':
      return [...rangeIssues(filter, 'allow', at), ...rangeIssues(filter, 'deny', at)];
    case 'basicAuth':
      return userIssues(filter, at);
    case 'cache':
      return entryIssues(filter, at);
    default:
      return [];
  }
}

function entryIssues({ maxBytes, maxEntryBytes }: FilterOf<'cache'>, at: Path): ConfigIssue[] {
  if (maxEntryBytes <= maxBytes) return [];
  const message = `no entry of ${maxEntryBytes} bytes fits into the ${maxBytes} of maxBytes; entries are stored up to that`;
  return [issue('warning', [...at, 'maxEntryBytes'], message)];
}

function rangeIssues(filter: FilterOf<'access'>, list: 'allow' | 'deny', at: Path): ConfigIssue[] {
  return filter[list].flatMap((text, position) => {
    const path = [...at, list, position];
    const range = parseAddressRange(text);
    if (range === null) {
      const message = `"${text}" is not an IP address or a range such as 10.0.0.0/8 or fd00::/8`;
      return [issue('error', path, message)];
    }
    if (!range.hasHostBits) return [];
    return [
      issue(
        'warning',
        path,
        `"${text}" means the whole range: bits behind /${text.split('/')[1]} do not count`,
      ),
    ];
  });
}

function userIssues(filter: FilterOf<'basicAuth'>, at: Path): ConfigIssue[] {
  const users = Object.entries(filter.users);
  if (users.length === 0) return [issue('warning', [...at, 'users'], 'without a user nobody can sign in')];
  return users.flatMap(([name, text]) => {
    const parsed = parsePasswordHash(text);
    return parsed.ok ? [] : [issue('error', [...at, 'users', name], parsed.reason)];
  });
}

function issue(severity: ConfigIssue['severity'], path: Path, message: string): ConfigIssue {
  return { code: 'invalid_value', severity, path, message };
}
