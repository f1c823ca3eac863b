import { describe, expect, it } from 'vitest';
import type { WorkspaceDocument } from '../../../main/contract/config';
import { applyEdit } from '../../../main/contract/configEdit';
import { graphReach } from '../../../renderer/editor/graphReach';
import { losses, removalEdits } from '../../../renderer/editor/removal';

const document: WorkspaceDocument = {
  schemaVersion: 1,
  listeners: [
    { id: 'web', port: 8080, protocol: 'http' },
    { id: 'api', port: 8081, protocol: 'http' },
  ],
  routes: [
    {
      id: 'shop',
      kind: 'http',
      listeners: ['web', 'api'],
      filters: [{ type: 'mirror', pool: 'b' }],
      backends: [{ pool: 'a', weight: 3 }, { pool: 'b' }],
    },
  ],
  pools: [
    { id: 'a', endpoints: [1, 2, 3].map((port) => ({ address: 'x', port })) },
    { id: 'b', endpoints: [] },
  ],
  layout: {
    groups: [{ id: 'g', name: 'G', members: ['pool:a'] }],
    notes: [{ id: 'n', text: '', x: 0, y: 0 }],
  },
};
const without = (ids: readonly string[]) => removalEdits(document, ids).reduce(applyEdit, document);

describe('removalEdits', () => {
  it('takes several endpoints of one pool, each as it was meant', () => {
    expect(without(['endpoint:a:0', 'endpoint:a:2']).pools?.[0]?.endpoints.map(({ port }) => port)).toEqual([
      2,
    ]);
  });
  it('takes a pool with its endpoints and its place in a group', () => {
    const after = without(['endpoint:a:1', 'pool:a']);
    expect(after.pools?.map(({ id }) => id)).toEqual(['b']);
    expect(after.layout?.groups).toBe(undefined);
  });
  it('takes several lines of one route at once', () => {
    const after = without(['listener:web>route:shop', 'listener:api>route:shop', 'route:shop>pool:a']);
    expect(after.routes?.[0]).toMatchObject({ listeners: [], backends: [{ pool: 'b' }] });
  });
  it('takes notes and frames, not what is in the frame', () => {
    const after = without(['note:n', 'group:g']);
    expect(after.layout).toBe(undefined);
    expect(after.pools).toBe(document.pools);
  });
});

describe('losses', () => {
  it.each([
    ['one of two listeners', ['listener:web'], ['Route shop loses listener web.']],
    ['the last listeners', ['listener:web', 'listener:api'], ['Route shop is left without a listener.']],
    [
      'a pool with most of the traffic',
      ['pool:a'],
      ['Route shop sends 75 % of its traffic there; the rest goes to the other backends.'],
    ],
    [
      'all pools',
      ['pool:a', 'pool:b'],
      ['Route shop is left without a backend.', 'Route shop loses its mirror filter.'],
    ],
    ['a pool together with its route', ['pool:a', 'route:shop'], []],
    ['an endpoint', ['endpoint:a:0'], []],
  ])('says what %s takes along', (_name, ids, expected) => {
    expect(losses(document, ids)).toEqual(expected);
  });
});

describe('graphReach', () => {
  it('is what leads to a node and what it leads to, not its neighbours', () => {
    const edges = ['c>l', 'l>r1', 'l>r2', 'r1>p', 'r2>p'].map((text) => {
      const [source, target] = text.split('>') as [string, string];
      return { source, target };
    });
    expect([...graphReach(edges, ['r1'])].sort()).toEqual(['c', 'l', 'p', 'r1']);
  });
});
