import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunningConfig } from '../../../main/contract/api';
import { AppError } from '../../../main/contract/appError';
import type { WorkspaceDocument } from '../../../main/contract/config';
import type { ConfigIssue } from '../../../main/contract/configIssue';
import { parseWorkspace } from '../../../main/contract/validateConfig';
import type { SavedDraft } from '../../../main/contract/workspaceApi';
import { createConfigStore } from '../../../renderer/stores/configStore';
import type { DraftKeeper } from '../../../renderer/stores/draftKeeper';
import { fakeApi, running } from '../fakeApi';

const base: WorkspaceDocument = {
  schemaVersion: 1,
  listeners: [{ id: 'web', port: 8080, protocol: 'http' }],
  routes: [],
  pools: [],
};
const portIs = (port: number): WorkspaceDocument => ({
  ...base,
  listeners: [{ id: 'web', port, protocol: 'http' }],
});

function memoryKeeper(): DraftKeeper & { readonly saved: Map<string, SavedDraft> } {
  const saved = new Map<string, SavedDraft>();
  return {
    saved,
    open: async (file) => saved.get(file) ?? null,
    save: (file, draft) => {
      if (draft === null) saved.delete(file);
      else saved.set(file, structuredClone(draft));
    },
  };
}

interface World {
  current: RunningConfig;
  checkIssues: readonly ConfigIssue[];
  applyError: AppError | null;
}

async function openStore(keeper = memoryKeeper(), first = running(1, base)) {
  const world: World = { current: first, checkIssues: [], applyError: null };
  const api = fakeApi({
    getRunningConfig: () => world.current,
    checkConfig: () => ({ issues: world.checkIssues }),
    checkEndpoints: () => ({ issues: [] }),
    applyConfig: ({ baseRevision, document }: { baseRevision: number; document: WorkspaceDocument }) => {
      if (world.applyError !== null) throw world.applyError;
      if (baseRevision !== world.current.revision) throw new AppError('conflict', 'changed elsewhere');
      world.current = running(baseRevision + 1, document);
      api.emit('config.changed', world.current);
      return structuredClone(world.current);
    },
  });
  const store = createConfigStore(api, {
    keeper,
    validate: (document) => parseWorkspace(document).issues,
    now: Date.now,
  });
  opened.push(store);
  await store.load();
  const setPort = (port: number) =>
    store.edit({ type: 'updateListener', id: 'web', patch: { port } }, 'port');
  const portOf = () => store.getState().draft.document.listeners?.[0]?.port;
  const sent = (method: string) => api.calls.filter((call) => call.method === method);
  return { store, api, world, keeper, setPort, portOf, sent };
}

const opened: { close(): void }[] = [];
beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  for (const store of opened.splice(0)) store.close();
  vi.useRealTimers();
});

