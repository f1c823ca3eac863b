// What is wrong with a route or a pool by itself: matches that can never hold, traffic that has nowhere to go.
import type { HttpMatch, Pool, Route, Workspace } from './config';
import type { ConfigIssue } from './configIssue';
import { compilePattern } from './safePattern';

type Path = ConfigIssue['path'];

export function routeIssues(workspace: Workspace): ConfigIssue[] {
  return [
    ...workspace.routes.flatMap((route, index) => [
      ...backendIssues(route, index),
      ...allMatchIssues(route, index),
    ]),
    ...workspace.pools.flatMap(poolIssues),
    ...hashIssues(workspace),
    ...stickyIssues(workspace),
  ];
}

function backendIssues(route: Route, index: number): ConfigIssue[] {
  const path: Path = ['routes', index, 'backends'];
  const consequence = route.kind === 'http' ? 'requests are answered 503' : 'connections are closed';
  if (route.backends.length > 0) {
    if (route.backends.some((backend) => backend.weight > 0)) return [];
    return [warning(path, `all weights are 0: ${consequence}`)];
  }
  const answersItself =
    route.kind === 'http' && route.filters.some(({ type }) => type === 'redirect' || type === 'respond');
  return answersItself ? [] : [warning(path, `the route "${route.id}" leads to no pool: ${consequence}`)];
}

function allMatchIssues(route: Route, index: number): ConfigIssue[] {
  if (route.kind !== 'http') return [];
  return route.matches.flatMap((match, position) =>
    matchIssues(match, ['routes', index, 'matches', position]),
  );
}

function matchIssues(match: HttpMatch, at: Path): ConfigIssue[] {
  const issues = pathIssues(match, [...at, 'path', 'value']);
  for (const list of ['headers', 'query', 'cookies'] as const) {
    match[list].forEach((test, position) => {
      const path = [...at, list, position];
      if (test.type === 'present') {
        if (test.value !== undefined)
          issues.push(warning([...path, 'value'], 'type present does not look at the value'));
      } else if (test.value === undefined) {
        const message = `"value" is missing: type ${test.type} compares with it (type present does not)`;
        issues.push({ code: 'missing_field', severity: 'error', path: [...path, 'value'], message });
      } else if (test.type === 'regex') issues.push(...patternIssues(test.value, [...path, 'value']));
    });
  }
  return issues;
}

function pathIssues({ path }: HttpMatch, at: Path): ConfigIssue[] {
  if (path === undefined) return [];
  if (path.type === 'regex') return patternIssues(path.value, at);
  if (!path.value.startsWith('/'))
    return [error(at, `"${path.value}" must begin with "/": no path does otherwise`)];
  const stray = /[?#]/.exec(path.value);
  if (stray === null) return [];
  const advice = stray[0] === '?' ? 'use query to match parameters' : 'it is never sent to a server';
  return [error(at, `"${path.value}" can never match: a path has no "${stray[0]}"; ${advice}`)];
}

function patternIssues(source: string, at: Path): ConfigIssue[] {
  const result = compilePattern(source);
  return result.ok ? [] : [error(at, `the pattern ${JSON.stringify(source)} ${result.reason}`)];
}

function poolIssues(pool: Pool, index: number): ConfigIssue[] {
  const issues: ConfigIssue[] = [];
  const path: Path = ['pools', index, 'endpoints'];
  if (pool.endpoints.length === 0)
    issues.push(warning(path, `the pool "${pool.id}" has no endpoints: nothing can be reached`));
  else if (pool.endpoints.every((endpoint) => endpoint.weight === 0)) {
    issues.push(warning(path, 'all weights are 0: no endpoint is ever used'));
  }
  if (pool.loadBalancing.policy === 'hash' && pool.loadBalancing.hash === undefined) {
    const message = '"hash" is missing: say what to hash, for example hash: { on: path }';
    issues.push({
      code: 'missing_field',
      severity: 'error',
      path: ['pools', index, 'loadBalancing', 'hash'],
      message,
    });
  }
  return issues;
}

/** A connection that is relayed without reading it has no header, cookie or path. */
function hashIssues({ routes, pools }: Workspace): ConfigIssue[] {
  const hashed = new Set(pools.filter((pool) => pool.loadBalancing.policy === 'hash').map(({ id }) => id));
  return routes.flatMap((route, index) =>
    route.kind === 'http'
      ? []
      : route.backends.flatMap(({ pool }, position) => {
          if (!hashed.has(pool)) return [];
          const message = `the pool "${pool}" hashes a part of HTTP requests, which a ${route.kind} route does not read: use sourceIp`;
          return [error(['routes', index, 'backends', position, 'pool'], message)];
        }),
  );
}

/** Only http routes have cookies. */
function stickyIssues({ routes, pools }: Workspace): ConfigIssue[] {
  const sticky = new Set(pools.filter((pool) => pool.stickiness !== undefined).map(({ id }) => id));
  return routes.flatMap((route, index) =>
    route.kind === 'http'
      ? []
      : route.backends.flatMap(({ pool }, position) => {
          if (!sticky.has(pool)) return [];
          const message = `the pool "${pool}" keeps clients by a cookie, which a ${route.kind} route does not read: they are balanced as others are; sourceIp keeps them by address`;
          return [warning(['routes', index, 'backends', position, 'pool'], message)];
        }),
  );
}

function error(path: Path, message: string): ConfigIssue {
  return { code: 'invalid_value', severity: 'error', path, message };
}

function warning(path: Path, message: string): ConfigIssue {
  return { code: 'invalid_value', severity: 'warning', path, message };
}
