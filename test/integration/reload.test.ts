import { once } from 'node:events';
import { Agent, createServer, request, type Server, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { WorkspaceDocument } from '../../main/contract/config';
import { EngineHarness, freePort, TestClient, TestServer } from '../helpers/engineHarness';

let harness: EngineHarness;
let origin: Server;
const closers: (() => Promise<void>)[] = [];

beforeEach(async () => {
  harness = new EngineHarness({ removedListenerDrainMs: 2000 });
  origin = createServer((incoming, response) => {
    incoming.resume();
    incoming.on('end', () => response.end(`hello ${incoming.url}`));
  });
  origin.on('upgrade', (_request, socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
    socket.pipe(socket);
  });
  origin.listen(0, '127.0.0.1');
  await once(origin, 'listening');
});

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
  await harness.close();
  origin.closeAllConnections();
  origin.close();
});

function originPort(): number {
  const address = origin.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

type Listeners = NonNullable<WorkspaceDocument['listeners']>;

function workspace(listeners: Listeners, header = 'x'): WorkspaceDocument {
  const http = listeners.filter(({ protocol }) => protocol === 'http').map(({ id }) => id);
  const tcp = listeners.filter(({ protocol }) => protocol === 'tcp').map(({ id }) => id);
  return {
    schemaVersion: 1,
    listeners,
    routes: [
      ...(http.length === 0
        ? []
        : [
            {
              id: 'web',
              kind: 'http' as const,
              listeners: http,
              filters: [{ type: 'responseHeaders' as const, set: { 'x-version': header } }],
              backends: [{ pool: 'origin' }],
            },
          ]),
      ...(tcp.length === 0
        ? []
        : [{ id: 'raw', kind: 'tcp' as const, listeners: tcp, backends: [{ pool: 'origin' }] }]),
    ],
    pools: [{ id: 'origin', endpoints: [{ address: '127.0.0.1', port: originPort() }] }],
  };
}

interface Answer {
  readonly status: number;
  readonly version: string;
  readonly body: string;
}

function get(port: number, path: string, agent?: Agent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ port, host: '127.0.0.1', path, agent: agent ?? false }, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, version: String(response.headers['x-version']), body }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

