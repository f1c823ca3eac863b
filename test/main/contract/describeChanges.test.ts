import { describe, expect, it } from 'vitest';
import type { WorkspaceDocument } from '../../../main/contract/config';
import { applyEdit, type ConfigEdit } from '../../../main/contract/configEdit';
import { describeChanges, summarizeChanges } from '../../../main/contract/describeChanges';
import { fieldHelp } from '../../../renderer/editor/fieldHelp';

const base: WorkspaceDocument = {
  schemaVersion: 1,
  listeners: [{ id: 'web', port: 8080, protocol: 'http' }],
  routes: [
    { id: 'a', kind: 'http', listeners: ['web'], hostnames: ['shop.test'], backends: [{ pool: 'shop' }] },
    { id: 'b', kind: 'http', listeners: ['web'] },
  ],
  pools: [{ id: 'shop', endpoints: [{ address: '127.0.0.1', port: 3000 }] }],
};

function words(...edits: ConfigEdit[]): string[] {
  return describeChanges(base, edits.reduce(applyEdit, base), fieldHelp).map(
    ({ kind, subject, detail }) => `${kind} ${subject}: ${detail}`,
  );
}

describe('describeChanges', () => {
  const cases: readonly [string, ConfigEdit, string][] = [
    [
      'a port',
      { type: 'updateListener', id: 'web', patch: { port: 81 } },
      'changed Listener web: port 8080 → 81',
    ],
    [
      'a limit that had its default',
      { type: 'updateListener', id: 'web', patch: { limits: { maxConnections: 5 } } },
      'changed Listener web: most connections 10000 → 5',
    ],
    [
      'host names',
      { type: 'updateRoute', id: 'a', patch: { hostnames: undefined } },
      'changed Route a: host names shop.test → any host',
    ],
    [
      'backends with weights',
      { type: 'setBackends', route: 'a', backends: [{ pool: 'shop', weight: 9 }, { pool: 'x' }] },
      'changed Route a: adds backend x, backend shop weight 1 → 9',
    ],
    [
      'endpoints',
      { type: 'addEndpoint', pool: 'shop', endpoint: { address: '127.0.0.1', port: 3001 } },
      'changed Pool shop: adds endpoint 127.0.0.1:3001',
    ],
    [
      'a nested switch',
      { type: 'updatePool', id: 'shop', patch: { connections: { reuse: false } } },
      'changed Pool shop: reuse connections default → false',
    ],
    [
      'a new listener',
      { type: 'addListener', listener: { id: 'tls', port: 9443, protocol: 'tls' } },
      'added Listener tls: tls on 127.0.0.1:9443',
    ],
    [
      'a filter',
      { type: 'updateRoute', id: 'a', patch: { filters: [{ type: 'cache' }] } },
      'changed Route a: adds filter cache',
    ],
    ['a removed route', { type: 'removeRoute', id: 'b' }, 'removed Route b: '],
  ];
  it.each(cases)('says %s', (_name, edit, expected) => {
    expect(words(edit)).toEqual([expected]);
  });

  it('says that the order of routes changed, since it can decide', () => {
    const swapped = { ...base, routes: base.routes!.toReversed() };
    expect(describeChanges(base, swapped)).toEqual([
      { kind: 'changed', node: null, subject: 'Routes', detail: 'order in the document' },
    ]);
  });

  it('sums many changes up in one line', () => {
    const after = { ...base, listeners: [], routes: [], pools: [] };
    const changes = describeChanges(base, after);
    expect(summarizeChanges(changes)).toBe(
      'Listener web removed; Route a removed; Route b removed; and 1 more',
    );
    expect(summarizeChanges([])).toBe('');
  });

  it('says nothing about moved nodes', () => {
    expect(words({ type: 'setPosition', node: 'client', x: 1, y: 1 })).toEqual([]);
  });
});
