import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WorkspaceDocument } from '../../main/contract/config';
import { EngineHarness, freePort, TestClient, TestServer } from '../helpers/engineHarness';

let harness: EngineHarness;
const servers: TestServer[] = [];

beforeEach(() => {
  harness = new EngineHarness();
});

afterEach(async () => {
  await harness.close();
  for (const server of servers.splice(0)) await server.close();
});

async function origin(onConnection: Parameters<typeof TestServer.start>[0]): Promise<TestServer> {
  const server = await TestServer.start(onConnection);
  servers.push(server);
  return server;
}

function workspace(
  ports: readonly number[],
  limits: NonNullable<NonNullable<WorkspaceDocument['listeners']>[number]['limits']> = {},
  connections = {},
): WorkspaceDocument {
  return {
    schemaVersion: 1,
    listeners: [{ id: 'pg', port: 0, protocol: 'tcp', limits }],
    routes: [{ id: 'pg', kind: 'tcp', listeners: ['pg'], backends: [{ pool: 'pg' }] }],
    pools: [{ id: 'pg', endpoints: ports.map((port) => ({ address: '127.0.0.1', port })), connections }],
  };
}

describe('a tcp listener', () => {
  it('relays bytes and tells the whole story in order', async () => {
    const server = await origin((socket) => {
      socket.on('data', (bytes) => socket.write(`you said ${bytes.toString()}`));
      socket.on('end', () => socket.end());
    });
    await harness.run(workspace([server.port]));
    const client = await TestClient.connect(harness.port('pg'));
    client.socket.write('hello');
    await client.until(() => client.length === 14);
    client.socket.end();
    await client.until(() => client.isClosed);
    const { flowId } = await harness.waitFor('flow.closed');

    expect(client.text).toBe('you said hello');
    const endpoint = `127.0.0.1:${server.port}`;
    const chunk = { kind: 'chunk', disposition: 'forwarded' };
    const story = harness.story(flowId);
    const heldAt = story.findIndex((event) => event.disposition === 'held');
    // The client's first bytes may come before or after the endpoint is connected.
    if (heldAt !== -1) story.splice(heldAt, 1);
    else
      story.splice(
        story.findIndex((event) => event.kind === 'chunk'),
        1,
      );
    expect(story).toEqual([
      { kind: 'connection.opened', leg: 'downstream', listener: 'pg' },
      { kind: 'flow.opened', flow: 'tcp', listener: 'pg', revision: 1 },
      {
        kind: 'route.matched',
        route: 'pg',
        trace: {
          listener: 'pg',
          routes: [{ route: 'pg', outcome: 'won', matchIndex: null, predicates: [] }],
          omittedRoutes: 0,
        },
      },
      {
        kind: 'backend.picked',
        route: 'pg',
        pool: 'pg',
        weights: [{ pool: 'pg', weight: 1 }],
        reason: 'the only backend',
      },
      {
        kind: 'endpoint.picked',
        pool: 'pg',
        endpoint,
        policy: 'roundRobin',
        candidates: [{ endpoint, weight: 1, health: 'unknown', activeRequests: 0 }],
        reason: 'the only endpoint',
        panic: false,
      },
      { kind: 'upstream.connecting', pool: 'pg', endpoint },
      { kind: 'connection.opened', leg: 'upstream', listener: 'pg', pool: 'pg' },
      { kind: 'upstream.connected', pool: 'pg', endpoint },
      { ...chunk, direction: 'request', leg: 'upstream', operation: 'write', bytes: 5 },
      { ...chunk, direction: 'response', leg: 'upstream', operation: 'read', bytes: 14 },
      { ...chunk, direction: 'response', leg: 'downstream', operation: 'write', bytes: 14 },
      {
        kind: 'connection.closed',
        leg: 'upstream',
        closedBy: 'client',
        reason: 'end',
        bytesRead: 14,
        bytesWritten: 5,
      },
      {
        kind: 'connection.closed',
        leg: 'downstream',
        closedBy: 'client',
        reason: 'end',
        bytesRead: 5,
        bytesWritten: 14,
      },
      { kind: 'flow.closed', outcome: 'completed' },
    ]);
  });

  it('forwards late endpoint bytes after the client half-closes', async () => {
    const server = await origin((socket) => {
      const chunks: Buffer[] = [];
      socket.on('data', (bytes) => chunks.push(bytes));
      socket.on('end', () => setImmediate(() => socket.end(`got ${Buffer.concat(chunks).length} bytes`)));
    });
    await harness.run(workspace([server.port]));
    const client = await TestClient.connect(harness.port('pg'));
    client.socket.end(Buffer.alloc(300_000));
    await client.until(() => client.hasEnded);
    expect(client.text).toBe('got 300000 bytes');
    expect(await harness.waitFor('flow.closed')).toMatchObject({ outcome: 'completed' });
  });

  it('forwards what the client still says after the endpoint half-closed', async () => {
    let heard = '';
    let onEnd: () => void;
    const ended = new Promise<void>((resolve) => {
      onEnd = resolve;
    });
    const server = await origin((socket) => {
      socket.end('bye');
      socket.on('data', (bytes) => {
        heard += bytes.toString();
      });
      socket.on('end', () => onEnd());
    });
    await harness.run(workspace([server.port]));
    const client = await TestClient.connect(harness.port('pg'));
    await client.until(() => client.hasEnded);
    client.socket.end('one more thing');
    await ended;
    expect([client.text, heard]).toEqual(['bye', 'one more thing']);
    const closed = await harness.waitFor('connection.closed', ({ leg }) => leg === 'downstream');
    expect(closed).toMatchObject({ closedBy: 'endpoint', reason: 'end' });
  });

  it('moves 40 MB both ways unharmed', async () => {
    const block = Buffer.alloc(4 * 1024 * 1024);
    for (let index = 0; index < block.length; index += 4) block.writeUInt32LE(index, index);
    const server = await origin((socket) => socket.pipe(socket));
    await harness.run(workspace([server.port]));
    const client = await TestClient.connect(harness.port('pg'));
    for (let round = 0; round < 10; round++) client.socket.write(block);
    client.socket.end();
    await client.until(() => client.hasEnded);
    const whole = Buffer.concat(client.received);
    expect(whole.length).toBe(block.length * 10);
    for (let round = 0; round < 10; round++) {
      const part = whole.subarray(round * block.length, (round + 1) * block.length);
      expect(part.equals(block)).toBe(true);
    }
  });

  it('holds little of what a client does not read', async () => {
    let written = 0;
    const server = await origin((socket) => {
      const block = Buffer.alloc(64 * 1024);
      const fill = (): void => {
        while (written < 200_000_000) {
          written += block.length;
          if (!socket.write(block)) return;
        }
        socket.end();
      };
      socket.on('drain', fill);
      fill();
    });
    await harness.run(workspace([server.port], { idleTimeoutMs: 300 }));
    const client = await TestClient.connect(harness.port('pg'));
    client.socket.pause();
    // The relay stands still because nobody reads: the idle timeout is the sign that everything is full.
    await harness.waitFor('timeout');
    const closed = await harness.waitFor('connection.closed', ({ leg }) => leg === 'upstream');
    expect(written).toBeLessThan(60_000_000);
    expect(closed.bytesRead).toBeLessThan(30_000_000);
    expect(await harness.waitFor('flow.failed')).toMatchObject({ code: 'idle_timeout' });
  });

  it('tries the next endpoint when one refuses, and says so', async () => {
    const server = await origin((socket) => socket.end('here'));
    const dead = await freePort();
    await harness.run(workspace([dead, server.port]));
    const client = await TestClient.connect(harness.port('pg'));
    await client.until(() => client.hasEnded);
    expect(client.text).toBe('here');
    const failed = await harness.waitFor('upstream.failed');
    expect(failed).toMatchObject({
      endpoint: `127.0.0.1:${dead}`,
      code: 'upstream_connect_failed',
      message: `127.0.0.1:${dead} refused the connection: nothing listens there`,
    });
    const picked = harness.events.filter((event) => event.kind === 'endpoint.picked');
    expect(picked.map((event) => event.endpoint)).toEqual([`127.0.0.1:${dead}`, `127.0.0.1:${server.port}`]);
  });

  it('closes the client when no endpoint can be reached', async () => {
    await harness.run(workspace([await freePort()]));
    const client = await TestClient.connect(harness.port('pg'));
    client.socket.write('anybody?');
    await client.until(() => client.hasEnded || client.isClosed);
    const failed = await harness.waitFor('flow.failed');
    expect(failed).toMatchObject({ code: 'upstream_connect_failed', status: null });
    const closed = await harness.waitFor('connection.closed');
    expect(closed).toMatchObject({ leg: 'downstream', closedBy: 'proxy', reason: 'upstream_connect_failed' });
    expect(await harness.waitFor('flow.closed')).toMatchObject({ outcome: 'failed' });
    expect(harness.events.at(-1)).toMatchObject({ kind: 'flow.closed' });
  });

  it('passes a reset of the endpoint on as a reset', async () => {
    const server = await origin((socket) => {
      socket.on('data', () => socket.resetAndDestroy());
    });
    await harness.run(workspace([server.port]));
    const client = await TestClient.connect(harness.port('pg'));
    client.socket.write('go away');
    await client.until(() => client.isClosed);
    expect(client.error?.code).toBe('ECONNRESET');
    expect(await harness.waitFor('flow.failed')).toMatchObject({ code: 'upstream_reset' });
    const legs = harness.events.filter((event) => event.kind === 'connection.closed');
    expect(legs.map(({ leg, closedBy, reason }) => [leg, closedBy, reason])).toEqual([
      ['upstream', 'endpoint', 'reset'],
      ['downstream', 'endpoint', 'reset'],
    ]);
  });

  it('passes a reset of the client on as a reset', async () => {
    let onError: (error: Error) => void;
    const originError = new Promise<Error>((resolve) => {
      onError = resolve;
    });
    const server = await origin((socket) => {
      socket.write('hi');
      socket.on('error', (error) => onError(error));
    });
    await harness.run(workspace([server.port]));
    const client = await TestClient.connect(harness.port('pg'));
    await client.until(() => client.length > 0);
    client.socket.resetAndDestroy();
    expect(await harness.waitFor('flow.closed')).toMatchObject({ outcome: 'aborted' });
    expect(await harness.waitFor('flow.failed')).toMatchObject({ code: 'downstream_reset' });
    expect(await harness.waitFor('connection.closed')).toMatchObject({ closedBy: 'client', reason: 'reset' });
    expect(await originError).toMatchObject({ code: 'ECONNRESET' });
  });

  it('refuses connections above the limit and says so', async () => {
    const server = await origin((socket) => socket.write('hi'));
    await harness.run(workspace([server.port], { maxConnections: 1 }));
    const first = await TestClient.connect(harness.port('pg'));
    await first.until(() => first.length > 0);
    const second = connect(harness.port('pg'), '127.0.0.1');
    await once(second, 'error');
    const closed = await harness.waitFor('connection.closed');
    expect(closed).toMatchObject({ closedBy: 'proxy', reason: 'too_many_connections', flowId: 0 });
    expect(first.isClosed).toBe(false);
    first.socket.resetAndDestroy();
    await harness.waitFor('flow.closed');
    const third = await TestClient.connect(harness.port('pg'));
    await third.until(() => third.length > 0);
    third.socket.resetAndDestroy();
  });

  it('lets connections wait in line for a place at an endpoint, also through a reload', async () => {
    const greeted: Socket[] = [];
    const server = await origin((socket) => {
      greeted.push(socket);
      socket.write('hello');
    });
    const document = workspace([server.port], {}, { maxPerEndpoint: 1 });
    await harness.run(document);
    const clients: TestClient[] = [];
    for (let number = 0; number < 4; number++) {
      const client = await TestClient.connect(harness.port('pg'));
      clients.push(client);
      if (number === 0) await client.until(() => client.text === 'hello');
      else await harness.waitFor('upstream.waiting', ({ ahead }) => ahead === number - 1);
    }
    await harness.run(document);
    // Who leaves the line is not in anybody's way.
    clients[1]!.socket.resetAndDestroy();
    await harness.waitFor('flow.closed');
    for (const number of [2, 3]) {
      greeted[number - 2]!.end();
      clients[number === 2 ? 0 : 2]!.socket.end();
      await clients[number]!.until(() => clients[number]!.text === 'hello');
    }
    expect(greeted).toHaveLength(3);
    for (const client of clients) client.socket.destroy();
  });

  it('lets them wait no longer than the pool says, and no more of them', async () => {
    const server = await origin((socket) => socket.write('hello'));
    const connections = { maxPerEndpoint: 1, maxWaiting: 1, waitTimeoutMs: 200 };
    await harness.run(workspace([server.port], {}, connections));
    const first = await TestClient.connect(harness.port('pg'));
    await first.until(() => first.text === 'hello');
    const second = await TestClient.connect(harness.port('pg'));
    await harness.waitFor('upstream.waiting');
    const third = await TestClient.connect(harness.port('pg'));
    await third.until(() => third.hasEnded || third.isClosed);
    expect(harness.events.some(({ kind }) => kind === 'timeout')).toBe(false);
    await second.until(() => second.hasEnded || second.isClosed);
    expect(await harness.waitFor('timeout')).toMatchObject({ timeout: 'queue', afterMs: 200 });
    for (const client of [first, second, third]) client.socket.destroy();
  });

  it('gives no endpoint more connections than it may have, however many come at once', async () => {
    const server = await origin((socket) => socket.end('bye'));
    await harness.run(workspace([server.port], {}, { maxPerEndpoint: 2 }));
    const clients = await Promise.all(
      Array.from({ length: 20 }, () => TestClient.connect(harness.port('pg'))),
    );
    for (const client of clients) client.socket.once('end', () => client.socket.end());
    await Promise.all(clients.map((client) => client.until(() => client.text === 'bye')));
    await expect.poll(() => harness.events.filter(({ kind }) => kind === 'flow.closed').length).toBe(20);
    let open = 0;
    let most = 0;
    for (const event of harness.events) {
      if (event.kind === 'upstream.connecting') most = Math.max(most, ++open);
      else if (event.kind === 'connection.closed' && event.leg === 'upstream') open--;
    }
    expect(most).toBe(2);
  });

  it('turns connections away at once where none may wait', async () => {
    const server = await origin(() => undefined);
    await harness.run(workspace([server.port], {}, { maxPerEndpoint: 2, maxWaiting: 0 }));
    const clients: TestClient[] = [];
    const connected = () => harness.events.filter(({ kind }) => kind === 'upstream.connected').length;
    for (let number = 1; number <= 2; number++) {
      clients.push(await TestClient.connect(harness.port('pg')));
      await expect.poll(connected).toBe(number);
    }
    clients.push(await TestClient.connect(harness.port('pg')));
    await clients[2]!.until(() => clients[2]!.hasEnded || clients[2]!.isClosed);
    expect(await harness.waitFor('flow.failed')).toMatchObject({ code: 'upstream_overloaded' });
    expect(connected()).toBe(2);
    for (const client of clients) client.socket.destroy();
  });

  it('takes turns among endpoints and counts', async () => {
    const a = await origin((socket) => socket.end('a'));
    const b = await origin((socket) => socket.end('b'));
    await harness.run(workspace([a.port, b.port]));
    let answers = '';
    for (let round = 0; round < 6; round++) {
      const client = await TestClient.connect(harness.port('pg'));
      await client.until(() => client.hasEnded);
      client.socket.end();
      answers += client.text;
      await harness.waitFor('flow.closed', ({ flowId }) => flowId === round + 1);
    }
    expect(answers).toBe('ababab');
    const counters = harness.engine.metrics.counters('listener', 'pg');
    expect(counters).toMatchObject({
      flows: 6,
      errors: 0,
      connections: 6,
      openConnections: 0,
      responseBytes: 6,
    });
  });
});
