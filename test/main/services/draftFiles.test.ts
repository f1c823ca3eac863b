import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SavedDraft } from '../../../main/contract/workspaceApi';
import { DraftFiles } from '../../../main/services/draftFiles';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hopscope-drafts-'));
});
afterEach(() => rm(folder, { recursive: true }));

const draft = (savedAt: number): SavedDraft => ({
  base: { schemaVersion: 1 },
  document: { schemaVersion: 1, listeners: [{ id: 'web', port: savedAt, protocol: 'http' }] },
  text: null,
  savedAt,
  undo: [],
  redo: [],
});

describe('DraftFiles', () => {
  it('gives a window its own draft again after a restart', async () => {
    const drafts = new DraftFiles(folder);
    const { window } = await drafts.open('/w.yaml', null);
    await drafts.save('/w.yaml', window, draft(1));
    const again = await new DraftFiles(folder).open('/w.yaml', window);
    expect(again).toEqual({ window, draft: draft(1), others: [] });
    expect((await new DraftFiles(folder).open('/other.yaml', window)).draft).toBeNull();
  });

  it('gives a new window the newest draft that nobody has open, and to one only', async () => {
    const before = new DraftFiles(folder);
    for (const savedAt of [1, 3, 2]) {
      const { window } = await before.open('/w.yaml', null);
      await before.save('/w.yaml', window, draft(savedAt));
    }
    const drafts = new DraftFiles(folder);
    const first = await drafts.open('/w.yaml', null);
    const second = await drafts.open('/w.yaml', null);
    expect([first.draft?.savedAt, second.draft?.savedAt]).toEqual([3, 2]);
    expect(second.others).toEqual([first.window]);
  });

  it('waits for a reloaded page to be let go, and gives a copied tab an id of its own', async () => {
    const drafts = new DraftFiles(folder);
    const { window } = await drafts.open('/w.yaml', null);
    const reloaded = drafts.open('/w.yaml', window);
    drafts.release(window);
    expect((await reloaded).window).toBe(window);
    expect((await drafts.open('/w.yaml', window)).window).not.toBe(window);
  });

  it('forgets an applied draft, ignores a broken one and keeps a bounded number', async () => {
    const drafts = new DraftFiles(folder);
    const { window } = await drafts.open('/w.yaml', null);
    await drafts.save('/w.yaml', window, draft(1));
    await drafts.save('/w.yaml', window, null);
    const [key] = await readdir(folder);
    expect(await readdir(join(folder, key!))).toEqual([]);
    await writeFile(join(folder, key!, 'broken-window.json'), '{"base":');
    expect((await new DraftFiles(folder).open('/w.yaml', null)).draft).toBeNull();
    for (let index = 1; index <= 12; index++) {
      const opened = await drafts.open('/w.yaml', null);
      await drafts.save('/w.yaml', opened.window, draft(index));
      drafts.release(opened.window);
    }
    const kept = (await readdir(join(folder, key!))).filter((name) => name !== 'broken-window.json');
    expect(kept.length).toBeLessThanOrEqual(8);
  });
});
