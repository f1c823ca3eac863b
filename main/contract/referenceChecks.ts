// Ids: unique in their lists, and whatever is referred to is there and of the right kind.
import type { ListenerProtocol, Route, Workspace } from './config';
import type { ConfigIssue } from './configIssue';
import { didYouMean } from './nearestName';

type Path = ConfigIssue['path'];

export function referenceIssues(workspace: Workspace): ConfigIssue[] {
  const listeners = new Map(workspace.listeners.map(({ id, protocol }) => [id, protocol]));
  const pools = new Set(workspace.pools.map(({ id }) => id));
  return [
    ...duplicates('listeners', workspace.listeners),
    ...duplicates('routes', workspace.routes),
    ...duplicates('pools', workspace.pools),
    ...workspace.routes.flatMap((route, index) => [
      ...listenerIssues(route, index, listeners),
      ...poolIssues(route, index, pools),
    ]),
  ];
}

function duplicates(list: string, items: readonly { readonly id: string }[]): ConfigIssue[] {
  const first = new Map<string, number>();
  const issues: ConfigIssue[] = [];
  items.forEach(({ id }, index) => {
    const earlier = first.get(id);
    if (earlier === undefined) first.set(id, index);
    else {
      const message = `the id "${id}" is used by ${list}[${earlier}] already: choose another one`;
      issues.push(error('duplicate_id', [list, index, 'id'], message));
    }
  });
  return issues;
}

/** Which listeners may carry which routes. */
const protocolsOf: Readonly<Record<Route['kind'], readonly ListenerProtocol[]>> = {
  http: ['http', 'https'],
  tls: ['tls', 'https'],
  tcp: ['tcp'],
};

function listenerIssues(
  route: Route,
  index: number,
  listeners: ReadonlyMap<string, ListenerProtocol>,
): ConfigIssue[] {
  return route.listeners.flatMap((id, position) => {
    const path: Path = ['routes', index, 'listeners', position];
    const protocol = listeners.get(id);
    if (protocol === undefined) return [unknownReference(path, 'listener', id, listeners.keys())];
    if (protocolsOf[route.kind].includes(protocol)) return [];
    if (protocol === 'forward') {
      const message = `listener "${id}" is a forward listener: it goes where its clients ask and has no routes; forward.allow says where`;
      return [error('invalid_value', path, message)];
    }
    const needed = protocolsOf[route.kind].join(' or ');
    const article = route.kind === 'http' ? 'an' : 'a';
    const message = `${article} ${route.kind} route cannot be on listener "${id}" (${protocol}): it needs ${needed}`;
    return [error('invalid_value', path, message)];
  });
}

function poolIssues(route: Route, index: number, pools: ReadonlySet<string>): ConfigIssue[] {
  const named: { readonly id: string; readonly path: Path }[] = route.backends.map(({ pool }, position) => ({
    id: pool,
    path: ['routes', index, 'backends', position, 'pool'],
  }));
  if (route.kind === 'http') {
    route.filters.forEach((filter, position) => {
      if (filter.type !== 'mirror') return;
      named.push({ id: filter.pool, path: ['routes', index, 'filters', position, 'pool'] });
    });
  }
  return named
    .filter(({ id }) => !pools.has(id))
    .map(({ id, path }) => unknownReference(path, 'pool', id, pools));
}

function unknownReference(path: Path, what: string, id: string, known: Iterable<string>): ConfigIssue {
  const ids = [...known];
  const listed = ids.length > 12 ? `${ids.slice(0, 12).join(', ')}, …` : ids.join(', ');
  const rest = didYouMean(id, ids) || (ids.length === 0 ? '; there are none yet' : `; there are: ${listed}`);
  return error('unknown_reference', path, `there is no ${what} "${id}"${rest}`);
}

function error(code: ConfigIssue['code'], path: Path, message: string): ConfigIssue {
  return { code, severity: 'error', path, message };
}
