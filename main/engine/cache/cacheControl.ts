// Cache-Control as requests and responses use it (RFC 9111 5.2), and what stands in its place for shared caches near an
// endpoint: CDN-Cache-Control (RFC 9213) and Surrogate-Control (W3C, Edge Architecture Specification).

/** What a response allows. Seconds; null = not said. */
export interface ResponseDirectives {
  readonly maxAge: number | null;
  readonly sMaxage: number | null;
  readonly noStore: boolean;
  /** Without field names. */
  readonly noCache: boolean;
  /** Lower-case names that must not be reused without validation. */
  readonly noCacheFields: readonly string[];
  /** Without field names. */
  readonly isPrivate: boolean;
  /** Lower-case names that a shared cache must not store. */
  readonly privateFields: readonly string[];
  readonly isPublic: boolean;
  readonly mustRevalidate: boolean;
  readonly proxyRevalidate: boolean;
  readonly mustUnderstand: boolean;
  readonly noTransform: boolean;
  /** RFC 5861. */
  readonly staleWhileRevalidate: number;
  readonly staleIfError: number | null;
  /** They came in CDN-Cache-Control or Surrogate-Control: then Expires does not count (RFC 9213 2.2). */
  readonly isTargeted: boolean;
}

/** What a client asks of the cache (RFC 9111 5.2.1). Seconds; null = not said. */
export interface RequestDirectives {
  readonly maxAge: number | null;
  /** Infinity = however stale. */
  readonly maxStale: number | null;
  readonly minFresh: number | null;
  readonly noCache: boolean;
  readonly noStore: boolean;
  readonly onlyIfCached: boolean;
  readonly staleIfError: number | null;
}

/** RFC 9111 1.2.2: larger values are read as this. */
export const maxDeltaSeconds = 2_147_483_648;

/** By lower-case name; several arguments of one directive in their order, null = without argument. */
type Directives = ReadonlyMap<string, readonly (string | null)[]>;

const nothingAsked: RequestDirectives = {
  maxAge: null,
  maxStale: null,
  minFresh: null,
  noCache: false,
  noStore: false,
  onlyIfCached: false,
  staleIfError: null,
};

export function requestDirectives(value: string | undefined): RequestDirectives {
  if (value === undefined || value === '') return nothingAsked;
  const found = parseDirectives(value);
  if (found.size === 0) return nothingAsked;
  const maxStale = found.get('max-stale');
  return {
    maxAge: secondsOf(found, 'max-age'),
    maxStale: maxStale?.[0] === null ? Number.POSITIVE_INFINITY : secondsOf(found, 'max-stale'),
    minFresh: secondsOf(found, 'min-fresh'),
    noCache: found.has('no-cache'),
    noStore: found.has('no-store'),
    onlyIfCached: found.has('only-if-cached'),
    staleIfError: secondsOf(found, 'stale-if-error'),
  };
}

/**
 * `targeted` = CDN-Cache-Control; it replaces Cache-Control where it is a valid, non-empty structured field. Without it,
 * `surrogate` = Surrogate-Control does, where it has something for this proxy.
 */
export function responseDirectives(
  value: string | undefined,
  targeted?: string | undefined,
  surrogate?: string | undefined,
): ResponseDirectives {
  const replacing =
    (targeted === undefined ? null : parseTargeted(targeted)) ??
    (surrogate === undefined ? null : parseSurrogate(surrogate));
  const found = replacing ?? parseDirectives(value ?? '');
  return {
    maxAge: secondsOf(found, 'max-age'),
    sMaxage: secondsOf(found, 's-maxage'),
    noStore: found.has('no-store'),
    noCache: isUnqualified(found, 'no-cache'),
    noCacheFields: fieldNamesOf(found, 'no-cache'),
    isPrivate: isUnqualified(found, 'private'),
    privateFields: fieldNamesOf(found, 'private'),
    isPublic: found.has('public'),
    mustRevalidate: found.has('must-revalidate'),
    proxyRevalidate: found.has('proxy-revalidate'),
    mustUnderstand: found.has('must-understand'),
    noTransform: found.has('no-transform'),
    staleWhileRevalidate: secondsOf(found, 'stale-while-revalidate') ?? 0,
    staleIfError: secondsOf(found, 'stale-if-error'),
    isTargeted: replacing !== null,
  };
}

