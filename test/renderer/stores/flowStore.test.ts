import { describe, expect, it } from 'vitest';
import type { ApiEvents, HopscopeApi } from '../../../main/contract/api';
import { AppError } from '../../../main/contract/appError';
import type { FlowEvent } from '../../../main/contract/flowEvent';
import type { ConnectionState } from '../../../renderer/client/frameLine';
import { createFlowStore } from '../../../renderer/stores/flowStore';
import { addresses, type EventSketch, flowEvents } from '../../helpers/flowEvents';

type Push = (payload: ApiEvents['flows.events']) => void;

/** A main process of which the test decides when it answers and pushes, and a frame that comes when asked. */
function scene(limits = {}) {
  const pushes = new Set<Push>();
  const states = new Set<(state: ConnectionState) => void>();
  const asked: { resolve(value: unknown): void; reject(error: unknown): void }[] = [];
  const frames: (() => void)[] = [];
  const api = {
    call: () => new Promise((resolve, reject) => asked.push({ resolve, reject })),
    on: (_name: string, listener: Push) => {
      pushes.add(listener);
      return () => pushes.delete(listener);
    },
    onConnectionState: (listener: (state: ConnectionState) => void) => {
      states.add(listener);
      return () => states.delete(listener);
    },
  } as unknown as HopscopeApi;
  const store = createFlowStore(api, { limits, schedule: (callback) => frames.push(callback) });
  let sets = 0;
  store.subscribe(() => sets++);
  return {
    store,
    asked,
    frames,
    push: (events: readonly FlowEvent[]) => {
      for (const listener of pushes) listener({ events, sampling: 1, unrecordedFlows: 0 });
    },
    state: (state: ConnectionState) => {
      for (const listener of states) listener(state);
    },
    answer: async (seq: number, events: readonly FlowEvent[]) => {
      asked.shift()?.resolve({ seq, events });
      await new Promise(setImmediate);
    },
    frame: () => {
      for (const callback of frames.splice(0)) callback();
    },
    setsDuring: (action: () => void) => {
      const before = sets;
      action();
      return sets - before;
    },
    ids: () => store.getState().visible.map((flow) => flow.id),
  };
}

function opened(flowId: number): EventSketch {
  const { client } = addresses;
  return {
    kind: 'flow.opened',
    flow: 'http',
    listener: 'web',
    client,
    revision: 1,
    flowId,
    connectionId: flowId,
  };
}
function head(flowId: number, target: string): EventSketch {
  return {
    kind: 'request.head',
    leg: 'downstream',
    method: 'GET',
    target,
    version: 'HTTP/1.1',
    headers: [['host', 'shop.test']],
    bytes: 1,
    flowId,
    connectionId: flowId,
  };
}

