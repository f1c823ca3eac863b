/** A path edit of the rewrite and redirect filters. */
export interface PathEdit {
  readonly type?: 'replacePrefix' | 'replaceFull' | undefined;
  readonly value?: string | undefined;
}

/**
 * The target (path and query) after the edit. `replacePrefix` works by path elements and keeps what follows the matched
 * prefix (Gateway API HTTPPathModifier): "/foo" → "/xyz" makes "/foo/bar" "/xyz/bar"; the query always stays.
 */
export function editPath(target: string, edit: PathEdit | undefined, matchedPrefix: string): string {
  if (edit === undefined || edit.type === undefined || target === '*') return target;
  const queryAt = target.indexOf('?');
  const path = queryAt === -1 ? target : target.slice(0, queryAt);
  const query = queryAt === -1 ? '' : target.slice(queryAt);
  const value = safePath(edit.value ?? '/');
  if (edit.type === 'replaceFull') return value + query;
  const prefix = matchedPrefix.endsWith('/') ? matchedPrefix.slice(0, -1) : matchedPrefix;
  const hasPrefix = path.startsWith(prefix) && (path.length === prefix.length || path[prefix.length] === '/');
  const rest = hasPrefix ? path.slice(prefix.length) : path;
  const base = value.endsWith('/') ? value.slice(0, -1) : value;
  const joined = base + rest;
  return (joined === '' ? '/' : joined) + query;
}

/** Begins with "/" and holds only what a request target may hold, so that a configured value cannot split a message. */
function safePath(value: string): string {
  const encoded = value.replace(/[^\x21-\x22\x24-\x7e]/gu, (character) => encodeURIComponent(character));
  return encoded.startsWith('/') ? encoded : `/${encoded}`;
}
