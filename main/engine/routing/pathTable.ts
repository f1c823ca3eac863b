// The path part of the precedence that httpRouteTable.ts describes: exact, longest prefix, regex, no path.
import type { CompiledHttpRoute } from '../compiledConfig';
import { CompiledMatch, normalizePrefix } from './compiledMatch';
import type { RequestView } from './requestView';

/** One entry of `matches` of one route, under one host name. */
export interface RouteEntry {
  readonly route: CompiledHttpRoute;
  /** null = the route has no `matches`. */
  readonly matchIndex: number | null;
  readonly match: CompiledMatch;
}

const knownEntries = new WeakMap<CompiledHttpRoute, readonly RouteEntry[]>();

/** Entries of `matches` in document order; one that asks for nothing when there are none. Made once per route. */
export function entriesOf(route: CompiledHttpRoute): readonly RouteEntry[] {
  let entries = knownEntries.get(route);
  if (entries === undefined) {
    entries = makeEntries(route);
    knownEntries.set(route, entries);
  }
  return entries;
}

function makeEntries(route: CompiledHttpRoute): RouteEntry[] {
  if (route.config.matches.length === 0) return [{ route, matchIndex: null, match: new CompiledMatch(null) }];
  return route.config.matches.map((config, matchIndex) => ({
    route,
    matchIndex,
    match: new CompiledMatch(config),
  }));
}

/** A path element in the prefix tree. */
class PrefixNode {
  readonly children = new Map<string, PrefixNode>();
  readonly entries: RouteEntry[] = [];
  constructor(readonly parent: PrefixNode | null) {}
}

/** All entries under one host name. */
export class PathTable {
  readonly #exact = new Map<string, RouteEntry[]>();
  readonly #prefixes = new PrefixNode(null);
  readonly #regexes: RouteEntry[] = [];
  readonly #pathless: RouteEntry[] = [];

  add(entry: RouteEntry): void {
    const { path } = entry.match;
    if (path === undefined) this.#pathless.push(entry);
    else if (path.type === 'regex') this.#regexes.push(entry);
    else if (path.type === 'prefix') this.#prefixNode(path.value).entries.push(entry);
    else if (this.#exact.has(path.value)) this.#exact.get(path.value)!.push(entry);
    else this.#exact.set(path.value, [entry]);
  }

  /** Puts what is asked first to the front; entries came in document order and sorting is stable. */
  sort(): void {
    for (const entries of this.#exact.values()) entries.sort(compareRest);
    const open = [this.#prefixes];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      node.entries.sort(compareRest);
      for (const child of node.children.values()) open.push(child);
    }
    this.#regexes.sort(compareRest);
    this.#pathless.sort(compareRest);
  }

  match(view: RequestView): RouteEntry | null {
    const exact = this.#exact.size === 0 ? undefined : this.#exact.get(view.path);
    const found = exact === undefined ? null : firstHolding(exact, view);
    return found ?? this.#matchPrefix(view) ?? this.#matchRegex(view) ?? firstHolding(this.#pathless, view);
  }

  #matchPrefix(view: RequestView): RouteEntry | null {
    const { path } = view;
    if (path.charCodeAt(0) !== 47) return null;
    let node: PrefixNode | null = this.#prefixes;
    let start = 1;
    while (node.children.size > 0 && start <= path.length) {
      let end = path.indexOf('/', start);
      if (end === -1) end = path.length;
      const child: PrefixNode | undefined = node.children.get(path.slice(start, end));
      if (child === undefined) break;
      node = child;
      start = end + 1;
    }
    for (; node !== null; node = node.parent) {
      const found = node.entries.length === 0 ? null : firstHolding(node.entries, view);
      if (found !== null) return found;
    }
    return null;
  }

  #matchRegex(view: RequestView): RouteEntry | null {
    for (const entry of this.#regexes) {
      if (entry.match.restHolds(view) && entry.match.pathHolds(view.path)) return entry;
    }
    return null;
  }

  #prefixNode(value: string): PrefixNode {
    let node = this.#prefixes;
    const prefix = normalizePrefix(value);
    if (prefix === '') return node;
    for (const element of prefix.slice(1).split('/')) {
      let child = node.children.get(element);
      if (child === undefined) {
        child = new PrefixNode(node);
        node.children.set(element, child);
      }
      node = child;
    }
    return node;
  }
}

function firstHolding(entries: readonly RouteEntry[], view: RequestView): RouteEntry | null {
  for (const entry of entries) if (entry.match.restHolds(view)) return entry;
  return null;
}

function compareRest(a: RouteEntry, b: RouteEntry): number {
  return a.match.compareRest(b.match);
}
