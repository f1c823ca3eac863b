import { describe, expect, it } from 'vitest';
import type { ClientEvent, ClientResult } from '../../../main/contract/clientResult';
import { createComposerStore } from '../../../renderer/composer/composerStore';
import { readHistory } from '../../../renderer/composer/sendHistory';
import { type FakeApi, fakeApi } from '../fakeApi';

const result: ClientResult = {
  outcome: 'answered',
  problem: null,
  peer: { address: '127.0.0.1', port: 8080 },
  listener: 'web',
  clientPorts: [50_000],
  tls: null,
  responses: [],
  received: null,
  sentBytes: 1,
  receivedBytes: 1,
  connectMs: 1,
  durationMs: 2,
  untoldEvents: 0,
  repeat: null,
};

function memory() {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    kept,
  };
}

function open(api: FakeApi, storage = memory(), tabStorage = memory()) {
  const shown: unknown[] = [];
  const composer = createComposerStore(api, {
    storage,
    tabStorage,
    around: () => ({
      listeners: [{ id: 'web', address: '127.0.0.1', port: 8080, protocol: 'http' }],
      document: null,
      certificates: [],
      caFile: null,
    }),
    showFlow: (request) => shown.push(request),
    now: () => 1000,
  });
  const sendId = () => composer.getState().send?.id ?? '';
  const tell = (events: ClientEvent[]) => api.emit('client.events', { id: sendId(), events });
  return { composer, shown, storage, tell, sendId };
}

const connected: ClientEvent = {
  kind: 'connected',
  atMs: 1,
  connection: 1,
  clientPort: 50_000,
  peer: { address: '127.0.0.1', port: 8080 },
};

