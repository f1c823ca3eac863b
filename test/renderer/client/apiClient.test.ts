import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { type ApiClient, createApiClient } from '../../../renderer/client/apiClient';
import type { ConnectionState } from '../../../renderer/client/frameLine';
import {
  createWebSocketLine,
  reconnectDelayMs,
  type SocketLike,
} from '../../../renderer/client/webSocketLine';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function startServer(port = 0): Promise<{ server: WebSocketServer; port: number }> {
  const server = new WebSocketServer({ port, host: '127.0.0.1' });
  await once(server, 'listening');
  closers.push(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  return { server, port: (server.address() as AddressInfo).port };
}

function connectTo(port: number): ApiClient {
  const client = createApiClient(
    createWebSocketLine(() => new WebSocket(`ws://127.0.0.1:${port}`) as unknown as SocketLike),
  );
  closers.push(() => client.close());
  return client;
}

function stateIs(client: ApiClient, wanted: ConnectionState): Promise<void> {
  return new Promise((resolve) => {
    if (client.connectionState() === wanted) resolve();
    const stop = client.onConnectionState((state) => {
      if (state !== wanted) return;
      stop();
      resolve();
    });
  });
}

/** Answers every call with its own method name. */
function echoMethods(server: WebSocketServer): void {
  server.on('connection', (socket) => {
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data)) as { id: number; method: string };
      socket.send(JSON.stringify({ type: 'result', id: frame.id, value: frame.method }));
    });
  });
}

describe('the api over a WebSocket', () => {
  it('answers calls that were made before the connection was there, each its own', async () => {
    const { server, port } = await startServer();
    echoMethods(server);
    const client = connectTo(port);
    const answers = await Promise.all([
      client.call('getAppInfo', undefined),
      client.call('getCertificates', undefined),
    ]);
    expect(answers).toEqual(['getAppInfo', 'getCertificates']);
  });

  it('revives errors with their code and issues', async () => {
    const { server, port } = await startServer();
    const issue = { code: 'port_in_use', severity: 'error', path: ['listeners', 0], message: 'taken' };
    server.on('connection', (socket) => {
      socket.on('message', (data) => {
        const { id } = JSON.parse(String(data)) as { id: number };
        const error = { code: 'invalid_config', message: 'no', issues: [issue] };
        socket.send(JSON.stringify({ type: 'error', id, error }));
      });
    });
    const call = connectTo(port).call('getRunningConfig', undefined);
    await expect(call).rejects.toMatchObject({ code: 'invalid_config', message: 'no', issues: [issue] });
  });

  it('delivers pushes to those who listen, until they stop', async () => {
    const { server, port } = await startServer();
    const client = connectTo(port);
    const heard: unknown[] = [];
    const stop = client.on('samples.changed', (payload) => heard.push(payload));
    const [socket] = (await once(server, 'connection')) as [WebSocket];
    await stateIs(client, 'connected');
    const push = (servers: unknown[]) =>
      socket.send(JSON.stringify({ type: 'event', name: 'samples.changed', payload: { servers } }));
    const second = new Promise<void>((resolve) => {
      client.on('samples.changed', ({ servers }) => {
        if (servers.length === 0) stop();
        else resolve();
      });
    });
    push([]);
    push([1]);
    await second;
    expect(heard).toEqual([{ servers: [] }]);
  });

  it('refuses what was under way when the line breaks, and connects again by itself', async () => {
    const { server, port } = await startServer();
    const client = connectTo(port);
    const [socket] = (await once(server, 'connection')) as [WebSocket];
    await stateIs(client, 'connected');
    const call = client.call('getAppInfo', undefined);
    await once(socket, 'message');
    socket.terminate();
    await expect(call).rejects.toMatchObject({ code: 'not_connected' });
    await expect(client.call('getAppInfo', undefined)).rejects.toMatchObject({ code: 'not_connected' });
    echoMethods(server);
    await stateIs(client, 'connected');
    expect(await client.call('getAppInfo', undefined)).toBe('getAppInfo');
  });

  it('waits longer after each failed attempt, but never longer than five seconds', () => {
    expect([0, 1, 2, 3, 4, 5, 50].map(reconnectDelayMs)).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000]);
  });
});
