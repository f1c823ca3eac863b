import { describe, expect, it } from 'vitest';
import type { WorkspaceDocument } from '../../../main/contract/config';
import { graphFromConfig } from '../../../renderer/editor/graphFromConfig';
import { graphLayout, nodeWidths } from '../../../renderer/editor/graphLayout';
import { nextNode } from '../../../renderer/editor/graphNavigation';

const document: WorkspaceDocument = {
  schemaVersion: 1,
  listeners: [
    { id: 'web', port: 8080, protocol: 'http' },
    { id: 'pg', port: 0, protocol: 'tcp' },
  ],
  routes: [
    {
      id: 'shop',
      kind: 'http',
      listeners: ['web', 'gone'],
      backends: [
        { pool: 'v1', weight: 9 },
        { pool: 'v2', weight: 1 },
      ],
    },
  ],
  pools: [
    {
      id: 'v1',
      endpoints: [
        { address: '127.0.0.1', port: 1 },
        { address: '127.0.0.1', port: 2 },
      ],
    },
    { id: 'v2', endpoints: [] },
    { id: 'loose', endpoints: [{ address: '127.0.0.1', port: 3 }] },
  ],
};
const graph = (changes: Partial<Parameters<typeof graphFromConfig>[0]> = {}) =>
  graphFromConfig({ document, base: document, bound: [], issues: [], ...changes });
const find = (id: string, from = graph()) => from.nodes.find((node) => node.id === id)!;

