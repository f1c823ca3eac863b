import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { WorkspaceDocument } from '../../../main/contract/config';
import type { ConfigIssue } from '../../../main/contract/configIssue';
import { createApplyPreferences } from '../../../renderer/stores/applyPreferences';
import { startAutoApply } from '../../../renderer/stores/autoApply';
import { createConfigStore } from '../../../renderer/stores/configStore';
import { fakeApi, running } from '../fakeApi';

const base: WorkspaceDocument = { schemaVersion: 1, listeners: [{ id: 'web', port: 1, protocol: 'tcp' }] };

async function openStore(issues: () => readonly ConfigIssue[]) {
  let current = running(1, base);
  const api = fakeApi({
    getRunningConfig: () => current,
    checkConfig: () => ({ issues: issues() }),
    checkEndpoints: () => ({ issues: [] }),
    applyConfig: ({ document }: { document: WorkspaceDocument }) => {
      current = running(current.revision + 1, document);
      return current;
    },
  });
  const keeper = { open: async () => null, save: () => undefined };
  const config = createConfigStore(api, { keeper, validate: () => [], now: Date.now });
  const preferences = createApplyPreferences({ getItem: () => null, setItem: () => undefined });
  const stop = startAutoApply(config, preferences);
  await config.load();
  const applies = () => api.calls.filter((call) => call.method === 'applyConfig').length;
  const setPort = (port: number) => config.edit({ type: 'updateListener', id: 'web', patch: { port } });
  return { config, preferences, stop, applies, setPort };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('apply as I edit', () => {
  it('applies once typing stops, and only when it is switched on', async () => {
    const { config, preferences, stop, applies, setPort } = await openStore(() => []);
    setPort(2);
    await vi.advanceTimersByTimeAsync(3000);
    expect(applies()).toBe(0);
    preferences.set({ asIEdit: true });
    await vi.advanceTimersByTimeAsync(700);
    expect(applies()).toBe(1);
    setPort(3);
    setPort(4);
    await vi.advanceTimersByTimeAsync(3000);
    expect(applies()).toBe(2);
    expect(config.getState()).toMatchObject({ isPending: false });
    stop();
    config.close();
  });

  it('waits while something is wrong', async () => {
    const issue: ConfigIssue = {
      code: 'port_in_use',
      severity: 'error',
      path: ['listeners', 0],
      message: 'x',
    };
    let found: readonly ConfigIssue[] = [issue];
    const { config, preferences, stop, applies, setPort } = await openStore(() => found);
    preferences.set({ asIEdit: true });
    setPort(2);
    await vi.advanceTimersByTimeAsync(3000);
    expect(applies()).toBe(0);
    found = [];
    await vi.advanceTimersByTimeAsync(6000);
    expect(applies()).toBe(1);
    stop();
    config.close();
  });
});
