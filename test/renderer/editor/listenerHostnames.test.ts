import { describe, expect, it } from 'vitest';
import type { ListenerDocument, RouteDocument, WorkspaceDocument } from '../../../main/contract/config';
import { certificateNamesFor, decrypts, listenerHostnames } from '../../../renderer/editor/listenerHostnames';

const edge: ListenerDocument = { id: 'edge', port: 1, protocol: 'tls' };
const routes: RouteDocument[] = [
  { id: 'a', kind: 'http', listeners: ['secure'], hostnames: ['shop.test', '*.shop.test'] },
  { id: 'b', kind: 'http', listeners: ['secure', 'other'], hostnames: ['shop.test', 'img.test'] },
  { id: 'c', kind: 'tls', listeners: ['secure', 'edge'], hostnames: ['sealed.test'] },
  { id: 'd', kind: 'tls', mode: 'terminate', listeners: ['secure'], hostnames: ['open.test'] },
];
const document: WorkspaceDocument = { schemaVersion: 1, listeners: [edge], routes };

describe('certificates of a listener', () => {
  it('covers the host names that it decrypts, each once, and never a passed-through one', () => {
    expect(listenerHostnames(document, 'secure')).toEqual([
      'shop.test',
      '*.shop.test',
      'img.test',
      'open.test',
    ]);
    expect(listenerHostnames(document, 'edge')).toEqual([]);
  });
  it('is for this machine where the routes take any host', () => {
    expect(certificateNamesFor([])).toEqual(['localhost', '127.0.0.1']);
  });
  it('is needed on https, and on tls only where a route terminates', () => {
    expect(decrypts(document, { ...edge, protocol: 'https' })).toBe(true);
    expect(decrypts(document, edge)).toBe(false);
    expect(decrypts(document, { ...edge, id: 'secure' })).toBe(true);
  });
});
