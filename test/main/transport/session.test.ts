import { describe, expect, it } from 'vitest';
import { AppError } from '../../../main/contract/appError';
import type { FrameChannel, ServerFrame } from '../../../main/contract/frame';
import {
  type ApiClient,
  type ApiConnection,
  maxConcurrentCalls,
  openSession,
} from '../../../main/transport/session';

/** The two ends of a channel in memory. */
function memoryChannel() {
  const sent: ServerFrame[] = [];
  const waiting: ((frame: ServerFrame) => void)[] = [];
  let receive: (frame: unknown) => void = () => undefined;
  let closed: () => void = () => undefined;
  const state = { isClosed: false };
  const channel: FrameChannel = {
    send: (frame) => {
      sent.push(frame as ServerFrame);
      waiting.shift()?.(frame as ServerFrame);
    },
    onMessage: (handler) => {
      receive = handler;
    },
    onClose: (handler) => {
      closed = handler;
    },
    close: () => {
      if (state.isClosed) return;
      state.isClosed = true;
      closed();
    },
    bufferedBytes: () => 7,
  };
  const ask = (frame: unknown) =>
    new Promise<ServerFrame>((resolve) => {
      waiting.push(resolve);
      receive(frame);
    });
  return { channel, sent, ask, receive: (frame: unknown) => receive(frame), state };
}

function openWith(call: ApiConnection['call']) {
  const memory = memoryChannel();
  const opened: { client: ApiClient | null; closes: number } = { client: null, closes: 0 };
  const session = openSession(memory.channel, (client) => {
    opened.client = client;
    return { call, close: () => opened.closes++ };
  });
  return { ...memory, session, opened };
}

const echo = ((method: string, input: unknown) =>
  Promise.resolve({ method, input })) as ApiConnection['call'];

describe('openSession', () => {
  it('answers a call with the result and fills defaults in', async () => {
    const { ask } = openWith(echo);
    const reply = await ask({
      type: 'call',
      id: 3,
      method: 'explain',
      input: { listener: 'web', url: 'http://a.test/' },
    });
    expect(reply).toEqual({
      type: 'result',
      id: 3,
      value: {
        method: 'explain',
        input: { listener: 'web', url: 'http://a.test/', method: 'GET', headers: [] },
      },
    });
  });

  it.each([
    ['an unknown method', { type: 'call', id: 1, method: 'eval', input: 1 }, 'not_found'],
    ['a method of Object', { type: 'call', id: 1, method: 'constructor', input: 1 }, 'not_found'],
    ['a wrong input', { type: 'call', id: 1, method: 'copyText', input: { text: 5 } }, 'invalid_input'],
    [
      'an unknown field',
      { type: 'call', id: 1, method: 'copyText', input: { text: '', x: 1 } },
      'invalid_input',
    ],
    ['a wrong frame', { type: 'shout', id: 1 }, 'invalid_input'],
  ])('answers %s with an error', async (_name, frame, code) => {
    const { ask } = openWith(echo);
    expect(await ask(frame)).toMatchObject({ type: 'error', id: 1, error: { code } });
  });

  it.each([['text'], [null], [[]], [{ id: 'x' }], [{ id: 1.5 }]])('cuts the line on %j', (garbage) => {
    const { receive, state, sent, opened } = openWith(echo);
    receive(garbage);
    expect(state.isClosed).toBe(true);
    expect(opened.closes).toBe(1);
    expect(sent).toEqual([]);
  });

  it('passes known errors on and hides the stack of others', async () => {
    const issues = [{ code: 'conflict', severity: 'error', path: [], message: 'm' }] as const;
    const known = openWith(() => Promise.reject(new AppError('invalid_config', 'no', { issues })));
    const call = { type: 'call', id: 1, method: 'getAppInfo', input: undefined };
    expect(await known.ask(call)).toEqual({
      type: 'error',
      id: 1,
      error: { code: 'invalid_config', message: 'no', issues },
    });
    const unknown = openWith(() => {
      throw new TypeError('boom');
    });
    const reply = await unknown.ask(call);
    expect(reply).toMatchObject({ error: { code: 'internal_error', message: 'boom' } });
    expect(JSON.stringify(reply)).not.toContain('session.test');
  });

  it('refuses more calls at once than it bears, and serves again after', async () => {
    const pending: (() => void)[] = [];
    const slow = (() =>
      new Promise((resolve) => pending.push(() => resolve(null)))) as unknown as ApiConnection['call'];
    const { ask, receive } = openWith(slow);
    for (let id = 0; id < maxConcurrentCalls; id++)
      receive({ type: 'call', id, method: 'getAppInfo', input: undefined });
    const refused = await ask({ type: 'call', id: 99, method: 'getAppInfo', input: undefined });
    expect(refused).toMatchObject({ type: 'error', id: 99, error: { code: 'unavailable' } });
    const freed = ask({ type: 'noise', id: 1000 });
    await freed;
    pending[0]!();
    await Promise.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    receive({ type: 'call', id: 100, method: 'getAppInfo', input: undefined });
    expect(pending.length).toBe(maxConcurrentCalls + 1);
  });

  it('pushes until it is closed, and tells the api once', async () => {
    const { sent, opened, session } = openWith(echo);
    opened.client!.push('samples.changed', { servers: [] });
    expect(opened.client!.bufferedBytes()).toBe(7);
    session.close();
    session.close();
    opened.client!.push('samples.changed', { servers: [] });
    expect(sent).toEqual([{ type: 'event', name: 'samples.changed', payload: { servers: [] } }]);
    expect(opened.closes).toBe(1);
  });
});
