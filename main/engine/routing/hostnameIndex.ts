// Host names by specificity: exact, then the longest wildcard, then any. A look-up costs one hash per label of the
// name, however many names are known.

/** As names are compared: lower case, without the root's dot, IPv6 without brackets. */
export function normalizeHostname(hostname: string): string {
  let name = hostname.toLowerCase();
  if (name.endsWith('.')) name = name.slice(0, -1);
  if (name.startsWith('[') && name.endsWith(']')) name = name.slice(1, -1);
  return name;
}

/** "*.a.test" matches one or more labels before ".a.test", and not a.test itself. */
export function hostnameMatches(pattern: string, hostname: string): boolean {
  const name = normalizeHostname(hostname);
  const wanted = normalizeHostname(pattern);
  if (!wanted.startsWith('*.')) return wanted === name;
  return name.length > wanted.length - 1 && name.endsWith(wanted.slice(1));
}

export class HostnameIndex<Value> {
  readonly #exact = new Map<string, Value>();
  /** By suffix with its dot: ".a.test". */
  readonly #wildcards = new Map<string, Value>();
  #any: Value | undefined;
  #longestSuffix = 0;

  /** The value of a pattern ("a.test", "*.a.test", null = any), made at first use. */
  at(pattern: string | null, make: () => Value): Value {
    if (pattern === null) {
      this.#any ??= make();
      return this.#any;
    }
    const name = normalizeHostname(pattern);
    const isWildcard = name.startsWith('*.');
    const map = isWildcard ? this.#wildcards : this.#exact;
    const key = isWildcard ? name.slice(1) : name;
    if (isWildcard) this.#longestSuffix = Math.max(this.#longestSuffix, key.length);
    let value = map.get(key);
    if (value === undefined) {
      value = make();
      map.set(key, value);
    }
    return value;
  }

  /** Asks the values of all patterns that match, most specific first, until `test` gives a result. */
  search<Context, Result>(
    hostname: string,
    context: Context,
    test: (value: Value, context: Context) => Result | null,
  ): Result | null {
    const name = needsNormalizing(hostname) ? normalizeHostname(hostname) : hostname;
    const exact = this.#exact.get(name);
    if (exact !== undefined) {
      const result = test(exact, context);
      if (result !== null) return result;
    }
    if (this.#wildcards.size > 0) {
      let dot = name.indexOf('.', Math.max(1, name.length - this.#longestSuffix));
      while (dot !== -1) {
        const value = this.#wildcards.get(name.slice(dot));
        const result = value === undefined ? null : test(value, context);
        if (result !== null) return result;
        dot = name.indexOf('.', dot + 1);
      }
    }
    return this.#any === undefined ? null : test(this.#any, context);
  }
}

function needsNormalizing(hostname: string): boolean {
  const first = hostname.charCodeAt(0);
  return first === 91 || hostname.charCodeAt(hostname.length - 1) === 46;
}