const directive =
  /[\t ,]*([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?:=(?:"((?:[^"\\]|\\.)*)"|([^\t ,"]*)))?[^,"]*(?:"(?:[^"\\]|\\.)*"[^,"]*)*/y;

/** Lenient where nothing depends on it: what is no directive is skipped up to the next comma. */
function parseDirectives(value: string): Directives {
  const found = new Map<string, (string | null)[]>();
  directive.lastIndex = 0;
  let position = 0;
  while (position < value.length) {
    directive.lastIndex = position;
    const match = directive.exec(value);
    if (match === null) {
      const comma = value.indexOf(',', position);
      if (comma === -1) break;
      position = comma + 1;
      continue;
    }
    position = directive.lastIndex;
    const quoted = match[2]?.replace(/\\(.)/g, '$1');
    append(found, match[1]!.toLowerCase(), quoted ?? match[3] ?? null);
  }
  return found;
}

function append(found: Map<string, (string | null)[]>, name: string, argument: string | null): void {
  const earlier = found.get(name);
  if (earlier === undefined) found.set(name, [argument]);
  else earlier.push(argument);
}

const key = '[a-z*][a-z0-9_.*-]*';
const bareItem = String.raw`-?\d{1,15}(?:\.\d{1,3})?|"(?:[^"\\\x00-\x1f\x7f]|\\["\\])*"|[A-Za-z*][!#$%&'*+.^_\`|~0-9A-Za-z:/-]*|:[A-Za-z0-9+/=]*:|\?[01]`;
const member = new RegExp(`(${key})(?:=(${bareItem}))?(?:; *${key}(?:=(?:${bareItem}))?)*`, 'y');

/** A structured-field dictionary (RFC 8941 3.2); null = not one, or empty. */
function parseTargeted(value: string): Directives | null {
  const text = value.replace(/^ +| +$/g, '');
  const found = new Map<string, (string | null)[]>();
  let position = 0;
  while (position < text.length) {
    member.lastIndex = position;
    const match = member.exec(text);
    if (match === null) return null;
    position = member.lastIndex;
    const [, name, item] = match;
    // The last one counts (RFC 8941 4.2.2). A wrong type makes the directive one that nobody knows.
    found.delete(name!);
    if (item === undefined || item === '?1') found.set(name!, [null]);
    else if (/^\d+$/.test(item)) found.set(name!, [item]);
    else if (item.startsWith('"') && (name === 'no-cache' || name === 'private')) {
      found.set(name!, [item.slice(1, -1)]);
    }
    if (position === text.length) return found;
    const comma = /[\t ]*,[\t ]*/y;
    comma.lastIndex = position;
    if (!comma.test(text) || comma.lastIndex === text.length) return null;
    position = comma.lastIndex;
  }
  return null;
}

/** By which endpoints know this proxy among others on the way. */
export const surrogateName = 'hopscope';

/** "max-age=600+30;target": 600 s, then stale for 30 s; of another target = not for us. null = nothing is for us. */
function parseSurrogate(value: string): Directives | null {
  const found = new Map<string, (string | null)[]>();
  for (const member of value.split(',')) {
    const match = /^[\t ]*(max-age|no-store)(?:=(\d+)(?:\+(\d+))?)?(?:;([^;]*))?[\t ]*$/i.exec(member);
    if (match === null || (match[4] !== undefined && match[4].trim() !== surrogateName)) continue;
    found.set(match[1]!.toLowerCase(), [match[2] ?? null]);
    if (match[3] !== undefined) found.set('stale-while-revalidate', [match[3]]);
  }
  return found.size === 0 ? null : found;
}

/** The first one counts; what is no number is 0, so that it makes stale and never fresh (RFC 9111 4.2.1). */
function secondsOf(found: Directives, name: string): number | null {
  const values = found.get(name);
  if (values === undefined) return null;
  const value = values[0];
  if (value === null || value === undefined || !/^\d+$/.test(value)) return 0;
  return Math.min(Number(value), maxDeltaSeconds);
}

function isUnqualified(found: Directives, name: string): boolean {
  return found.get(name)?.some((value) => value === null || value.trim() === '') === true;
}

function fieldNamesOf(found: Directives, name: string): string[] {
  const values = found.get(name) ?? [];
  return values.flatMap((value) =>
    (value ?? '')
      .split(',')
      .map((field) => field.trim().toLowerCase())
      .filter((field) => field !== ''),
  );
}