describe('configStore', () => {
  it('keeps the draft apart from what runs until it is applied', async () => {
    const { store, world, setPort } = await openStore();
    setPort(8081);
    expect(store.getState().isPending).toBe(true);
    expect(store.getState().running?.document).toEqual(base);
    expect(await store.applyDraft()).toBe(true);
    expect(world.current).toMatchObject({ revision: 2, document: portIs(8081) });
    expect(store.getState()).toMatchObject({ isPending: false, conflict: null, apply: { kind: 'idle' } });
  });

  it('can undo past an apply, as a new draft', async () => {
    const { store, setPort, portOf } = await openStore();
    setPort(8081);
    await store.applyDraft();
    store.undo();
    expect(portOf()).toBe(8080);
    expect(store.getState().isPending).toBe(true);
    store.redo();
    expect(store.getState().isPending).toBe(false);
  });

  it('follows a change made elsewhere when there is no draft', async () => {
    const { store, api, portOf } = await openStore();
    api.emit('config.changed', running(2, portIs(9000)));
    expect(portOf()).toBe(9000);
    expect(store.getState()).toMatchObject({ isPending: false, conflict: null });
  });

  it('tells of a file that was changed outside until it was looked at, and goes back with later edits on top', async () => {
    const { store, api, portOf } = await openStore();
    const fromFile = (revision: number, document: WorkspaceDocument) =>
      ({ ...running(revision, document), source: 'file' }) as const;
    api.emit('config.changed', fromFile(2, portIs(9000)));
    api.emit('config.changed', fromFile(3, portIs(9001)));
    expect(store.getState()).toMatchObject({ isPending: false, outside: { before: base } });
    store.edit({ type: 'addPool', pool: { id: 'tea', endpoints: [] } });
    store.goBack();
    expect(portOf()).toBe(8080);
    expect(store.getState().draft.document.pools).toEqual([{ id: 'tea', endpoints: [] }]);
    expect(store.getState()).toMatchObject({ isPending: true, outside: null });
    api.emit('config.changed', fromFile(4, portIs(9002)));
    expect(store.getState()).toMatchObject({ outside: null, conflict: { revision: 4 } });
  });

  it('says nothing of a file that says again what it said, or moves nodes only', async () => {
    const { store, api } = await openStore();
    const fromFile = (revision: number, document: WorkspaceDocument) =>
      ({ ...running(revision, document), source: 'file' }) as const;
    api.emit('config.changed', fromFile(2, portIs(9000)));
    api.emit('config.changed', fromFile(3, base));
    expect(store.getState().outside).toBe(null);
    api.emit(
      'config.changed',
      fromFile(4, { ...base, layout: { positions: { 'listener:web': { x: 1, y: 2 } } } }),
    );
    expect(store.getState().outside).toBe(null);
  });

  it('undoes a change that was made elsewhere, as a draft', async () => {
    const { store, api, portOf } = await openStore();
    api.emit('config.changed', running(2, portIs(9000)));
    store.undo();
    expect(portOf()).toBe(8080);
    expect(store.getState()).toMatchObject({ isPending: true, conflict: null });
  });

  it('shows a conflict instead of overwriting, and rebases when asked', async () => {
    const { store, api, world, setPort, portOf } = await openStore();
    setPort(8081);
    const theirs: WorkspaceDocument = { ...base, pools: [{ id: 'p', endpoints: [] }] };
    world.current = running(2, theirs);
    api.emit('config.changed', world.current);
    expect(store.getState().conflict?.revision).toBe(2);
    expect(portOf()).toBe(8081);
    store.rebase();
    expect(store.getState()).toMatchObject({ conflict: null, isPending: true, note: { kind: 'rebased' } });
    expect(store.getState().draft.document).toEqual({ ...portIs(8081), pools: theirs.pools });
    expect(await store.applyDraft()).toBe(true);
    expect(world.current.revision).toBe(3);
  });

  it('learns of a conflict from a refused apply and overwrites nothing', async () => {
    const { store, world, setPort, portOf } = await openStore();
    setPort(8081);
    world.current = running(7, portIs(9000));
    expect(await store.applyDraft()).toBe(false);
    expect(store.getState().conflict?.revision).toBe(7);
    expect(world.current.document).toEqual(portIs(9000));
    store.discard();
    expect(portOf()).toBe(9000);
    store.undo();
    expect(portOf()).toBe(8081);
  });

  it('pins the problems of a refused apply', async () => {
    const { store, world, setPort } = await openStore();
    setPort(8081);
    const issue: ConfigIssue = {
      code: 'port_in_use',
      severity: 'error',
      path: ['listeners', 0, 'port'],
      message: 'Port 8081 is taken.',
    };
    world.applyError = new AppError('invalid_config', 'not applied', { issues: [issue] });
    expect(await store.applyDraft()).toBe(false);
    expect(store.getState().apply).toMatchObject({ kind: 'failed', message: 'not applied' });
    expect(store.getState().issues).toContainEqual(issue);
    store.edit({ type: 'addPool', pool: { id: 'p', endpoints: [] } });
    expect(store.getState().issues).toContainEqual(issue);
    setPort(8082);
    expect(store.getState().issues).not.toContainEqual(issue);
  });

  it('asks the main process once typing stops, and shows what both found only once', async () => {
    const { store, world, setPort, sent } = await openStore();
    setPort(70000);
    const instant = store.getState().issues;
    expect(instant).toHaveLength(1);
    world.checkIssues = instant;
    setPort(70001);
    setPort(70002);
    await vi.advanceTimersByTimeAsync(1000);
    expect(sent('checkConfig')).toHaveLength(1);
    expect(store.getState().issues).toHaveLength(1);
  });

  it('saves moved nodes by itself, without a draft to care for', async () => {
    const { store, world, sent } = await openStore();
    store.edit({ type: 'setPosition', node: 'listener:web', x: 5, y: 6 });
    expect(store.getState().isPending).toBe(false);
    await vi.advanceTimersByTimeAsync(2000);
    expect(sent('applyConfig')).toHaveLength(1);
    expect(world.current.document.layout?.positions).toEqual({ 'listener:web': { x: 5, y: 6 } });
  });

  it('leaves moved nodes in the draft when something else is pending', async () => {
    const { store, setPort, sent } = await openStore();
    store.edit({ type: 'setPosition', node: 'listener:web', x: 5, y: 6 });
    setPort(8081);
    await vi.advanceTimersByTimeAsync(2000);
    expect(sent('applyConfig')).toEqual([]);
  });

  it('restores an unapplied draft after a restart, on top of what runs now', async () => {
    const keeper = memoryKeeper();
    const first = await openStore(keeper);
    first.setPort(8081);
    await vi.advanceTimersByTimeAsync(1000);
    first.store.close();
    const second = await openStore(keeper);
    expect(second.portOf()).toBe(8081);
    expect(second.store.getState()).toMatchObject({
      isPending: true,
      note: { kind: 'restored', collisions: [] },
    });
    second.store.undo();
    expect(second.portOf()).toBe(8080);
    second.store.redo();
    await second.store.applyDraft();
    await vi.advanceTimersByTimeAsync(1000);
    expect(second.store.getState().isPending).toBe(false);
  });

  it('can undo what was applied before the page was loaded anew', async () => {
    const keeper = memoryKeeper();
    const first = await openStore(keeper);
    first.setPort(8081);
    await first.store.applyDraft();
    await vi.advanceTimersByTimeAsync(1000);
    first.store.close();
    const second = await openStore(keeper, first.world.current);
    expect(second.store.getState()).toMatchObject({ isPending: false, note: null });
    second.store.undo();
    expect(second.portOf()).toBe(8080);
    expect(second.store.getState().isPending).toBe(true);
  });

  it('never takes another document for its own because the revision is the same after a restart', async () => {
    const { store, world, setPort } = await openStore();
    setPort(8081);
    world.current = { ...running(1, portIs(9000)), runId: 'another' };
    await store.load();
    expect(store.getState().conflict?.document).toEqual(portIs(9000));
  });

  it('keeps mine whole when told so, with the other revision as its ground', async () => {
    const { store, api, world, setPort } = await openStore();
    setPort(8081);
    world.current = running(2, { ...base, pools: [{ id: 'p', endpoints: [] }] });
    api.emit('config.changed', world.current);
    store.keepMine();
    expect(store.getState()).toMatchObject({ conflict: null, isPending: true });
    expect(await store.applyDraft()).toBe(true);
    expect(world.current.document).toEqual(portIs(8081));
  });

  it('keeps the draft of one workspace while another is open', async () => {
    const { api, keeper, setPort, portOf } = await openStore();
    setPort(8081);
    api.emit('config.changed', { ...running(2, portIs(1)), file: '/tmp/other.yaml' });
    await vi.advanceTimersByTimeAsync(1);
    expect(portOf()).toBe(1);
    expect(keeper.saved.get('/tmp/workspace.yaml')?.document).toEqual(portIs(8081));
    api.emit('config.changed', running(3, base));
    await vi.advanceTimersByTimeAsync(1);
    expect(portOf()).toBe(8081);
  });

  it('shows a file that could not be run as a draft, and is done when it runs at last', async () => {
    const refused = { document: portIs(80), issues: [], isRetried: true };
    const { store, api, portOf } = await openStore(memoryKeeper(), {
      ...running(0, { schemaVersion: 1, listeners: [], routes: [], pools: [] }),
      refused,
    });
    expect(portOf()).toBe(80);
    expect(store.getState()).toMatchObject({ isPending: true, note: { kind: 'refused' } });
    api.emit('config.changed', running(1, portIs(80)));
    expect(store.getState()).toMatchObject({ isPending: false, note: null });
  });

  it('applies nothing while the text is broken', async () => {
    const { store, sent } = await openStore();
    const issues = [{ code: 'broken_yaml', severity: 'error', path: [], message: 'no value here' }] as const;
    store.editText('schemaVersion: {', { issues }, { before: 'schemaVersion: 1', saved: 'schemaVersion: 1' });
    expect(store.getState().issues[0]?.message).toBe('no value here');
    expect(await store.applyDraft()).toBe(false);
    expect(sent('applyConfig')).toEqual([]);
  });

  it('keeps edits that were made while an apply was on its way as a draft', async () => {
    const { store, setPort, portOf } = await openStore();
    setPort(8081);
    const applying = store.applyDraft();
    setPort(8082);
    await applying;
    expect(portOf()).toBe(8082);
    expect(store.getState()).toMatchObject({ isPending: true, conflict: null });
    expect(store.getState().draft.base).toEqual(portIs(8081));
  });

  it('takes a lower revision after the main process was restarted', async () => {
    const { store, world } = await openStore();
    world.current = running(0, portIs(9000));
    await store.load();
    expect(store.getState().running?.revision).toBe(0);
    expect(store.getState().draft.baseRevision).toBe(0);
  });
});
