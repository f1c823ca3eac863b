import { describe, expect, it } from 'vitest';
import { emptyWorkspaceDocument, type WorkspaceDocument } from '../../../main/contract/config';
import { applyEdit } from '../../../main/contract/configEdit';
import { parseWorkspace } from '../../../main/contract/validateConfig';
import { emptyPresetForm, type PresetForm, readPresetForm } from '../../../renderer/presets/presetFields';
import { type PresetId, planPreset, presets } from '../../../renderer/presets/presets';

const presetOf = (id: PresetId) => presets.find((preset) => preset.id === id)!;
const filled: PresetForm = {
  hostname: 'Shop.test',
  port: '3000',
  otherPort: '3001',
  ports: '3000, 3001',
  server: '127.0.0.1:5432',
  listenerPort: '8080',
  isHttps: false,
};
function made(
  id: PresetId,
  changes: Partial<PresetForm> = {},
  into: WorkspaceDocument = emptyWorkspaceDocument(),
) {
  const read = readPresetForm(presetOf(id), { ...filled, ...changes });
  if (read.kind === 'errors') throw new Error(JSON.stringify(read.errors));
  const plan = planPreset(into, presetOf(id), read.values, 'shop');
  const document = plan.edits.reduce(applyEdit, into);
  return { document, route: document.routes!.find((route) => route.id === plan.route)! };
}

describe('presets', () => {
  it.each(presets.map(({ id }) => id))('%s makes a valid workspace out of nothing', (id) => {
    const { document, route } = made(id);
    expect(parseWorkspace(document).issues).toEqual([]);
    expect(route).toBeDefined();
  });

  it('split a canary 90 to 10, over HTTPS when it is ticked', () => {
    const { document, route } = made('canary', { isHttps: true, listenerPort: '8443' });
    expect(route.backends).toEqual([
      { pool: 'shop-test-v1', weight: 90 },
      { pool: 'shop-test-v2', weight: 10 },
    ]);
    expect(document.listeners).toEqual([
      { id: 'secure', port: 8443, protocol: 'https', tls: { certificates: ['shop'] } },
    ]);
  });

  it('use the listener that is there, and serve one certificate more on it', () => {
    const first = made('https', { listenerPort: '8443' }).document;
    const read = readPresetForm(presetOf('https'), {
      ...filled,
      hostname: 'blog.test',
      listenerPort: '8443',
    });
    const values = read.kind === 'read' ? read.values : null;
    const after = planPreset(first, presetOf('https'), values!, 'blog').edits.reduce(applyEdit, first);
    expect(after.listeners?.map(({ tls }) => tls?.certificates)).toEqual([['shop', 'blog']]);
    expect(after.routes?.map(({ id }) => id)).toEqual(['shop-test', 'blog-test']);
  });

  it('redirect to the port of the HTTPS listener', () => {
    const secure = made('https', { listenerPort: '8443' }).document;
    expect(made('redirect', {}, secure).route).toMatchObject({
      id: 'shop-test-to-https',
      filters: [{ type: 'redirect', scheme: 'https', port: 8443, status: 308 }],
    });
  });

  it('pass TLS through to a server by name', () => {
    const { document, route } = made('passthrough', { server: 'Bank.test:443', listenerPort: '9443' });
    expect(route).toMatchObject({ kind: 'tls', hostnames: ['shop.test'] });
    expect(document.pools?.[0]?.endpoints).toEqual([{ address: 'bank.test', port: 443 }]);
  });

  it('say at the field what is wrong', () => {
    const wrong = {
      ...emptyPresetForm,
      hostname: 'http://x',
      port: '70000',
      otherPort: 'x',
      listenerPort: '',
    };
    const read = readPresetForm(presetOf('canary'), wrong);
    expect(read.kind === 'errors' ? Object.keys(read.errors) : []).toEqual([
      'hostname',
      'port',
      'otherPort',
      'listenerPort',
    ]);
    const same = readPresetForm(presetOf('hostToPort'), { ...filled, listenerPort: '3000' });
    expect(same.kind === 'errors' ? same.errors.listenerPort : '').toMatch(/needs another/);
  });
});