describe('createFlowStore', () => {
  it('shows the snapshot and then the pushes, each event once', async () => {
    const { store, push, answer, frame, ids } = scene();
    store.getState().start();
    push(flowEvents([opened(2), opened(3)], 2));
    await answer(2, flowEvents([opened(1), opened(2)]));
    frame();
    expect(store.getState().status).toBe('live');
    expect(ids()).toEqual([3, 2, 1]);
    push(flowEvents([opened(4)], 4));
    frame();
    expect(ids()).toEqual([4, 3, 2, 1]);
  });

  it('sets its state once per frame, however many pushes came', async () => {
    const { store, push, answer, frame, frames, setsDuring } = scene();
    store.getState().start();
    await answer(0, []);
    frame();
    expect(
      setsDuring(() => {
        for (let id = 1; id <= 50; id++) push(flowEvents([opened(id)], id));
      }),
    ).toBe(0);
    expect(frames).toHaveLength(1);
    expect(setsDuring(frame)).toBe(1);
    expect(store.getState().flows).toHaveLength(50);
  });

  it('follows the newest flow until one is chosen, and again when asked to', async () => {
    const { store, push, answer, frame } = scene();
    const shownId = () => store.getState().shown?.flow.id;
    store.getState().start();
    await answer(2, flowEvents([opened(1), opened(2)]));
    frame();
    expect(shownId()).toBe(2);
    store.getState().choose(1);
    push(flowEvents([opened(3)], 3));
    frame();
    expect([shownId(), store.getState().isFollowing]).toEqual([1, false]);
    store.getState().setFollowing(true);
    expect(shownId()).toBe(3);
  });

  it('shows the flow of a sent request as soon as its events are here, whatever the filter', async () => {
    const { store, push, answer, frame } = scene();
    const from = (flowId: number, port: number) =>
      ({ ...opened(flowId), client: { address: '127.0.0.1', port } }) as EventSketch;
    store.getState().start();
    await answer(1, flowEvents([from(1, 40_001)]));
    frame();
    store.getState().setFilter('nothing like this');
    store.getState().chooseRequest({ listener: 'web', clientPort: 40_002 });
    push(flowEvents([from(2, 40_002), from(3, 40_003)], 2));
    frame();
    expect(store.getState().shown?.flow.id).toBe(2);
    expect(store.getState().visible).toHaveLength(3);
    store.getState().chooseRequest({ listener: 'web', clientPort: 40_001 });
    expect(store.getState().shown?.flow.id).toBe(1);
  });

  it('moves the choice along the visible rows and stops at both ends', async () => {
    const { store, answer, frame } = scene();
    store.getState().start();
    await answer(3, flowEvents([opened(1), opened(2), opened(3)]));
    frame();
    const shownAfter = (rows: number) => {
      store.getState().chooseBy(rows);
      return store.getState().shown?.flow.id;
    };
    expect([shownAfter(1), shownAfter(1), shownAfter(5), shownAfter(-1)]).toEqual([2, 1, 1, 2]);
    expect(shownAfter(Number.NEGATIVE_INFINITY)).toBe(3);
  });

  it('keeps what is shown while paused and catches up on resume', async () => {
    const { store, push, answer, frame, ids } = scene();
    store.getState().start();
    await answer(1, flowEvents([opened(1)]));
    frame();
    store.getState().setPaused(true);
    push(flowEvents([opened(2)], 2));
    frame();
    expect(ids()).toEqual([1]);
    store.getState().setPaused(false);
    expect(ids()).toEqual([2, 1]);
  });

  it('filters by any shown field, case ignored', async () => {
    const { store, answer, frame, ids } = scene();
    store.getState().start();
    await answer(4, flowEvents([opened(1), head(1, '/cart'), opened(2), head(2, '/Pictures/7')]));
    frame();
    store.getState().setFilter('GET shop.test/pic');
    expect(ids()).toEqual([2]);
    expect(store.getState().flows).toHaveLength(2);
    store.getState().setFilter('');
    expect(ids()).toEqual([2, 1]);
  });

  it('gives the shown flow a new object only when something came for it', async () => {
    const { store, push, answer, frame } = scene();
    store.getState().start();
    await answer(2, flowEvents([opened(1), opened(2)]));
    frame();
    store.getState().choose(1);
    const before = store.getState().shown;
    push(flowEvents([opened(3)], 3));
    frame();
    expect(store.getState().shown).toBe(before);
    push(flowEvents([head(1, '/')], 4));
    frame();
    expect(store.getState().shown).not.toBe(before);
    expect(store.getState().shown?.events).toHaveLength(2);
  });

  it('asks again after the line was lost and counts what it missed', async () => {
    const { store, push, answer, frame, state, asked, ids } = scene();
    store.getState().start();
    await answer(1, flowEvents([opened(1)]));
    state('lost');
    expect(asked).toHaveLength(0);
    state('connected');
    expect(asked).toHaveLength(1);
    await answer(20, flowEvents([opened(5)], 11));
    push(flowEvents([opened(6)], 21));
    frame();
    expect(ids()).toEqual([6, 5, 1]);
    expect(store.getState().lostEvents).toBe(9);
  });

  it('starts over when the engine did', async () => {
    const { store, answer, frame, state, ids } = scene();
    store.getState().start();
    await answer(100, flowEvents([opened(50)], 100));
    state('lost');
    state('connected');
    await answer(1, flowEvents([opened(1)]));
    frame();
    expect(ids()).toEqual([1]);
    expect(store.getState().lostEvents).toBe(0);
  });

  it('says in words why nothing is live', async () => {
    const { store, asked } = scene();
    store.getState().start();
    asked.shift()?.reject(new AppError('not_connected', 'not connected'));
    await new Promise(setImmediate);
    expect([store.getState().status, store.getState().error]).toEqual(['failed', 'not connected']);
  });
});