describe('the composer', () => {
  it('opens with a URL that can be sent, follows its flow, and tells what comes', async () => {
    let answer: (value: ClientResult) => void = () => undefined;
    const api = fakeApi({ sendRequest: () => new Promise<ClientResult>((resolve) => (answer = resolve)) });
    const { composer, shown, tell } = open(api);
    composer.open();
    expect(composer.getState()).toMatchObject({ isOpen: true, composed: { url: 'http://localhost:8080/' } });
    composer.send();
    tell([connected, { kind: 'sent', atMs: 2, connection: 1, stream: 0, piece: 1, of: 1, bytes: 10 }]);
    tell([
      {
        kind: 'head',
        atMs: 3,
        connection: 1,
        stream: 0,
        status: 200,
        reason: 'OK',
        version: 'HTTP/1.1',
        headers: [],
      },
      { kind: 'body', atMs: 4, connection: 1, stream: 0, text: 'he' },
      { kind: 'body', atMs: 5, connection: 1, stream: 0, text: 'llo' },
    ]);
    expect(shown).toEqual([{ listener: 'web', clientPort: 50_000 }]);
    expect(composer.getState().send?.progress).toMatchObject({
      status: 200,
      body: 'hello',
      clientPort: 50_000,
    });
    expect(composer.getState().send?.progress.timeline.map(({ kind }) => kind)).toEqual([
      'connected',
      'sent',
      'head',
    ]);
    answer(result);
    await expect.poll(() => composer.getState().send?.result).toEqual(result);
    expect(composer.getState().history.entries).toMatchObject([{ outcome: 'answered', at: 1000 }]);
  });

  it('says what is wrong and goes to where it is typed', () => {
    const api = fakeApi({});
    const { composer } = open(api);
    composer.take({ ...composer.getState().composed, url: 'http://localhost:8080/', headers: 'oops' });
    composer.showTab('body');
    composer.send();
    expect(composer.getState()).toMatchObject({
      tab: 'headers',
      problem: expect.stringContaining('oops'),
      send: null,
    });
    composer.change({ headers: 'Authorization: •••' });
    expect(composer.getState().problem).toBeNull();
    composer.send();
    expect(composer.getState().problem).toMatch(/Authorization holds a mask/);
    expect(api.calls).toEqual([]);
  });

  it('cancels what is under way before it sends anew, and tells errors', async () => {
    const api = fakeApi({
      sendRequest: (input: { id: string }) =>
        api.calls.filter(({ method }) => method === 'sendRequest').length === 1
          ? new Promise(() => undefined)
          : Promise.reject(new Error(`no ${input.id.length > 0}`)),
      cancelRequest: () => null,
    });
    const { composer, sendId } = open(api);
    composer.open();
    composer.send();
    const first = sendId();
    composer.send();
    expect(api.calls.find(({ method }) => method === 'cancelRequest')?.input).toEqual({ id: first });
    await expect.poll(() => composer.getState().send?.error).toBe('no true');
    expect(sendId()).not.toBe(first);
  });

  it('keeps what was sent without secrets, until they are wanted', async () => {
    const api = fakeApi({ sendRequest: () => result });
    const { composer, storage } = open(api);
    composer.take({
      ...composer.getState().composed,
      url: 'http://ann:pw1@localhost:8080/',
      headers: 'X-A: 1\nauthorization: Bearer token1\nCookie: session=1',
    });
    composer.send();
    await expect.poll(() => composer.getState().history.entries.length).toBe(1);
    const kept = storage.kept.get('hopscope.sent') ?? '';
    expect(kept).not.toMatch(/token1|session=1|pw1/);
    expect(readHistory(storage).entries[0]).toMatchObject({
      composed: { headers: 'X-A: 1\nauthorization: •••\nCookie: •••', url: 'http://localhost:8080/' },
      missing: 'secret headers, the password of the URL',
    });
    composer.setKeepsSecrets(true);
    composer.send();
    await expect.poll(() => composer.getState().history.entries.length).toBe(2);
    expect(storage.kept.get('hopscope.sent')).toMatch(/token1/);
    composer.setKeepsSecrets(false);
    expect(storage.kept.get('hopscope.sent')).not.toMatch(/token1|pw1/);
    composer.clearHistory();
    expect(readHistory(storage).entries).toEqual([]);
  });

  it('has its form again after the page was loaded anew, without secrets, and says what it lacks', async () => {
    const api = fakeApi({ sendRequest: () => result });
    const [storage, tab] = [memory(), memory()];
    const { composer } = open(api, storage, tab);
    composer.take({ ...composer.getState().composed, url: 'http://ann:pw1@a.test/x', method: 'PUT' });
    composer.change({ headers: 'X-A: 1\nAuthorization: Bearer token1', protocol: 'h2' });
    expect([...storage.kept.values(), ...tab.kept.values()].join()).not.toMatch(/token1|pw1/);
    const again = open(api, storage, tab).composer.getState();
    expect(again.composed).toMatchObject({
      url: 'http://a.test/x',
      method: 'PUT',
      headers: 'X-A: 1\nAuthorization: •••',
      protocol: 'h2',
    });
    expect(again.notice).toBe('Not kept since the page was left: secret headers, the password of the URL.');
    // Another tab begins with the newest form of any; each tab then has its own.
    const other = open(api, storage).composer;
    expect(other.getState().composed.method).toBe('PUT');
    other.change({ method: 'DELETE' });
    expect(open(api, storage, tab).composer.getState().composed.method).toBe('PUT');
  });

  it('begins anew where something else wrote its form', () => {
    for (const text of ['{', '7', '{"composed":{}}', '{"composed":null}']) {
      const [storage, tab] = [memory(), memory()];
      tab.setItem('hopscope.composer', text);
      const { composed, notice } = open(fakeApi({}), storage, tab).composer.getState();
      expect([composed.method, notice]).toEqual(['GET', null]);
    }
  });

  it('reads a history that something else wrote without trouble', () => {
    const storage = memory();
    for (const text of ['{', '5', '{"entries":[{"id":"a","at":1,"outcome":"x","composed":{}},7]}']) {
      storage.setItem('hopscope.sent', text);
      expect(readHistory(storage)).toEqual({ entries: [], keepsSecrets: false });
    }
  });
});
