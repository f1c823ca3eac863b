import { once } from 'node:events';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { keyFileCipher } from '../../../main/certs/keyFileCipher';
import type { ApiEvents, ApiInput, ApiMethod, ApiResults } from '../../../main/contract/api';
import type { FlowEvent } from '../../../main/contract/flowEvent';
import type { ServerFrame } from '../../../main/contract/frame';
import { type App, composeApp } from '../../../main/services/composeApp';
import { webSocketChannel } from '../../../main/transport/webSocketTransport';

/** Answers nothing. */
const silent = createServer((socket) => socket.on('error', () => socket.destroy()));
let folder = '';
let app: App;
const opened: { close(): Promise<void> }[] = [];

beforeAll(() => new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve)));
afterAll(() => silent.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hopscope-app-'));
  app = await open();
});
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
  await app.close({ drainMs: 0 });
  await rm(folder, { recursive: true });
});

function open(): Promise<App> {
  return composeApp({
    dataFolder: folder,
    host: 'browser',
    version: '1.2.3',
    notice: null,
    keyCipher: keyFileCipher(join(folder, 'certificates')),
  });
}

/** A UI over a real WebSocket. */
async function openUi() {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  server.on('connection', (socket) => app.connect(webSocketChannel(socket)));
  const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  await once(socket, 'open');
  const answers = new Map<number, (frame: ServerFrame) => void>();
  const pushes: { name: string; payload: unknown }[] = [];
  let wake: () => void = () => undefined;
  socket.on('message', (data) => {
    const frame = JSON.parse(String(data)) as ServerFrame;
    if (frame.type === 'event') pushes.push(frame);
    else answers.get(frame.id)?.(frame);
    wake();
  });
  let nextId = 0;
  const call = <Method extends ApiMethod>(method: Method, input?: ApiInput<Method>) => {
    const id = nextId++;
    socket.send(JSON.stringify({ type: 'call', id, method, input }));
    return new Promise<ApiResults[Method]>((resolve, reject) => {
      answers.set(id, (frame) => {
        if (frame.type === 'result') resolve(frame.value as ApiResults[Method]);
        else if (frame.type === 'error') reject(frame.error);
      });
    });
  };
  /** Waits until the pushes of that name satisfy the claim. */
  const pushed = <Name extends keyof ApiEvents>(name: Name, claim: (all: ApiEvents[Name][]) => boolean) =>
    new Promise<ApiEvents[Name][]>((resolve) => {
      const look = () => {
        const all = pushes
          .filter((each) => each.name === name)
          .map((each) => each.payload as ApiEvents[Name]);
        if (claim(all)) resolve(all);
      };
      wake = look;
      look();
    });
  opened.push({
    close: async () => {
      socket.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  });
  return { call, pushed };
}

describe('composeApp', () => {
  it('offers a capture file to the UIs that are open and to those that open later, until one leaves it', async () => {
    const ui = await openUi();
    const path = join(folder, 'monday.ndjson');
    await writeFile(path, 'one line');
    await app.offerCapture(path);
    const offered = { id: 1, name: 'monday.ndjson', bytes: 8 };
    expect(await ui.pushed('capture.offered', (all) => all.length > 0)).toEqual([offered]);
    const later = await openUi();
    expect(await later.call('getOfferedCapture')).toEqual({ offered });
    // What is written to the file meanwhile is left out.
    await appendFile(path, ' and more');
    expect(await later.call('readOfferedCapture', { id: 1, from: 0 })).toEqual({
      text: 'one line',
      next: null,
    });
    await ui.call('forgetOfferedCapture');
    expect(await later.call('getOfferedCapture')).toEqual({ offered: null });
    await expect(app.offerCapture(folder)).rejects.toThrow('is no file');
    await expect(app.offerCapture(join(folder, 'none'))).rejects.toMatchObject({ code: 'disk_failed' });
  });

  it('starts with an empty workspace that it writes itself', async () => {
    const ui = await openUi();
    expect(await ui.call('getAppInfo')).toEqual({
      version: '1.2.3',
      host: 'browser',
      isViewer: false,
      platform: process.platform,
      notice: null,
      dataFolder: folder,
    });
    expect(await ui.call('getRunningConfig')).toMatchObject({ revision: 1, listeners: [], issues: [] });
    expect(await readFile(join(folder, 'workspace.yaml'), 'utf8')).toContain('schemaVersion: 1');
  });

  it('applies, tells every UI, and is still there after a restart', async () => {
    const [one, two] = [await openUi(), await openUi()];
    const document = { schemaVersion: 1, listeners: [{ id: 'raw', port: 0, protocol: 'tcp' }] };
    expect(await one.call('applyConfig', { baseRevision: 1, document })).toMatchObject({ revision: 2 });
    const told = await two.pushed('config.changed', (all) => all.length > 0);
    expect(told[0]).toMatchObject({ revision: 2, document, listeners: [{ id: 'raw' }] });
    for (const each of opened.splice(0)) await each.close();
    await app.close();
    app = await open();
    expect(app.config.running()).toMatchObject({ document, listeners: [{ id: 'raw' }] });
  });

  it('opens with a broken file, says why and leaves it alone', async () => {
    await app.close();
    await writeFile(join(folder, 'workspace.yaml'), 'listeners: [\n');
    app = await open();
    expect(app.started.kind).toBe('rejected');
    expect(app.config.running()).toMatchObject({
      revision: 0,
      listeners: [],
      issues: [{ code: 'broken_yaml', line: 2 }],
    });
    expect(await readFile(join(folder, 'workspace.yaml'), 'utf8')).toBe('listeners: [\n');
  });

  it('takes up a file that somebody saved', async () => {
    const ui = await openUi();
    const text = 'schemaVersion: 1\nlisteners: [{ id: theirs, port: 0, protocol: tcp }]\n';
    const told = ui.pushed('config.changed', (all) => all.length > 0);
    await ui.call('getRunningConfig');
    await writeFile(join(folder, 'workspace.yaml'), text);
    expect((await told)[0]).toMatchObject({ revision: 2, listeners: [{ id: 'theirs' }] });
  });

  it('shows the traffic of an L4 route to the samples as events', async () => {
    const ui = await openUi();
    const { servers } = await ui.call('startSampleServers');
    const echo = servers.find((server) => server.kind === 'tcp')!;
    const running = await ui.call('applyConfig', {
      baseRevision: 1,
      document: {
        schemaVersion: 1,
        listeners: [{ id: 'raw', port: 0, protocol: 'tcp' }],
        routes: [{ id: 'echo', kind: 'tcp', listeners: ['raw'], backends: [{ pool: 'echo' }] }],
        pools: [{ id: 'echo', endpoints: [{ address: echo.address, port: echo.port }] }],
      },
    });
    const snapshot = await ui.call('subscribeFlows');
    expect(snapshot.events).toEqual([]);
    const client = connect(running.listeners[0]!.port, '127.0.0.1');
    client.write('ping');
    expect(String((await once(client, 'data'))[0])).toBe('ping');
    client.end();
    await once(client, 'close');
    const batches = await ui.pushed('flows.events', (all) =>
      all.some(({ events }) => events.some((event) => event.kind === 'flow.closed')),
    );
    const events: FlowEvent[] = batches.flatMap(({ events: batch }) => [...batch]);
    expect(events.map((event) => event.kind)).toContain('endpoint.picked');
    const numbers = events.map((event) => event.seq);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    expect(await ui.call('unsubscribeFlows')).toBeNull();
  });

  it('runs an https listener as soon as its certificate is issued', async () => {
    const ui = await openUi();
    const document = {
      schemaVersion: 1,
      listeners: [{ id: 's', port: 0, protocol: 'https', tls: { certificates: ['shop'] } }],
    };
    await expect(ui.call('applyConfig', { baseRevision: 1, document })).rejects.toMatchObject({
      code: 'invalid_config',
      issues: expect.arrayContaining([expect.objectContaining({ code: 'certificate_missing' })]),
    });
    await ui.call('issueCertificate', { id: 'shop', names: ['shop.test'] });
    await ui.pushed('certificates.changed', (all) =>
      all.some((info) => info.certificates.some((certificate) => certificate.id === 'shop')),
    );
    expect(await ui.call('applyConfig', { baseRevision: 1, document })).toMatchObject({ revision: 2 });
    expect(JSON.stringify(await ui.call('getCertificates'))).not.toContain('PRIVATE KEY');
  });

  it('sends real requests over http, terminated https and sealed TLS', async () => {
    const ui = await openUi();
    const { servers } = await ui.call('startSampleServers');
    const endpoints = (name: string) =>
      servers.filter((server) => server.name === name).map(({ address, port }) => ({ address, port }));
    await ui.call('issueCertificate', { id: 'shop', names: ['shop.test'] });
    await ui.call('applyConfig', {
      baseRevision: (await ui.call('getRunningConfig')).revision,
      document: {
        schemaVersion: 1,
        listeners: [
          { id: 'web', port: 0, protocol: 'http' },
          { id: 'secure', port: 0, protocol: 'https', tls: { certificates: ['shop'] } },
          { id: 'edge', port: 0, protocol: 'tls' },
        ],
        routes: [
          { id: 'shop', kind: 'http', listeners: ['web', 'secure'], backends: [{ pool: 'fruit' }] },
          { id: 'sealed', kind: 'tls', listeners: ['edge'], backends: [{ pool: 'sealed' }] },
        ],
        pools: [
          { id: 'fruit', endpoints: [...endpoints('apple'), ...endpoints('banana')] },
          { id: 'sealed', endpoints: endpoints('sealed') },
        ],
      },
    });
    const send = (listener: string, hostname: string, tls: ApiInput<'sendRequest'>['request']['tls']) =>
      ui.call('sendRequest', {
        id: `${listener}-${hostname.replace('.', '-')}`,
        request: { target: { listener }, tls, message: { kind: 'http', hostname } },
      });
    const firstLine = ({ responses }: ApiResults['sendRequest']) => responses[0]?.body.split('\n')[0];
    const answers = [
      firstLine(await send('web', 'shop.test', null)),
      firstLine(await send('secure', 'shop.test', {})),
    ];
    expect(answers.sort()).toEqual(['Hello from apple', 'Hello from banana']);
    expect(firstLine(await send('edge', 'sealed.test', {}))).toBe('Hello from sealed');
    const told = await ui.pushed('client.events', (all) => all.some(({ id }) => id === 'edge-sealed-test'));
    expect(told.flatMap(({ events }) => events.map(({ kind }) => kind))).toContain('secured');
    const traffic = async () => (await ui.call('getTraffic', undefined)).counts;
    await expect
      .poll(traffic)
      .toContainEqual(expect.objectContaining({ scope: 'route', id: 'shop', flows: 2, errors: 0 }));
    await expect
      .poll(traffic)
      .toContainEqual(expect.objectContaining({ scope: 'pool', id: 'sealed', flows: 1, errors: 0 }));
    expect(await send('secure', 'other.test', {})).toMatchObject({ outcome: 'failed', responses: [] });
  });

  it('ends what a UI sends when the UI is gone, and lets nobody send under a name that is taken', async () => {
    const ui = await openUi();
    const connected: Promise<unknown[]> = once(silent, 'connection');
    const { port } = silent.address() as AddressInfo;
    const request = {
      target: { address: '127.0.0.1', port },
      message: { kind: 'http', hostname: 'a.test' },
    } as const;
    ui.call('sendRequest', { id: 'one', request }).catch(() => undefined);
    const socket = (await connected)[0] as Socket;
    await expect(ui.call('sendRequest', { id: 'one', request })).rejects.toMatchObject({
      code: 'already_exists',
    });
    const other = await openUi();
    await expect(other.call('cancelRequest', { id: 'one' })).rejects.toMatchObject({ code: 'not_found' });
    const closed = once(socket.resume(), 'close');
    for (const each of opened.splice(0)) await each.close();
    await closed;
  });

  it('explains a draft and the running workspace', async () => {
    const ui = await openUi();
    const document = {
      schemaVersion: 1,
      listeners: [{ id: 'web', port: 0, protocol: 'http' }],
      routes: [
        { id: 'a', kind: 'http', listeners: ['web'], hostnames: ['a.test'], backends: [{ pool: 'p' }] },
      ],
      pools: [{ id: 'p', endpoints: [{ address: '127.0.0.1', port: 1 }] }],
    };
    const asked = { listener: 'web', url: 'http://a.test/' };
    expect(await ui.call('explain', { document, ...asked })).toMatchObject({ winner: 'a' });
    await expect(ui.call('explain', asked)).rejects.toMatchObject({ code: 'not_found' });
    await ui.call('applyConfig', { baseRevision: 1, document });
    expect(await ui.call('explain', { ...asked, url: 'http://b.test/' })).toMatchObject({ winner: null });
  });

  it('says that a listener does not run, and that it has no clipboard', async () => {
    const ui = await openUi();
    const request = { target: { listener: 'x' }, message: { kind: 'http', hostname: 'a.test' } } as const;
    await expect(ui.call('sendRequest', { id: 'a', request })).rejects.toMatchObject({ code: 'not_found' });
    await expect(ui.call('cancelRequest', { id: 'a' })).rejects.toMatchObject({ code: 'not_found' });
    await expect(ui.call('copyText', { text: 'x' })).rejects.toMatchObject({ code: 'unavailable' });
  });
});
