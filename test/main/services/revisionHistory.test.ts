import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WorkspaceDocument } from '../../../main/contract/config';
import { RevisionHistory } from '../../../main/services/revisionHistory';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hopscope-history-'));
});
afterEach(() => rm(folder, { recursive: true }));

const empty: WorkspaceDocument = { schemaVersion: 1 };
const withPort = (port: number): WorkspaceDocument => ({
  schemaVersion: 1,
  listeners: [{ id: 'web', port, protocol: 'http' }],
});
const change = (document: WorkspaceDocument, file = '/w.yaml') => ({
  file,
  before: empty,
  document,
  text: `# ${JSON.stringify(document)}`,
  source: 'app' as const,
  restoredFrom: null,
});
const open = (limits: { maxEntries?: number; maxBytes?: number } = {}) =>
  new RevisionHistory({ folder, ...limits });

describe('RevisionHistory', () => {
  it('says in words what each revision changed, newest first, and still does after a restart', async () => {
    const history = open();
    await history.record(change(withPort(80)));
    await history.record(change(withPort(81)));
    const entries = await open().list('/w.yaml');
    expect(entries.map((entry) => entry.summary)).toEqual([
      ['Listener web: port 80 → 81'],
      ['Listener web added: http on 127.0.0.1:80'],
    ]);
    expect(entries).toEqual(await history.list('/w.yaml'));
    expect((await open().read('/w.yaml', 1)).document).toEqual(withPort(80));
  });

  it('keeps the same document once, and each file for itself', async () => {
    const history = open();
    expect(await history.record(change(withPort(80)))).not.toBeNull();
    expect(await history.record(change(withPort(80)))).toBeNull();
    await history.record(change(withPort(80), '/other.yaml'));
    expect(await history.list('/w.yaml')).toHaveLength(1);
    expect(await history.list('/other.yaml')).toHaveLength(1);
  });

  it('drops the oldest beyond the most entries or bytes, and counts on', async () => {
    const history = open({ maxEntries: 3 });
    for (let port = 1; port <= 5; port++) await history.record(change(withPort(port)));
    expect((await history.list('/w.yaml')).map((entry) => entry.number)).toEqual([5, 4, 3]);
    await expect(history.read('/w.yaml', 1)).rejects.toMatchObject({ code: 'not_found' });
    const small = open({ maxBytes: 10 });
    await small.record(change(withPort(6)));
    expect((await small.list('/w.yaml')).map((entry) => entry.number)).toEqual([6]);
  });

  it('skips an entry that is broken', async () => {
    const history = open();
    await history.record(change(withPort(80)));
    await history.record(change(withPort(81)));
    const [key] = await readdir(folder);
    await writeFile(join(folder, key!, '1.json'), '{"number":1,');
    const again = open();
    expect((await again.list('/w.yaml')).map((entry) => entry.number)).toEqual([2]);
    expect(await again.record(change(withPort(82)))).toMatchObject({ number: 3 });
  });

  it('goes along when the workspace file gets another name', async () => {
    const history = open();
    await history.record(change(withPort(80)));
    await history.move('/w.yaml', '/new.yaml');
    expect(await history.list('/w.yaml')).toEqual([]);
    expect(await history.list('/new.yaml')).toHaveLength(1);
    await history.move('/none.yaml', '/x.yaml');
  });
});
