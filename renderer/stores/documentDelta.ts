// The difference between two JSON documents as a short list of places, so that many steps of undo fit into little space.
import { equalJson } from '../../main/contract/equalJson';

type Path = readonly (string | number)[];

export type Delta = readonly {
  readonly path: (string | number)[];
  /** Absent = the field goes away. */
  readonly value?: unknown;
}[];

/** What must be set or taken away to come from one to the other. */
export function deltaBetween(from: unknown, to: unknown): Delta {
  const found: { path: (string | number)[]; value?: unknown }[] = [];
  collect(from, to, [], found);
  return found;
}

/** A delta that does not fit (its document was another one) changes what it can and never throws. */
export function applyDelta<Document>(document: Document, delta: Delta): Document {
  return delta.reduce<unknown>(
    (current, { path, ...change }) => put(current, path, change),
    document,
  ) as Document;
}

/** `to` with every part of `from` that says the same, so that what did not change is the same object. */
export function shareParts<Document>(from: unknown, to: Document): Document {
  if (equalJson(from, to)) return from as Document;
  if (typeof from !== 'object' || typeof to !== 'object' || from === null || to === null) return to;
  if (Array.isArray(from) !== Array.isArray(to)) return to;
  if (Array.isArray(to))
    return to.map((item, index) => shareParts((from as unknown[])[index], item)) as Document;
  const fields = Object.entries(to).map(([key, value]) => [
    key,
    shareParts((from as Record<string, unknown>)[key], value),
  ]);
  return Object.fromEntries(fields) as Document;
}

function collect(
  from: unknown,
  to: unknown,
  path: Path,
  found: { path: (string | number)[]; value?: unknown }[],
): void {
  if (from === to || equalJson(from, to)) return;
  const isList = Array.isArray(from) && Array.isArray(to);
  if (isList && from.length === to.length) {
    for (const [index, item] of to.entries()) collect(from[index], item, [...path, index], found);
    return;
  }
  if (isObject(from) && isObject(to)) {
    for (const key of new Set([...Object.keys(from), ...Object.keys(to)])) {
      if (to[key] === undefined && from[key] !== undefined) found.push({ path: [...path, key] });
      else collect(from[key], to[key], [...path, key], found);
    }
    return;
  }
  found.push({ path: [...path], value: to });
}

function put(current: unknown, path: Path, change: { readonly value?: unknown }): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return change.value;
  if (Array.isArray(current)) {
    if (typeof first !== 'number' || first >= current.length) return current;
    return current.with(first, put(current[first], rest, change));
  }
  if (!isObject(current)) return current;
  const isRemoval = rest.length === 0 && !('value' in change);
  if (!isRemoval) return { ...current, [first]: put(current[first], rest, change) };
  const { [first]: _removed, ...kept } = current;
  return kept;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
