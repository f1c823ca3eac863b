import type { WorkspaceDocument } from '../../main/contract/config';

/** "web", or "web-2" where that is taken; a copy of "web-2" is "web-3". */
export function freeId(wanted: string, taken: readonly { readonly id: string }[] | undefined): string {
  const ids = new Set((taken ?? []).map((item) => item.id));
  if (!ids.has(wanted)) return wanted;
  const base = wanted.replace(/-\d{1,2}$/, '').slice(0, 60);
  let number = 2;
  while (ids.has(`${base}-${number}`)) number++;
  return `${base}-${number}`;
}

/** The first port from `first` up that no listener of the document has. */
export function freePort(document: WorkspaceDocument, first: number): number {
  const taken = new Set((document.listeners ?? []).map((listener) => listener.port));
  let port = first;
  while (taken.has(port)) port++;
  return port;
}

/** "*.Shop.test" → "shop-test". */
export function idFromHostname(hostname: string): string {
  const id = hostname
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63);
  return id === '' ? 'route' : id;
}
