// The words of a decision that http and tls routes share; everything in them is bounded.
import type { PredicateTrace } from '../../contract/flowEvent';
import { hostnameMatches } from './hostnameIndex';

/** Routes in one trace; the winner is always one of them. */
export const maxTracedRoutes = 64;
const maxValueLength = 256;

export function boundedRoutes<Route extends { readonly order: number }>(
  routes: readonly Route[],
  winner: Route | null,
): Route[] {
  const shown = routes.slice(0, maxTracedRoutes);
  if (winner !== null && !shown.includes(winner)) shown[maxTracedRoutes - 1] = winner;
  return shown;
}

/** null = the route takes any name. */
export function hostnamePredicate(
  name: 'hostname' | 'serverName',
  hostnames: readonly string[],
  actual: string | null,
): PredicateTrace | null {
  if (hostnames.length === 0) return null;
  const holds = actual !== null && hostnames.some((pattern) => hostnameMatches(pattern, actual));
  const shown = hostnames.slice(0, 4).join(' or ');
  const expected = hostnames.length > 4 ? `${shown} or ${hostnames.length - 4} more` : shown;
  return predicateTrace(name, expected, actual, holds);
}

export function predicateTrace(
  name: PredicateTrace['predicate'],
  expected: string,
  actual: string | null,
  holds: boolean,
): PredicateTrace {
  return {
    predicate: name,
    expected: bounded(expected),
    actual: actual === null ? null : bounded(actual),
    holds,
  };
}

function bounded(text: string): string {
  return text.length <= maxValueLength ? text : `${text.slice(0, maxValueLength)}…`;
}
