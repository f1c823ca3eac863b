import { describe, expect, it } from 'vitest';
import type { OpenedDraft, SavedDraft } from '../../../main/contract/workspaceApi';
import { createDraftKeeper } from '../../../renderer/stores/draftKeeper';
import { fakeApi } from '../fakeApi';

const draft = (savedAt: number): SavedDraft => ({
  base: { schemaVersion: 1 },
  document: { schemaVersion: 1 },
  text: null,
  savedAt,
  undo: [],
  redo: [],
});

function storage(): Storage {
  const items = new Map<string, string>();
  return {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
  } as Storage;
}

function keeperWith(opened: OpenedDraft, local = storage(), session = storage()) {
  const api = fakeApi({ openDraft: () => opened, saveDraft: () => null });
  return { keeper: createDraftKeeper(api, session, local), api, local, session };
}
const window = 'window-1';

describe('draftKeeper', () => {
  it('keeps the id that the main process gave, and names it when it saves', async () => {
    const { keeper, api, session } = keeperWith({ window, draft: null, others: [] });
    expect(await keeper.open('/w.yaml')).toBeNull();
    expect(session.getItem('hopscope.window')).toBe(window);
    keeper.save('/w.yaml', draft(1));
    expect(api.calls.at(-1)).toEqual({
      method: 'saveDraft',
      input: { file: '/w.yaml', window, draft: draft(1) },
    });
  });

  it('takes the newer of both copies', async () => {
    const local = storage();
    const first = keeperWith({ window, draft: null, others: [] }, local);
    await first.keeper.open('/w.yaml');
    first.keeper.save('/w.yaml', draft(5));
    const older = keeperWith({ window, draft: draft(4), others: [] }, local);
    expect((await older.keeper.open('/w.yaml'))?.savedAt).toBe(5);
    const newer = keeperWith({ window, draft: draft(6), others: [] }, local);
    expect((await newer.keeper.open('/w.yaml'))?.savedAt).toBe(6);
  });

  it('leaves the copy of another window alone as long as that is open', async () => {
    const local = storage();
    const other = keeperWith({ window: 'window-2', draft: null, others: [] }, local);
    await other.keeper.open('/w.yaml');
    other.keeper.save('/w.yaml', draft(5));
    const beside = keeperWith({ window, draft: null, others: ['window-2'] }, local);
    expect(await beside.keeper.open('/w.yaml')).toBeNull();
    const after = keeperWith({ window, draft: null, others: [] }, local);
    expect((await after.keeper.open('/w.yaml'))?.savedAt).toBe(5);
  });

  it('counts a copy that cannot be read as none, and forgets once', async () => {
    const local = storage();
    local.setItem('hopscope.draft:/w.yaml', '{"draft":');
    const { keeper, api } = keeperWith({ window, draft: null, others: [] }, local);
    expect(await keeper.open('/w.yaml')).toBeNull();
    keeper.save('/w.yaml', null);
    keeper.save('/w.yaml', null);
    expect(api.calls.filter(({ method }) => method === 'saveDraft')).toHaveLength(1);
  });
});
