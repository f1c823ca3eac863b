import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { webSocketChannel } from '../../../main/transport/webSocketTransport';
import { type ChannelPair, closeOf, collect, describeFrameChannel } from '../../helpers/frameChannelSuite';

async function makeSockets() {
  const listening = new WebSocketServer({ port: 0, host: '127.0.0.1', maxPayload: 64 * 1024 * 1024 });
  await once(listening, 'listening');
  const accepted = once(listening, 'connection') as Promise<[WebSocket]>;
  const socket = new WebSocket(`ws://127.0.0.1:${(listening.address() as AddressInfo).port}`, {
    maxPayload: 64 * 1024 * 1024,
  });
  const client = webSocketChannel(socket);
  const server = webSocketChannel((await accepted)[0]);
  if (socket.readyState !== socket.OPEN) await once(socket, 'open');
  const close = async () => {
    for (const each of listening.clients) each.terminate();
    socket.terminate();
    await new Promise((resolve) => listening.close(resolve));
  };
  return { socket, client, server, close };
}

describeFrameChannel('a WebSocket', async (): Promise<ChannelPair> => makeSockets());

it.each([
  ['text that is not JSON', '{"type":'],
  ['a binary message', Buffer.from([1, 2, 3])],
])('closes a WebSocket that sends %s', async (_name, garbage) => {
  const { socket, server, close } = await makeSockets();
  const closed = once(socket, 'close');
  socket.send(garbage);
  expect((await closed)[0]).toBe(1003);
  await closeOf(server);
  await close();
});

it('closes a WebSocket whose early frames nobody takes', async () => {
  const { socket, server, close } = await makeSockets();
  const closed = closeOf(server);
  for (let index = 0; index < 300; index++) socket.send('1');
  await closed;
  expect((await collect(server, 256)).length).toBe(256);
  await close();
});
