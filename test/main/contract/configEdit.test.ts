import { describe, expect, it } from 'vitest';
import type { WorkspaceDocument } from '../../../main/contract/config';
import { applyEdit, type ConfigEdit } from '../../../main/contract/configEdit';

const start: WorkspaceDocument = {
  schemaVersion: 1,
  listeners: [
    { id: 'web', port: 8080, protocol: 'http', name: 'Web' },
    { id: 'secure', port: 8443, protocol: 'https' },
  ],
  routes: [
    {
      id: 'shop',
      kind: 'http',
      listeners: ['web', 'secure'],
      filters: [{ type: 'mirror', pool: 'b' }],
      backends: [{ pool: 'a' }, { pool: 'b', weight: 2 }],
    },
    { id: 'other', kind: 'tcp', listeners: ['secure'], backends: [] },
  ],
  pools: [
    { id: 'a', endpoints: [{ address: '127.0.0.1', port: 1 }] },
    { id: 'b', endpoints: [] },
  ],
  layout: {
    positions: { 'listener:web': { x: 1, y: 2 }, 'pool:a': { x: 3, y: 4 } },
    groups: [{ id: 'g', name: 'G', members: ['listener:web', 'pool:a'] }],
  },
};
const shop = start.routes![0]!;

const cases: readonly { name: string; edit: ConfigEdit; expected: Partial<WorkspaceDocument> }[] = [
  {
    name: 'adds a listener at the end',
    edit: { type: 'addListener', listener: { id: 'new', port: 0, protocol: 'tcp' } },
    expected: { listeners: [...start.listeners!, { id: 'new', port: 0, protocol: 'tcp' }] },
  },
  {
    name: 'changes and removes fields of a listener',
    edit: { type: 'updateListener', id: 'web', patch: { port: 9, name: undefined } },
    expected: { listeners: [{ id: 'web', port: 9, protocol: 'http' }, start.listeners![1]!] },
  },
  {
    name: 'removes a listener with its references, position and membership',
    edit: { type: 'removeListener', id: 'web' },
    expected: {
      listeners: [start.listeners![1]!],
      routes: [{ ...shop, listeners: ['secure'] }, start.routes![1]!],
      layout: {
        positions: { 'pool:a': { x: 3, y: 4 } },
        groups: [{ id: 'g', name: 'G', members: ['pool:a'] }],
      },
    },
  },
  {
    name: 'renames a listener everywhere',
    edit: { type: 'renameListener', id: 'web', newId: 'front' },
    expected: {
      listeners: [{ id: 'front', port: 8080, protocol: 'http', name: 'Web' }, start.listeners![1]!],
      routes: [{ ...shop, listeners: ['front', 'secure'] }, start.routes![1]!],
      layout: {
        positions: { 'listener:front': { x: 1, y: 2 }, 'pool:a': { x: 3, y: 4 } },
        groups: [{ id: 'g', name: 'G', members: ['listener:front', 'pool:a'] }],
      },
    },
  },
  {
    name: 'sets the backends of a route',
    edit: { type: 'setBackends', route: 'other', backends: [{ pool: 'b' }] },
    expected: { routes: [shop, { ...start.routes![1]!, backends: [{ pool: 'b' }] }] },
  },
  {
    name: 'removes a route',
    edit: { type: 'removeRoute', id: 'shop' },
    expected: { routes: [start.routes![1]!] },
  },
  {
    name: 'removes a pool with the backends and mirrors that name it',
    edit: { type: 'removePool', id: 'b' },
    expected: {
      pools: [start.pools![0]!],
      routes: [{ ...shop, filters: [], backends: [{ pool: 'a' }] } as typeof shop, start.routes![1]!],
    },
  },
  {
    name: 'renames a pool in backends and mirrors',
    edit: { type: 'renamePool', id: 'b', newId: 'c' },
    expected: {
      pools: [start.pools![0]!, { id: 'c', endpoints: [] }],
      routes: [
        {
          ...shop,
          filters: [{ type: 'mirror', pool: 'c' }],
          backends: [{ pool: 'a' }, { pool: 'c', weight: 2 }],
        } as typeof shop,
        start.routes![1]!,
      ],
    },
  },
  {
    name: 'adds an endpoint',
    edit: { type: 'addEndpoint', pool: 'b', endpoint: { address: 'x', port: 5 } },
    expected: { pools: [start.pools![0]!, { id: 'b', endpoints: [{ address: 'x', port: 5 }] }] },
  },
  {
    name: 'changes an endpoint',
    edit: { type: 'updateEndpoint', pool: 'a', index: 0, patch: { port: 7 } },
    expected: { pools: [{ id: 'a', endpoints: [{ address: '127.0.0.1', port: 7 }] }, start.pools![1]!] },
  },
  {
    name: 'removes an endpoint',
    edit: { type: 'removeEndpoint', pool: 'a', index: 0 },
    expected: { pools: [{ id: 'a', endpoints: [] }, start.pools![1]!] },
  },
  {
    name: 'moves a node',
    edit: { type: 'setPosition', node: 'pool:b', x: 9, y: 8 },
    expected: {
      layout: {
        ...start.layout,
        positions: { ...start.layout!.positions, 'pool:b': { x: 9, y: 8 } },
      },
    },
  },
];

const withoutEffect: readonly ConfigEdit[] = [
  { type: 'updateListener', id: 'nobody', patch: { port: 1 } },
  { type: 'removeListener', id: 'nobody' },
  { type: 'renameListener', id: 'web', newId: 'secure' },
  { type: 'renameListener', id: 'nobody', newId: 'x' },
  { type: 'renameRoute', id: 'shop', newId: 'other' },
  { type: 'removeRoute', id: 'nobody' },
  { type: 'renamePool', id: 'a', newId: 'b' },
  { type: 'removePool', id: 'nobody' },
  { type: 'updateEndpoint', pool: 'a', index: 5, patch: { port: 1 } },
  { type: 'removeEndpoint', pool: 'a', index: -1 },
  { type: 'addEndpoint', pool: 'nobody', endpoint: { address: 'x', port: 1 } },
  { type: 'setPosition', node: 'pool:a', x: 3, y: 4 },
];

describe('applyEdit', () => {
  for (const { name, edit, expected } of cases) {
    it(name, () => {
      const before = structuredClone(start);
      const result = applyEdit(start, edit);
      expect(result).toEqual({ ...start, ...expected });
      expect(start).toEqual(before);
      for (const key of ['listeners', 'routes', 'pools', 'layout'] as const) {
        if (!(key in expected)) expect(result[key]).toBe(start[key]);
      }
    });
  }

  for (const edit of withoutEffect) {
    it(`returns the same document for ${JSON.stringify(edit)}`, () => {
      expect(applyEdit(start, edit)).toBe(start);
    });
  }

  it('shares the routes that do not name the removed pool', () => {
    expect(applyEdit(start, { type: 'removePool', id: 'b' }).routes![1]).toBe(start.routes![1]);
  });

  it('starts lists that the document left out', () => {
    const bare: WorkspaceDocument = { schemaVersion: 1 };
    expect(applyEdit(bare, { type: 'addPool', pool: { id: 'p', endpoints: [] } })).toEqual({
      schemaVersion: 1,
      pools: [{ id: 'p', endpoints: [] }],
    });
  });
});
