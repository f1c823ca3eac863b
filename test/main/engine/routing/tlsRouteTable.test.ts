import { describe, expect, it } from 'vitest';
import { explainTls } from '../../../../main/engine/routing/tlsRouteTable';
import { compileDocument } from './routeFixtures';

const tls = (id: string, hostnames: string[] = []) => ({
  id,
  kind: 'tls' as const,
  listeners: ['edge'],
  hostnames,
});

function tableOf(...routes: ReturnType<typeof tls>[]) {
  const listeners = [{ id: 'edge', port: 443, protocol: 'tls' as const }];
  return compileDocument({ schemaVersion: 1, listeners, routes }).listeners.get('edge')!.tlsRoutes;
}

describe('TlsRouteTable', () => {
  const table = tableOf(
    tls('any'),
    tls('wild', ['*.a.test']),
    tls('exact', ['B.a.test']),
    tls('late', ['b.a.test']),
  );
  it.each([
    ['b.a.test', 'exact'],
    ['c.b.a.test', 'wild'],
    ['a.test', 'any'],
    [null, 'any'],
  ])('gives %s the most specific route', (serverName, expected) => {
    expect(table.match(serverName)?.id).toBe(expected);
  });

  it('has nothing for a hello without name when every route asks for one', () => {
    expect(tableOf(tls('wild', ['*.a.test'])).match(null)).toBeNull();
  });

  it('explains', () => {
    const predicate = { predicate: 'serverName', actual: 'b.a.test' };
    expect(explainTls(table, 'edge', 'b.a.test')).toEqual({
      listener: 'edge',
      omittedRoutes: 0,
      routes: [
        { route: 'any', outcome: 'outranked', matchIndex: null, predicates: [] },
        {
          route: 'wild',
          outcome: 'outranked',
          matchIndex: null,
          predicates: [{ ...predicate, expected: '*.a.test', holds: true }],
        },
        {
          route: 'exact',
          outcome: 'won',
          matchIndex: null,
          predicates: [{ ...predicate, expected: 'B.a.test', holds: true }],
        },
        {
          route: 'late',
          outcome: 'outranked',
          matchIndex: null,
          predicates: [{ ...predicate, expected: 'b.a.test', holds: true }],
        },
      ],
    });
  });
});
