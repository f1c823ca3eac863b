// Routes that can never win because another one takes everything first. Careful rather than complete: it says nothing
// about a route that is only partly covered.
import type { HttpMatch, HttpRoute, Route, Workspace } from './config';
import type { ConfigIssue } from './configIssue';

/** One way to win a route: a listener, a host name, an entry of `matches`. */
interface Claim {
  readonly route: Route;
  readonly index: number;
  /** Same scope = same listener, kind and host name: there neither outranks the other by its host. */
  readonly scope: string;
  readonly match: HttpMatch | null;
}

export function unreachableRouteIssues(workspace: Workspace): ConfigIssue[] {
  const firstByClaim = new Map<string, Claim>();
  const catchAllByScope = new Map<string, Claim>();
  const shadowedBy = new Map<number, Claim[]>();
  const claimCounts = new Map<number, number>();
  const claims = workspace.routes.flatMap(claimsOf);
  for (const claim of claims) {
    claimCounts.set(claim.index, (claimCounts.get(claim.index) ?? 0) + 1);
    const key = claimKey(claim);
    if (!firstByClaim.has(key)) firstByClaim.set(key, claim);
    if (isRootPrefix(claim) && !catchAllByScope.has(claim.scope)) catchAllByScope.set(claim.scope, claim);
  }
  for (const claim of claims) {
    const winner = winnerOver(claim, firstByClaim.get(claimKey(claim))!, catchAllByScope.get(claim.scope));
    if (winner !== null) shadowedBy.set(claim.index, [...(shadowedBy.get(claim.index) ?? []), winner]);
  }
  return [...shadowedBy]
    .filter(([index, winners]) => winners.length === claimCounts.get(index))
    .map(([index, winners]) => unreachable(index, winners[0]!.route));
}

/** The claim of another route that takes all that this one asks for. */
function winnerOver(claim: Claim, first: Claim, catchAll: Claim | undefined): Claim | null {
  if (first.index !== claim.index) return first;
  // A prefix outranks a regex and a match without path, whatever else they ask for.
  const type = claim.match?.path?.type;
  const isBelowPrefix = claim.route.kind === 'http' && type !== 'exact' && type !== 'prefix';
  return isBelowPrefix && catchAll !== undefined && catchAll.index !== claim.index ? catchAll : null;
}

function claimsOf(route: Route, index: number): Claim[] {
  const hostnames = route.kind === 'tcp' || route.hostnames.length === 0 ? ['*'] : route.hostnames;
  const matches = route.kind === 'http' && route.matches.length > 0 ? route.matches : [null];
  return [...new Set(route.listeners)].flatMap((listener) =>
    [...new Set(hostnames.map((name) => name.toLowerCase()))].flatMap((hostname) =>
      matches.map((match) => ({ route, index, scope: `${listener} ${route.kind} ${hostname}`, match })),
    ),
  );
}

/** Equal = they match the same requests. */
function claimKey({ scope, match }: Claim): string {
  if (match === null) return `${scope} {}`;
  const path = match.path === undefined ? null : [match.path.type, normalizedPath(match.path)];
  const named = (tests: HttpMatch['headers'], lower: boolean) =>
    tests.map(({ name, type, value }) => [lower ? name.toLowerCase() : name, type, value ?? '']).sort();
  const parts = [
    path,
    match.method ?? null,
    named(match.headers, true),
    named(match.query, false),
    named(match.cookies, false),
  ];
  const asksNothing =
    path === null && match.method === undefined && parts.slice(2).every((part) => part?.length === 0);
  return asksNothing ? `${scope} {}` : `${scope} ${JSON.stringify(parts)}`;
}

function normalizedPath(path: NonNullable<HttpMatch['path']>): string {
  return path.type === 'prefix' ? path.value.replace(/\/+$/, '') : path.value;
}

/** Takes every path and asks for nothing else. */
function isRootPrefix({ match }: Claim): boolean {
  return (
    match?.path?.type === 'prefix' &&
    normalizedPath(match.path) === '' &&
    match.method === undefined &&
    match.headers.length + match.query.length + match.cookies.length === 0
  );
}

function unreachable(index: number, by: HttpRoute | Route): ConfigIssue {
  const message = `no request ever gets here: the route "${by.id}" takes all that this one asks for`;
  return {
    code: 'unreachable_route',
    severity: 'warning',
    path: ['routes', index],
    message,
    shadowedBy: by.id,
  };
}
