import { describe, expect, it } from 'vitest';
import type { WorkspaceDocument } from '../../../main/contract/config';
import { applyEdit } from '../../../main/contract/configEdit';
import { type Direction, nextOffers } from '../../../renderer/editor/nextOffers';

const document: WorkspaceDocument = {
  schemaVersion: 1,
  listeners: [
    { id: 'web', port: 8080, protocol: 'http' },
    { id: 'secure', port: 8443, protocol: 'https', tls: {} },
  ],
  routes: [
    { id: 'shop', kind: 'http', listeners: ['web'], backends: [{ pool: 'a' }] },
    { id: 'bank', kind: 'tls', listeners: ['secure'] },
  ],
  pools: [
    { id: 'a', endpoints: [] },
    { id: 'b', endpoints: [] },
  ],
};
const labels = (id: string, direction?: Direction) =>
  nextOffers(document, id, direction)
    .filter((offer) => offer.kind !== 'filter')
    .map((offer) => `${offer.isNew ? 'new' : 'connect'} ${offer.label}`);

describe('what can come next', () => {
  it.each([
    [
      'client',
      'behind',
      [
        'new HTTP listener',
        'new HTTPS listener',
        'new TLS listener',
        'new TCP listener',
        'new Forward listener',
      ],
    ],
    ['listener:web', 'behind', ['new HTTP route']],
    ['listener:secure', 'behind', ['new HTTP route', 'new TLS route', 'connect shop']],
    ['route:shop', 'behind', ['new Pool', 'connect b']],
    ['route:shop', 'before', ['new HTTP listener', 'new HTTPS listener', 'connect secure']],
    ['pool:b', 'before', ['new HTTP route', 'connect shop', 'connect bank']],
    ['pool:a', 'behind', ['new Endpoint']],
    ['listener:web', 'before', []],
    ['note:x', 'behind', []],
  ] as const)('%s, %s', (id, direction, expected) => {
    expect(labels(id, direction)).toEqual(expected);
  });

  it('offers every filter that has a form behind an HTTP route, and none behind a TLS route', () => {
    expect(nextOffers(document, 'route:shop').some((offer) => offer.label === 'Rate limit')).toBe(true);
    expect(nextOffers(document, 'route:bank').some((offer) => offer.kind === 'filter')).toBe(false);
  });

  it('makes what it offers, connected', () => {
    const offer = nextOffers(document, 'route:shop')[0]!;
    const after = offer.edits.reduce(applyEdit, document);
    expect(after.routes?.[0]?.backends).toEqual([{ pool: 'a' }, { pool: 'pool' }]);
    expect(offer.node).toBe('pool:pool');
  });
});
