// One entry of a route's `matches`, ready to be asked, with its place in the order of precedence.
import type { HttpMatch } from '../../contract/config';
import { compilePattern, type SafePattern } from '../../contract/safePattern';
import { cookieValue, queryValue } from './requestFields';
import type { RequestView } from './requestView';

/** What a route without `matches` asks for: nothing. */
const everything: HttpMatch = { headers: [], query: [], cookies: [] };

type NamedMatch = HttpMatch['headers'][number];

export class ValueTest {
  readonly name: string;
  readonly #type: NamedMatch['type'];
  readonly #value: string;
  readonly #pattern: SafePattern | null;

  constructor(
    readonly config: NamedMatch,
    name: string,
  ) {
    this.name = name;
    this.#type = config.type;
    this.#value = config.value ?? '';
    this.#pattern = config.type === 'regex' ? requirePattern(this.#value) : null;
  }

  holds(actual: string | undefined): boolean {
    if (actual === undefined) return false;
    if (this.#type === 'present') return true;
    return this.#pattern === null ? actual === this.#value : this.#pattern.matches(actual);
  }
}

export class CompiledMatch {
  readonly path: HttpMatch['path'];
  readonly method: string | null;
  readonly headers: readonly ValueTest[];
  readonly query: readonly ValueTest[];
  readonly cookies: readonly ValueTest[];
  readonly #pathPattern: SafePattern | null;

  /** `config` null = everything matches. */
  constructor(config: HttpMatch | null) {
    const match = config ?? everything;
    this.path = match.path;
    this.method = match.method ?? null;
    this.headers = match.headers.map((test) => new ValueTest(test, test.name.toLowerCase()));
    this.query = match.query.map((test) => new ValueTest(test, test.name));
    this.cookies = match.cookies.map((test) => new ValueTest(test, test.name));
    this.#pathPattern = match.path?.type === 'regex' ? requirePattern(match.path.value) : null;
  }

  pathHolds(path: string): boolean {
    if (this.path === undefined) return true;
    if (this.#pathPattern !== null) return this.#pathPattern.matches(path);
    if (this.path.type === 'exact') return path === this.path.value;
    return hasPathPrefix(path, normalizePrefix(this.path.value));
  }

  /** Everything but host and path. */
  restHolds(view: RequestView): boolean {
    if (this.method !== null && this.method !== view.method) return false;
    for (const test of this.headers) if (!test.holds(view.header(test.name))) return false;
    for (const test of this.query) if (!test.holds(queryValue(view.query, test.name))) return false;
    for (const test of this.cookies)
      if (!test.holds(cookieValue(view.header('cookie'), test.name))) return false;
    return true;
  }

  /**
   * Negative = this one is asked before `other`, given the same host and the same path rank: method, then most
   * headers (a cookie counts as a header: it travels in one), then most query parameters. 0 = document order decides.
   */
  compareRest(other: CompiledMatch): number {
    return (
      Number(other.method !== null) - Number(this.method !== null) ||
      other.headers.length + other.cookies.length - this.headers.length - this.cookies.length ||
      other.query.length - this.query.length
    );
  }
}

/** "/a/" and "/a" ask the same; "/" becomes "". */
export function normalizePrefix(value: string): string {
  return value.replace(/\/+$/, '');
}

/** By path element: /a has prefix of /a, /a/ and /a/b, not of /ab. `prefix` is normalised. */
export function hasPathPrefix(path: string, prefix: string): boolean {
  if (!path.startsWith(prefix)) return false;
  return path.length === prefix.length ? prefix !== '' : path.charCodeAt(prefix.length) === 47;
}

function requirePattern(source: string): SafePattern {
  const result = compilePattern(source);
  if (!result.ok) throw new Error(`the pattern ${source} ${result.reason}`);
  return result.pattern;
}
