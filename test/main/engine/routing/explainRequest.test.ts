import { describe, expect, it } from 'vitest';
import type { WorkspaceDocument } from '../../../../main/contract/config';
import { parseWorkspace } from '../../../../main/contract/validateConfig';
import { explainWorkspace } from '../../../../main/engine/explainWorkspace';
import { viewOf } from '../../../../main/engine/routing/explainRequest';

const document: WorkspaceDocument = {
  schemaVersion: 1,
  listeners: [
    { id: 'web', port: 8080, protocol: 'http' },
    { id: 'secure', port: 8443, protocol: 'https', tls: { certificates: ['c'] } },
    { id: 'edge', port: 9443, protocol: 'tls' },
    { id: 'pg', port: 5433, protocol: 'tcp' },
  ],
  routes: [
    {
      id: 'pictures',
      kind: 'http',
      listeners: ['web', 'secure'],
      hostnames: ['img.test'],
      matches: [{ path: { type: 'prefix', value: '/p' }, query: [{ name: 'size', value: 'l' }] }],
      backends: [{ pool: 'p' }],
    },
    {
      id: 'sealed',
      kind: 'tls',
      listeners: ['edge', 'secure'],
      hostnames: ['bank.test'],
      backends: [{ pool: 'p' }],
    },
    { id: 'pg', kind: 'tcp', listeners: ['pg'], backends: [{ pool: 'p' }] },
  ],
  pools: [{ id: 'p', endpoints: [{ address: '127.0.0.1', port: 1 }] }],
};

function explain(listener: string, url: string, headers: [string, string][] = []) {
  const { workspace, issues } = parseWorkspace(document);
  if (workspace === null) throw new Error(JSON.stringify(issues));
  return explainWorkspace(workspace, listener, { method: 'GET', url, headers });
}

describe('explainWorkspace', () => {
  it.each([
    ['web', 'http://img.test/p/1?size=l', 'pictures'],
    ['web', 'http://IMG.test:8080/p/1?size=l#top', 'pictures'],
    ['web', 'http://img.test/p/1', null],
    ['secure', 'https://img.test/p?size=l', 'pictures'],
    ['secure', 'https://bank.test/p', 'sealed'],
    ['edge', 'bank.test', 'sealed'],
    ['edge', 'https://other.test/', null],
    ['pg', 'anything', 'pg'],
  ])('on %s gives %s the route %s', (listener, url, winner) => {
    expect(explain(listener, url)?.winner).toBe(winner);
  });

  it('takes the host from a Host header', () => {
    expect(explain('web', 'http://127.0.0.1:8080/p?size=l', [['Host', 'img.test']])?.winner).toBe('pictures');
  });

  it('knows no route of a listener that is not there', () => {
    expect(explain('nope', 'http://img.test/')).toBeNull();
  });

  it('keeps the path as written', () => {
    const view = viewOf({ method: 'GET', url: 'http://u:p@[::1]:80/a/../b%20c?x=y?z', headers: [] });
    expect([view.hostname, view.path, view.query]).toEqual(['::1', '/a/../b%20c', 'x=y?z']);
    expect(() => viewOf({ method: 'GET', url: 'http://a b/', headers: [] })).toThrow('is not a URL');
  });
});
