import { describe, expect, it } from 'vitest';
import type { WorkspaceDocument } from '../../../main/contract/config';
import { applyEdit } from '../../../main/contract/configEdit';
import { parseWorkspace } from '../../../main/contract/validateConfig';
import {
  duplicate,
  type Fragment,
  fragmentOf,
  fragmentText,
  insertFragment,
  readFragment,
} from '../../../renderer/editor/fragment';

const document: WorkspaceDocument = {
  schemaVersion: 1,
  listeners: [{ id: 'web', port: 8080, protocol: 'http' }],
  routes: [
    {
      id: 'shop',
      kind: 'http',
      listeners: ['web'],
      filters: [{ type: 'mirror', pool: 'shop' }],
      backends: [
        { pool: 'shop', weight: 9 },
        { pool: 'other', weight: 1 },
      ],
    },
  ],
  pools: [
    {
      id: 'shop',
      endpoints: [
        { address: '127.0.0.1', port: 3000 },
        { address: '127.0.0.1', port: 3001 },
      ],
    },
    { id: 'other', endpoints: [{ address: '127.0.0.1', port: 3002 }] },
  ],
  layout: { positions: { 'route:shop': { x: 10, y: 20 } }, notes: [{ id: 'note', text: 'Hi', x: 0, y: 0 }] },
};
const pasted = (into: WorkspaceDocument, text: string) => {
  const read = readFragment(text);
  if (read.kind === 'refused') throw new Error(read.reason);
  const insertion = insertFragment(into, read.fragment);
  return { document: insertion.edits.reduce(applyEdit, into), nodes: insertion.nodes };
};

describe('a copied part of a workspace', () => {
  it('is a workspace document that an empty workspace takes as it is', () => {
    const all = ['listener:web', 'route:shop', 'pool:shop', 'pool:other', 'note:note'];
    const text = fragmentText(fragmentOf(document, all)!);
    expect(text).toContain('schemaVersion: 1');
    const { document: copy } = pasted({ schemaVersion: 1 }, text);
    expect(copy.routes).toEqual(document.routes);
    expect(copy.pools).toEqual(document.pools);
    expect(parseWorkspace(copy).issues).toEqual([]);
  });

  it('gets free ids and ports beside the original, and its references follow', () => {
    const text = fragmentText(fragmentOf(document, ['listener:web', 'route:shop', 'pool:shop'])!);
    const { document: after, nodes } = pasted(document, text);
    expect(nodes).toEqual(['listener:web-2', 'route:shop-2', 'pool:shop-2']);
    expect(after.listeners?.[1]).toMatchObject({ id: 'web-2', port: 8081 });
    expect(after.routes?.[1]).toEqual({
      id: 'shop-2',
      kind: 'http',
      listeners: ['web-2'],
      filters: [{ type: 'mirror', pool: 'shop-2' }],
      backends: [
        { pool: 'shop-2', weight: 9 },
        { pool: 'other', weight: 1 },
      ],
    });
    expect(after.layout?.positions?.['route:shop-2']).toEqual({ x: 46, y: 56 });
    expect(parseWorkspace(after).workspace).not.toBe(null);
  });

  it('leaves out references that lead nowhere in the other workspace', () => {
    const text = fragmentText(fragmentOf(document, ['route:shop'])!);
    const { document: after } = pasted({ schemaVersion: 1 }, text);
    expect(after.routes?.[0]).toMatchObject({ listeners: [], backends: [] });
  });

  it.each([
    ['plain text', 'hello', /no part of a workspace/],
    ['broken YAML', 'routes: [', /Not pasted/],
    ['a wrong field', 'routes: [{ id: a, kind: http, listeners: [web], colour: red }]', /colour/],
    ['nothing in it', 'schemaVersion: 1', /holds no listeners/],
  ])('refuses %s in one sentence', (_name, text, reason) => {
    const read = readFragment(text);
    expect(read.kind === 'refused' ? read.reason : '').toMatch(reason);
  });

  it('cannot be made of what has no copy', () => {
    expect(fragmentOf(document, ['client', 'listener:web>route:shop'])).toBe(null);
  });
});

describe('duplicate', () => {
  it('doubles endpoints inside their pool and whole pools with what is in them', () => {
    const inside = duplicate(document, ['endpoint:shop:0', 'endpoint:shop:1']);
    expect(inside.nodes).toEqual(['endpoint:shop:2', 'endpoint:shop:3']);
    const after = inside.edits.reduce(applyEdit, document);
    expect(after.pools?.[0]?.endpoints.map(({ port }) => port)).toEqual([3000, 3001, 3000, 3001]);
    expect(duplicate(document, ['pool:shop', 'endpoint:shop:0']).nodes).toEqual(['pool:shop-2']);
  });
  it('keeps a listener on any free port as it is', () => {
    const fragment: Fragment = { schemaVersion: 1, listeners: [{ id: 'web', port: 0, protocol: 'http' }] };
    expect(insertFragment(document, fragment).edits[0]).toMatchObject({ listener: { id: 'web-2', port: 0 } });
  });
});
