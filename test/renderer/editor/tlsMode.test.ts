import { describe, expect, it } from 'vitest';
import type { WorkspaceDocument } from '../../../main/contract/config';
import { applyEdit } from '../../../main/contract/configEdit';
import { parseWorkspace } from '../../../main/contract/validateConfig';
import { readAsHttp, switchTlsMode, type TlsMode, tlsModeOf } from '../../../renderer/editor/tlsMode';

const document: WorkspaceDocument = {
  schemaVersion: 1,
  listeners: [
    { id: 'web', port: 8080, protocol: 'http' },
    { id: 'secure', port: 8443, protocol: 'https', tls: { certificates: ['shop'] } },
    { id: 'edge', port: 9443, protocol: 'tls', tls: { certificates: ['shop'] } },
  ],
  routes: [
    {
      id: 'shop',
      kind: 'http',
      listeners: ['web', 'secure'],
      hostnames: ['shop.test'],
      matches: [{ method: 'GET' }],
      filters: [{ type: 'respond' }],
      backends: [{ pool: 'shop' }],
    },
    { id: 'bank', kind: 'tls', listeners: ['edge'], hostnames: ['bank.test'], backends: [{ pool: 'bank' }] },
    { id: 'plain', kind: 'http', listeners: ['web'], hostnames: ['p.test'], backends: [{ pool: 'shop' }] },
  ],
  pools: ['shop', 'bank'].map((id) => ({ id, endpoints: [{ address: '127.0.0.1', port: 1 }] })),
};
const routeOf = (from: WorkspaceDocument, id: string) => from.routes!.find((route) => route.id === id)!;
const switched = (id: string, mode: TlsMode, from = document) => {
  const { edits, losses } = switchTlsMode(from, routeOf(from, id), mode);
  const after = edits.reduce(applyEdit, from);
  expect(parseWorkspace(after).issues.filter((issue) => issue.severity === 'error')).toEqual([]);
  expect(tlsModeOf(after, routeOf(after, id))).toBe(mode);
  return { after, losses };
};

describe('the TLS mode of a host name', () => {
  it('is read from the route, its listeners and its pools', () => {
    expect(tlsModeOf(document, routeOf(document, 'shop'))).toBe('terminate');
    expect(tlsModeOf(document, routeOf(document, 'bank'))).toBe('passthrough');
    expect(tlsModeOf(document, routeOf(document, 'plain'))).toBe(null);
  });

  it('turns an HTTP route into a sealed one, and says what goes', () => {
    const { after, losses } = switched('shop', 'passthrough');
    expect(routeOf(after, 'shop')).toEqual({
      id: 'shop',
      kind: 'tls',
      mode: 'passthrough',
      listeners: ['secure'],
      hostnames: ['shop.test'],
      backends: [{ pool: 'shop' }],
    });
    expect(losses).toHaveLength(3);
  });

  it('encrypts again towards the pools, and warns when other routes use them', () => {
    const { after, losses } = switched('shop', 'reencrypt');
    expect(after.pools?.[0]?.tls).toEqual({});
    expect(losses).toEqual(['Pool shop is also used by plain: it changes there too.']);
    expect(switched('shop', 'terminate', after).after.pools?.[0]).not.toHaveProperty('tls');
  });

  it('decrypts on a TLS listener without reading HTTP', () => {
    expect(routeOf(switched('bank', 'terminate').after, 'bank')).toMatchObject({
      kind: 'tls',
      mode: 'terminate',
    });
    expect(switched('bank', 'reencrypt').after.pools?.[1]?.tls).toEqual({});
  });

  it('comes back to HTTP from a sealed route on an HTTPS listener', () => {
    const sealed = switched('shop', 'passthrough').after;
    const { after } = switched('shop', 'terminate', sealed);
    expect(routeOf(after, 'shop')).toMatchObject({ kind: 'http', listeners: ['secure'] });
    const bytes = readAsHttp(after, routeOf(after, 'shop'), false).reduce(applyEdit, after);
    expect(routeOf(bytes, 'shop')).toMatchObject({ kind: 'tls', mode: 'terminate' });
    const back = readAsHttp(bytes, routeOf(bytes, 'shop'), true).reduce(applyEdit, bytes);
    expect(routeOf(back, 'shop')).toMatchObject({ kind: 'http' });
  });
});
