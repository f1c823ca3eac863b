import { describe, expect, it } from 'vitest';
import type { EndpointHealthInfo } from '../../../main/contract/api';
import { createHealthStore } from '../../../renderer/stores/healthStore';
import { fakeApi } from '../fakeApi';

const info = (health: EndpointHealthInfo['health']): EndpointHealthInfo => ({
  pool: 'p',
  endpoint: '127.0.0.1:1',
  health,
  reason: '',
});

describe('healthStore', () => {
  it('starts from the answer and follows the pushes until it is closed', async () => {
    const api = fakeApi({ getEndpointHealth: () => ({ endpoints: [info('unknown')] }) });
    const store = createHealthStore(api);
    await store.load();
    expect(store.getState().endpoints).toEqual([info('unknown')]);
    api.emit('health.changed', { endpoints: [info('healthy')] });
    expect(store.getState().endpoints).toEqual([info('healthy')]);
    store.close();
    api.emit('health.changed', { endpoints: [] });
    expect(store.getState().endpoints).toHaveLength(1);
  });

  it('does not let a slow answer overwrite a push that came meanwhile', async () => {
    const api = fakeApi({ getEndpointHealth: () => ({ endpoints: [info('unknown')] }) });
    const store = createHealthStore(api);
    const loading = store.load();
    api.emit('health.changed', { endpoints: [info('unhealthy')] });
    await loading;
    expect(store.getState().endpoints).toEqual([info('unhealthy')]);
  });
});
