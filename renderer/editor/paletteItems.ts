// What the search and the command palette offer, and which of it fits what was typed. Pure.
import type { WorkspaceDocument } from '../../main/contract/config';
import { type CanvasKind, endpointNode, formatNode } from './nodeIds';

export interface PaletteNode {
  readonly kind: CanvasKind;
  /** Canvas id. */
  readonly id: string;
  readonly title: string;
  /** Its name, host names, addresses: what people look for. */
  readonly detail: string;
}

export function paletteNodes(document: WorkspaceDocument): PaletteNode[] {
  const nodes: PaletteNode[] = [];
  for (const { id, protocol, port, name } of document.listeners ?? []) {
    const detail = [name, `${protocol}, port ${port}`].filter(Boolean).join(' · ');
    nodes.push({ kind: 'listener', id: formatNode({ kind: 'listener', id }), title: id, detail });
  }
  for (const route of document.routes ?? []) {
    const hostnames = route.kind === 'tcp' ? [] : (route.hostnames ?? []);
    const paths = route.kind === 'http' ? (route.matches ?? []).map((match) => match.path?.value ?? '') : [];
    const pools = (route.backends ?? []).map((backend) => `→ ${backend.pool}`);
    const detail = [route.name ?? '', ...hostnames, ...paths, ...pools]
      .filter((part) => part !== '')
      .join(' ');
    nodes.push({ kind: 'route', id: formatNode({ kind: 'route', id: route.id }), title: route.id, detail });
  }
  for (const { id, name, endpoints } of document.pools ?? []) {
    const addresses = endpoints.map(({ address, port }) => `${address}:${port}`);
    const detail = [...(name === undefined ? [] : [name]), ...addresses.slice(0, 4)].join(' ');
    nodes.push({ kind: 'pool', id: formatNode({ kind: 'pool', id }), title: id, detail });
    addresses.forEach((title, index) => {
      nodes.push({ kind: 'endpoint', id: endpointNode(id, index), title, detail: `in pool ${id}` });
    });
  }
  return nodes;
}

interface Searchable {
  readonly title: string;
  readonly detail: string;
}

/** Items that hold every typed word; those whose title begins with the text come first. */
export function searchItems<Item extends Searchable>(items: readonly Item[], typed: string): Item[] {
  const text = typed.trim().toLowerCase();
  if (text === '') return [...items];
  const words = text.split(/\s+/);
  const found = items.filter((item) => {
    const all = `${item.title} ${item.detail}`.toLowerCase();
    return words.every((word) => all.includes(word));
  });
  const rank = ({ title }: Item) => {
    const lower = title.toLowerCase();
    return lower.startsWith(text) ? 0 : lower.includes(words[0]!) ? 1 : 2;
  };
  return found
    .map((item, index) => ({ item, index, rank: rank(item) }))
    .sort((a, b) => a.rank - b.rank || a.index - b.index)
    .map(({ item }) => item);
}
