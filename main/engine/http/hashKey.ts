import type { RequestView } from '../routing/requestView';

/** What a pool of policy `hash` hashes on: "path", "header:<name>" or "cookie:<name>"; undefined = the request has none. */
export function hashKeyOf(view: RequestView, on: string): string | undefined {
  if (on === 'path') return view.path;
  const colonAt = on.indexOf(':');
  const name = on.slice(colonAt + 1);
  if (on.startsWith('header:')) return view.header(name.toLowerCase());
  for (const pair of (view.header('cookie') ?? '').split(';')) {
    const equalsAt = pair.indexOf('=');
    if (equalsAt !== -1 && pair.slice(0, equalsAt).trim() === name) return pair.slice(equalsAt + 1).trim();
  }
  return undefined;
}
