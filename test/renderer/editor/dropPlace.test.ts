import { describe, expect, it } from 'vitest';
import type { WorkspaceDocument } from '../../../main/contract/config';
import { applyEdit } from '../../../main/contract/configEdit';
import { dropPlace, joinGroup } from '../../../renderer/editor/dropPlace';
import { graphFromConfig } from '../../../renderer/editor/graphFromConfig';

const document: WorkspaceDocument = {
  schemaVersion: 1,
  listeners: [{ id: 'web', port: 8080, protocol: 'http' }],
  routes: [
    { id: 'shop', kind: 'http', listeners: ['web'], backends: [{ pool: 'a' }] },
    { id: 'blog', kind: 'http', listeners: ['web'], backends: [{ pool: 'a' }] },
  ],
  pools: [
    { id: 'a', endpoints: [] },
    { id: 'b', endpoints: [] },
    { id: 'c', endpoints: [] },
  ],
  layout: {
    positions: {
      'route:shop': { x: 400, y: 0 },
      'route:blog': { x: 400, y: 60 },
      'pool:a': { x: 800, y: 0 },
      'pool:b': { x: 800, y: 600 },
      'pool:c': { x: 800, y: 1200 },
    },
    groups: [
      { id: 'old', name: 'Old', members: ['pool:b'] },
      { id: 'new', name: 'New', members: ['pool:c'] },
    ],
  },
};
const graph = graphFromConfig({ document, base: document, bound: [], issues: [] });
const middleOfLine = (route: string) => {
  const from = graph.nodes.find(({ id }) => id === route)!;
  const to = graph.nodes.find(({ id }) => id === 'pool:a')!;
  return { x: 620, y: (from.y + from.height / 2 + to.y + to.height / 2) / 2 };
};

describe('dropPlace', () => {
  it.each(['route:shop', 'route:blog'])(
    'takes the nearest of two lines that lie close: that of %s',
    (route) => {
      const { x, y } = middleOfLine(route);
      const place = dropPlace(document, graph, 'pool:b', { x, y: y - 40 });
      expect(place).toMatchObject({ kind: 'line', id: `${route}>pool:a`, edit: { type: 'setBackends' } });
    },
  );
  it('does not take a line that the node cannot be connected to', () => {
    const { x, y } = middleOfLine('route:shop');
    expect(dropPlace(document, graph, 'listener:web', { x, y: y - 40 })).toBe(null);
  });
  it('takes a group that the middle of the node is in, but not its own', () => {
    expect(dropPlace(document, graph, 'pool:c', { x: 800, y: 610 })).toMatchObject({
      kind: 'group',
      id: 'group:old',
    });
    expect(dropPlace(document, graph, 'pool:b', { x: 800, y: 610 })).toBe(null);
  });
});

describe('joinGroup', () => {
  it('takes a node out of the group that it was in; a group without members goes', () => {
    const joined = applyEdit(document, joinGroup(document, ['pool:c'], 'old'));
    expect(joined.layout?.groups).toEqual([{ id: 'old', name: 'Old', members: ['pool:b', 'pool:c'] }]);
    const left = applyEdit(joined, joinGroup(joined, ['pool:c'], null));
    expect(left.layout?.groups).toEqual([{ id: 'old', name: 'Old', members: ['pool:b'] }]);
  });
});