describe('graphFromConfig', () => {
  it('draws every thing once and only lines between things that exist', () => {
    expect(graph().nodes.map((node) => node.id)).toEqual([
      'client',
      'listener:web',
      'listener:pg',
      'route:shop',
      'pool:v1',
      'endpoint:v1:0',
      'endpoint:v1:1',
      'pool:v2',
      'pool:loose',
      'endpoint:loose:0',
    ]);
    expect(graph().edges.map(({ id, label }) => `${id} ${label ?? ''}`)).toEqual([
      'client>listener:web ',
      'client>listener:pg ',
      'listener:web>route:shop ',
      'route:shop>pool:v1 90 %',
      'route:shop>pool:v2 10 %',
      'pool:v1>endpoint:v1:0 ',
      'pool:v1>endpoint:v1:1 ',
      'pool:loose>endpoint:loose:0 ',
    ]);
  });

  it('says the bound port of a listener that takes any', () => {
    const bound = [{ id: 'pg', address: '127.0.0.1', port: 40123, protocol: 'tcp' }];
    expect(find('listener:pg', graph({ bound })).face.state).toEqual({
      tone: 'ok',
      text: 'listening on 40123',
    });
    expect(find('listener:web', graph({ bound })).face.state?.text).toBe('not applied yet');
  });

  it('marks what is new and what was changed in the draft', () => {
    const base: WorkspaceDocument = {
      ...document,
      pools: [{ id: 'v1', endpoints: [{ address: '127.0.0.1', port: 1 }] }, document.pools![1]!],
    };
    const drawn = graph({ base: structuredClone(base) });
    expect(find('pool:v1', drawn).change).toBe('changed');
    expect(find('endpoint:v1:0', drawn).change).toBe('none');
    expect(find('endpoint:v1:1', drawn).change).toBe('added');
    expect(find('pool:loose', drawn).change).toBe('added');
    expect(find('pool:v2', drawn).change).toBe('none');
  });

  it('pins problems to the node that they belong to', () => {
    const issue = (path: (string | number)[]) => ({
      code: 'invalid_value' as const,
      severity: 'error' as const,
      path,
      message: path.join('.'),
    });
    const issues = [
      issue(['pools', 0, 'endpoints', 1, 'port']),
      issue(['pools', 0, 'id']),
      issue(['routes', 0]),
    ];
    const drawn = graph({ issues });
    expect(find('endpoint:v1:1', drawn).issues).toHaveLength(1);
    expect(find('pool:v1', drawn).issues).toHaveLength(1);
    expect(find('route:shop', drawn).issues).toHaveLength(1);
    expect(find('endpoint:v1:0', drawn).issues).toEqual([]);
  });

  it('draws a document with duplicate ids', () => {
    const twice: WorkspaceDocument = {
      ...document,
      pools: [...document.pools!, { id: 'v1', endpoints: [] }],
    };
    const ids = graph({ document: twice }).nodes.map((node) => node.id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('graphLayout', () => {
  const overlaps = (nodes: ReturnType<typeof graphLayout>) =>
    nodes.flatMap((a, index) =>
      nodes
        .slice(index + 1)
        .filter(
          (b) =>
            a.x < b.x + nodeWidths[b.kind] &&
            b.x < a.x + nodeWidths[a.kind] &&
            a.y < b.y + b.height &&
            b.y < a.y + a.height,
        )
        .map((b) => `${a.id} ${b.id}`),
    );
  const { nodes, edges } = graph();

  it('puts every kind into its column, loose things too, in document order', () => {
    const placed = graphLayout(nodes, edges, {});
    const xOf = (kind: string) => [
      ...new Set(placed.filter((node) => node.kind === kind).map((node) => node.x)),
    ];
    const columns = ['client', 'listener', 'route', 'pool', 'endpoint'].map(xOf);
    expect(columns.map((xs) => xs.length)).toEqual([1, 1, 1, 1, 1]);
    expect(columns.flat()).toEqual(columns.flat().toSorted((a, b) => a - b));
    const yOf = (id: string) => placed.find((node) => node.id === id)!.y;
    expect(yOf('listener:web')).toBeLessThan(yOf('listener:pg'));
    expect(yOf('endpoint:v1:0')).toBeLessThan(yOf('endpoint:v1:1'));
    expect(overlaps(placed)).toEqual([]);
  });

  it('leaves a node where it was put by hand and takes its endpoints along', () => {
    const auto = graphLayout(nodes, edges, {});
    const placed = graphLayout(nodes, edges, { 'pool:v1': { x: 2000, y: 3000 } });
    expect(placed.find((node) => node.id === 'pool:v1')).toMatchObject({ x: 2000, y: 3000 });
    const offset = (from: typeof auto) => {
      const pool = from.find((node) => node.id === 'pool:v1')!;
      const endpoint = from.find((node) => node.id === 'endpoint:v1:0')!;
      return [endpoint.x - pool.x, endpoint.y - pool.y];
    };
    expect(offset(placed)).toEqual(offset(auto));
  });

  it('moves automatic nodes out of the way of one that was placed by hand', () => {
    const auto = graphLayout(nodes, edges, {});
    const { x, y } = auto.find((node) => node.id === 'pool:v2')!;
    expect(overlaps(graphLayout(nodes, edges, { 'listener:web': { x, y: y + 10 } }))).toEqual([]);
  });
});

describe('a pool with many endpoints', () => {
  const many: WorkspaceDocument = {
    schemaVersion: 1,
    pools: [
      { id: 'big', endpoints: Array.from({ length: 50 }, (_, i) => ({ address: '10.0.0.1', port: i + 1 })) },
    ],
  };
  const health = [1, 2, 3].map((port) => ({
    pool: 'big',
    endpoint: `10.0.0.1:${port}`,
    health: port === 3 ? ('unhealthy' as const) : ('healthy' as const),
    reason: '',
  }));
  const draw = (openPools: ReadonlySet<string>) =>
    graphFromConfig({ document: many, base: many, bound: [], issues: [], health, openPools });

  it('has one node for all of them that says how they are, until it is unfolded', () => {
    const { nodes, edges } = draw(new Set());
    expect(nodes.map(({ id }) => id)).toEqual(['pool:big', 'endpoints:big']);
    expect(edges.map(({ id }) => id)).toEqual(['pool:big>endpoints:big']);
    expect(nodes[1]?.face).toMatchObject({
      title: '50 endpoints',
      state: { tone: 'danger', text: '2 healthy, 1 unhealthy' },
    });
    expect(draw(new Set(['big'])).nodes).toHaveLength(51);
  });
});

describe('groups and notes', () => {
  it('frame their members with the endpoints behind them, and stand where they were put', () => {
    const layout = {
      groups: [{ id: 'g', name: 'Front', members: ['pool:v1'] }],
      notes: [{ id: 'n', text: 'Remember', x: 5, y: 6 }],
    };
    const { marks, nodes } = graph({ document: { ...document, layout } });
    const group = marks.find((mark) => mark.kind === 'group')!;
    expect(group.members).toEqual(['pool:v1', 'endpoint:v1:0', 'endpoint:v1:1']);
    for (const node of nodes.filter(({ id }) => group.members.includes(id))) {
      expect(node.x).toBeGreaterThan(group.x);
      expect(node.y + node.height).toBeLessThan(group.y + group.height);
    }
    expect(marks.find((mark) => mark.kind === 'note')).toMatchObject({
      id: 'note:n',
      text: 'Remember',
      x: 5,
      y: 6,
    });
  });
});

describe('the face of an endpoint', () => {
  it.each([
    ['healthy', 'ok', 'healthy'],
    ['unhealthy', 'danger', 'unhealthy'],
    ['ejected', 'warning', 'ejected'],
    ['unknown', 'neutral', 'not checked yet'],
  ] as const)(
    'says in words and tone that it is %s, and nothing of one that nobody watches',
    (health, tone, text) => {
      const shown = graph({ health: [{ pool: 'v1', endpoint: '127.0.0.1:2', health, reason: '' }] });
      expect(find('endpoint:v1:1', shown).face.state).toEqual({ tone, text });
      expect(find('endpoint:v1:0', shown).face).toMatchObject({ state: null, lines: ['weight 1'] });
    },
  );
});

describe('nextNode', () => {
  it('walks along the columns and up and down in them', () => {
    const { nodes } = graph();
    expect(nextNode(nodes, null, 'ArrowRight')).toBe('client');
    expect(nextNode(nodes, 'listener:web', 'ArrowRight')).toBe('route:shop');
    expect(nextNode(nodes, 'route:shop', 'ArrowLeft')).toBe('listener:web');
    expect(nextNode(nodes, 'listener:web', 'ArrowDown')).toBe('listener:pg');
    expect(nextNode(nodes, 'listener:web', 'ArrowUp')).toBe(null);
    expect(nextNode(nodes, 'endpoint:v1:0', 'ArrowRight')).toBe(null);
  });
});