describe('apply', () => {
  it('loses no request while it runs every 50 ms, and leaks nothing', async () => {
    const web = { id: 'web', port: 0, protocol: 'http' as const };
    await harness.run(workspace([web], 'v0'));
    const port = harness.port('web');
    const until = Date.now() + 3000;
    const failures: unknown[] = [];
    const versions = new Set<string>();
    let answered = 0;
    const load = async (agent: Agent | undefined): Promise<void> => {
      while (Date.now() < until) {
        try {
          const { status, version, body } = await get(port, `/${answered}`, agent);
          versions.add(version);
          if (status !== 200 || !body.startsWith('hello /')) failures.push(`${status} ${body}`);
          answered++;
        } catch (error) {
          failures.push(error);
        }
      }
    };
    const agents = Array.from({ length: 4 }, () => new Agent({ keepAlive: true, maxSockets: 1 }));
    const loads = [...agents.map((agent) => load(agent)), load(undefined)];
    for (let round = 1; Date.now() < until; round++) {
      const extra = { id: `extra-${round}`, port: 0, protocol: 'tcp' as const };
      await harness.run(workspace(round % 2 === 0 ? [web] : [web, extra], `v${round}`));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await Promise.all(loads);
    for (const agent of agents) agent.destroy();
    expect(failures).toEqual([]);
    expect(harness.port('web')).toBe(port);
    expect(answered).toBeGreaterThan(100);
    expect(versions.size).toBeGreaterThan(5);
    const { metrics } = harness.engine;
    await vi.waitFor(() => expect(metrics.counters('listener', 'web').openConnections).toBe(0));
  });

  it('keeps L4 flows and upgraded connections alive', async () => {
    const listeners: Listeners = [
      { id: 'web', port: 0, protocol: 'http' },
      { id: 'raw', port: 0, protocol: 'tcp' },
    ];
    await harness.run(workspace(listeners));
    const raw = await TestClient.connect(harness.port('raw'));
    raw.socket.write('GET /raw HTTP/1.1\r\nHost: x\r\n\r\n');
    await raw.until(() => raw.text.includes('hello /raw'));
    const upgraded = await TestClient.connect(harness.port('web'));
    upgraded.socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
    await upgraded.until(() => upgraded.text.includes('101'));
    await harness.run(workspace(listeners, 'v2'));
    raw.socket.write('GET /again HTTP/1.1\r\nHost: x\r\n\r\n');
    await raw.until(() => raw.text.includes('hello /again'));
    upgraded.socket.write('still there?');
    await upgraded.until(() => upgraded.text.includes('still there?'));
    raw.socket.resetAndDestroy();
    upgraded.socket.resetAndDestroy();
  });

  it('gives a kept port to a listener of another id and protocol', async () => {
    const port = await freePort();
    await harness.run(workspace([{ id: 'web', port, protocol: 'http' }], 'v1'));
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    expect(await get(port, '/1', agent)).toMatchObject({ status: 200, version: 'v1' });
    await harness.run(workspace([{ id: 'front', port, protocol: 'http' }], 'v2'));
    expect(await get(port, '/2', agent)).toMatchObject({ status: 200, version: 'v2' });
    expect(harness.engine.listeners()).toEqual([
      { id: 'front', address: '127.0.0.1', port, protocol: 'http' },
    ]);
    await harness.run(workspace([{ id: 'raw', port, protocol: 'tcp' }]));
    const raw = await TestClient.connect(port);
    raw.socket.write('GET /raw HTTP/1.1\r\nHost: x\r\n\r\n');
    await raw.until(() => raw.text.includes('hello /raw'));
    expect(await harness.waitFor('flow.opened', ({ flow }) => flow === 'tcp')).toMatchObject({
      listener: 'raw',
      revision: 3,
    });
    raw.socket.resetAndDestroy();
    agent.destroy();
  });

  it('frees the port of a removed listener at once and lets its flows finish', async () => {
    const port = await freePort();
    await harness.run(workspace([{ id: 'raw', port, protocol: 'tcp' }]));
    const raw = await TestClient.connect(port);
    raw.socket.write('GET /raw HTTP/1.1\r\nHost: x\r\n\r\n');
    await raw.until(() => raw.text.includes('hello /raw'));
    await harness.run(workspace([{ id: 'web', port: 0, protocol: 'http' }]));
    const refused = connect(port, '127.0.0.1');
    const [error] = (await once(refused, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
    raw.socket.write('GET /more HTTP/1.1\r\nHost: x\r\n\r\n');
    await raw.until(() => raw.text.includes('hello /more'));
    await raw.until(() => raw.hasEnded || raw.isClosed);
    expect(await harness.waitFor('connection.closed', ({ leg }) => leg === 'downstream')).toMatchObject({
      closedBy: 'proxy',
      reason: 'drained',
    });
  });

  it('changes nothing when one new port is taken, and names who holds it', async () => {
    const holder = await TestServer.start(() => undefined);
    closers.push(() => holder.close());
    const kept = await freePort();
    await harness.run(workspace([{ id: 'web', port: 0, protocol: 'http' }], 'v1'));
    const before = harness.engine.listeners();
    const outcome = await harness.apply(
      workspace([
        { id: 'new', port: kept, protocol: 'http' },
        { id: 'taken', port: holder.port, protocol: 'http' },
      ]),
    );
    expect(outcome).toMatchObject({
      ok: false,
      issues: [{ code: 'port_in_use', severity: 'error', path: ['listeners', 1, 'port'] }],
    });
    if (!outcome.ok)
      expect(outcome.issues[0]!.message).toContain(`port ${holder.port} on 127.0.0.1 is in use by "`);
    expect(harness.engine.listeners()).toEqual(before);
    expect(await get(harness.port('web'), '/')).toMatchObject({ status: 200, version: 'v1' });
    const refused = connect(kept, '127.0.0.1');
    await once(refused, 'error');
  });

  it('says that an address is not of this machine', async () => {
    const outcome = await harness.apply(
      workspace([{ id: 'web', address: '192.0.2.7', port: 0, protocol: 'http' }]),
    );
    expect(outcome).toMatchObject({
      ok: false,
      issues: [{ code: 'address_unavailable', path: ['listeners', 0, 'address'] }],
    });
  });

  it('moves a listener from one address to all addresses on the same port, and back when that fails', async () => {
    const port = await freePort();
    const holder = await TestServer.start(() => undefined);
    closers.push(() => holder.close());
    await harness.run(workspace([{ id: 'web', port, protocol: 'http' }], 'v1'));
    const failed = await harness.apply(
      workspace([
        { id: 'web', address: '0.0.0.0', port, protocol: 'http' },
        { id: 'taken', port: holder.port, protocol: 'tcp' },
      ]),
    );
    expect(failed.ok).toBe(false);
    expect(await get(port, '/')).toMatchObject({ version: 'v1' });
    await harness.run(workspace([{ id: 'web', address: '0.0.0.0', port, protocol: 'http' }], 'v2'));
    expect(await get(port, '/')).toMatchObject({ version: 'v2' });
  });

  it('carries out applies one after the other', async () => {
    const documents = ['a', 'b', 'c'].map((version) =>
      workspace([{ id: 'web', port: 0, protocol: 'http' }], version),
    );
    const outcomes = await Promise.all(documents.map((document) => harness.apply(document)));
    expect(new Set(outcomes.map((outcome) => outcome.ok && outcome.listeners[0]!.port)).size).toBe(1);
    expect(await get(harness.port('web'), '/')).toMatchObject({ version: 'c' });
  });

  it('is refused after close, and close waits for what is in flight', async () => {
    const other = new EngineHarness();
    const slow = createServer();
    slow.listen(0, '127.0.0.1');
    await once(slow, 'listening');
    const address = slow.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const document = workspace([{ id: 'web', port: 0, protocol: 'http' }]);
    await other.run({ ...document, pools: [{ id: 'origin', endpoints: [{ address: '127.0.0.1', port }] }] });
    const answer = get(other.port('web'), '/slow');
    const [, response] = (await once(slow, 'request')) as [unknown, ServerResponse];
    const closed = other.engine.close({ drainMs: 5000 });
    response.end('late');
    expect(await answer).toMatchObject({ status: 200, body: 'late' });
    await closed;
    await expect(other.apply(document)).rejects.toThrow('the engine is closed');
    await other.close();
    slow.close();
  });
});
