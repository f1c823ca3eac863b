import { describe, expect, it } from 'vitest';
import { emptyWorkspaceDocument, type WorkspaceDocument } from '../../../main/contract/config';
import { applyEdit } from '../../../main/contract/configEdit';
import { parseWorkspace } from '../../../main/contract/validateConfig';
import { isStartInput, planHostToPort, planSamples, readStartForm } from '../../../renderer/start/startEdits';
import { chooseListenerPort } from '../../../renderer/stores/chooseListenerPort';
import { idFromHostname } from '../../../renderer/stores/freeNames';
import { fakeApi } from '../fakeApi';

describe('readStartForm', () => {
  it('reads a host name and two ports', () => {
    expect(readStartForm({ hostname: ' Shop.Test ', port: '3000', listenerPort: '8080' })).toEqual({
      hostname: 'shop.test',
      port: 3000,
      listenerPort: 8080,
    });
  });
  it.each([
    ['nothing', { hostname: '', port: '', listenerPort: '' }, ['hostname', 'port', 'listenerPort']],
    ['a URL', { hostname: 'http://shop.test', port: '1', listenerPort: '2' }, ['hostname']],
    ['a port out of range', { hostname: 'a', port: '65536', listenerPort: '2' }, ['port']],
    ['its own port', { hostname: 'a', port: '8080', listenerPort: '8080' }, ['listenerPort']],
  ])('says what is wrong with %s', (_name, form, fields) => {
    const errors = readStartForm(form);
    expect(isStartInput(errors)).toBe(false);
    expect(Object.keys(errors)).toEqual(fields);
  });
});

describe('first workspaces', () => {
  it('routes a host name to a local port with a valid workspace', () => {
    const { edits, route } = planHostToPort(emptyWorkspaceDocument(), {
      hostname: 'shop.test',
      port: 3000,
      listenerPort: 8080,
    });
    const document = edits.reduce(applyEdit, emptyWorkspaceDocument());
    expect(parseWorkspace(document).issues).toEqual([]);
    expect(route).toBe('shop-test');
    expect(document.pools).toEqual([{ id: 'shop-test', endpoints: [{ address: '127.0.0.1', port: 3000 }] }]);
  });

  it('puts every HTTP sample server into one pool', () => {
    const server = (name: string, kind: 'http' | 'tcp', port: number) => ({
      name,
      kind,
      address: '127.0.0.1',
      port,
    });
    const samples = [server('a', 'http', 1), server('t', 'tcp', 2), server('b', 'http', 3)];
    const { edits } = planSamples(emptyWorkspaceDocument(), samples, 8080);
    const document = edits.reduce(applyEdit, emptyWorkspaceDocument());
    expect(parseWorkspace(document).issues).toEqual([]);
    expect(document.pools?.[0]?.endpoints.map((endpoint) => endpoint.port)).toEqual([1, 3]);
  });

  it.each([
    ['*.Shop.test', 'shop-test'],
    ['[::1]', '1'],
    ['…', 'route'],
    [`${'a'.repeat(80)}.test`, 'a'.repeat(63)],
  ])('makes an id of %s', (hostname, id) => {
    expect(idFromHostname(hostname)).toBe(id);
  });
});

describe('chooseListenerPort', () => {
  it('takes the next port that neither the workspace nor another program has', async () => {
    const api = fakeApi({
      checkConfig: ({ document }: { document: WorkspaceDocument }) => ({
        issues: (document.listeners?.[0]?.port ?? 0) < 8083 ? [{ code: 'port_in_use' }] : [],
      }),
    });
    const document: WorkspaceDocument = {
      schemaVersion: 1,
      listeners: [{ id: 'x', port: 8083, protocol: 'http' }],
    };
    expect(await chooseListenerPort(api, document)).toBe(8084);
  });
});
