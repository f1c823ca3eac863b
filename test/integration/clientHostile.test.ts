// The built-in client against servers that are slow, broken or mean: it ends in time, within its bounds, and says why.
import { createHash } from 'node:crypto';
import { createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { clientBounds } from '../../main/contract/clientRequest';
import { type HttpMessageInput, sendTo } from '../helpers/clientSend';
import { TestServer } from '../helpers/engineHarness';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function serve(onConnection: (socket: Socket) => void): Promise<number> {
  const server = await TestServer.start(onConnection);
  closers.push(() => server.close());
  return server.port;
}

/** Does this as soon as something was sent to it. */
const afterFirstBytes = (act: (socket: Socket) => void) =>
  serve((socket) => {
    socket.once('data', () => act(socket));
    socket.resume();
  });

const http = (message: Partial<HttpMessageInput> = {}): HttpMessageInput => ({
  kind: 'http',
  hostname: 'shop.test',
  ...message,
});

/** Writes as long as the other side takes it. */
function pour(socket: Socket, bytes: Buffer): void {
  const more = () => {
    while (!socket.destroyed && socket.write(bytes));
  };
  socket.on('drain', more);
  more();
}

describe('the built-in client', () => {
  it('does not wait for ever for a handshake', async () => {
    const port = await serve((socket) => socket.resume());
    expect((await sendTo(port, http(), { tls: {}, idleTimeoutMs: 100 }).result).problem).toMatch(
      /TLS handshake failed: it did not end within 0.1 s|nothing came and nothing went for 0.1 s/,
    );
  });

  it('can be cancelled during a handshake, and while a WebSocket opens', async () => {
    const port = await serve((socket) => socket.resume());
    for (const send of [
      sendTo(port, http(), { tls: {} }),
      sendTo(port, { kind: 'webSocket', hostname: 'shop.test' }),
      sendTo(port, http({ protocol: 'h2' })),
      sendTo(port, { kind: 'raw', bytes: { kind: 'text', text: 'x' } }),
      sendTo(port, http(), { repeat: { times: 10, concurrency: 3 } }),
    ]) {
      await send.event('connected');
      send.cancel();
      expect(await send.result).toMatchObject({ outcome: 'cancelled', problem: null });
    }
  });

  it('cuts a head that does not end', async () => {
    const port = await afterFirstBytes((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      pour(socket, Buffer.from(`X-Long: ${'x'.repeat(1000)}\r\n`));
    });
    expect(await sendTo(port, http()).result).toMatchObject({
      outcome: 'failed',
      problem: 'the response head is larger than 1 MiB',
    });
  });

  it('cuts a body that does not end', async () => {
    const port = await afterFirstBytes((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      pour(socket, Buffer.alloc(1_048_576));
    });
    const result = await sendTo(port, http()).result;
    expect(result.problem).toMatch(/longer than 64 MiB: it was cut/);
    expect(result.responses[0]?.bodyBytes).toBeLessThan(clientBounds.responseBytes + 2_097_152);
    expect(result.responses[0]?.body.length).toBeLessThanOrEqual(clientBounds.keptBodyBytes);
  });

  it('tells so many events and counts the others', async () => {
    const port = await afterFirstBytes((socket) =>
      socket.end(
        `${'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(3000)}HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n`,
      ),
    );
    const send = sendTo(port, http());
    const result = await send.result;
    expect(result.responses[0]?.informational).toHaveLength(20);
    expect(send.events).toHaveLength(clientBounds.events);
    expect(result.untoldEvents).toBeGreaterThan(1000);
    expect(result.outcome).toBe('answered');
  });

  it.each([
    ['a reset', (socket: Socket) => socket.resetAndDestroy(), /reset the connection/],
    [
      'a broken chunk',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
      /body is broken: a chunk size/,
    ],
    ['a second response', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n', null],
    [
      'two framings',
      'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
      /together/,
    ],
  ] as const)('ends on %s', async (_name, answer, words) => {
    const port = await afterFirstBytes((socket) =>
      typeof answer === 'string' ? socket.write(answer) : answer(socket),
    );
    const { problem } = await sendTo(port, http()).result;
    if (words === null) expect(problem).toBeNull();
    else expect(problem).toMatch(words);
  });

  it('ends when the server closes before the whole request was sent', async () => {
    const port = await afterFirstBytes((socket) => socket.resetAndDestroy());
    const body = { kind: 'fill', bytes: 3000 } as const;
    const pieces = { headApart: true, split: { by: 'count', count: 3 }, pauseMs: 50 } as const;
    const send = sendTo(port, http({ method: 'POST', body, pieces }));
    expect((await send.result).problem).toMatch(/reset the connection/);
    expect(send.events.filter(({ kind }) => kind === 'sent').length).toBeLessThan(4);
  });

  it.each([
    ['an unmasked size that is too large', [0x82, 127, 0, 0, 0, 1, 0, 0, 0, 0], /the WebSocket broke/],
    ['reserved bits', [0xf1, 0], /the WebSocket broke/],
    ['text that is no UTF-8', [0x81, 2, 0xff, 0xfe], /the WebSocket broke/],
  ] as const)('ends a WebSocket on %s', async (_name, frame, words) => {
    const port = await serve((socket) => {
      socket.once('data', (bytes) => {
        const key = /Sec-WebSocket-Key: (\S+)/i.exec(bytes.toString())?.[1] ?? '';
        const accept = createHash('sha1')
          .update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
          .digest('base64');
        socket.write(
          `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
        );
        socket.write(Buffer.from(frame));
      });
      socket.resume();
    });
    const result = await sendTo(port, { kind: 'webSocket', hostname: 'shop.test' }).result;
    expect(result).toMatchObject({ outcome: 'failed', problem: expect.stringMatching(words) });
  });

  it('tells what an HTTP/2 server refuses: a stream, or the connection', async () => {
    const server = createHttp2Server();
    server.on('stream', (stream, headers) => {
      stream.on('error', () => undefined);
      if (headers[':path'] === '/stream') stream.close(11);
      else if (headers[':path'] === '/goaway') stream.session?.goaway(13);
      else stream.session?.destroy();
    });
    server.on('sessionError', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(() => server.close());
    const { port } = server.address() as AddressInfo;
    const problem = async (path: string) =>
      (await sendTo(port, http({ protocol: 'h2', path })).result).problem;
    expect(await problem('/stream')).toBe('the server reset the stream: ENHANCE_YOUR_CALM');
    expect(await problem('/goaway')).toBe('the server ended the connection: HTTP_1_1_REQUIRED');
    expect(await problem('/connection')).toBe('the connection was closed before the response was complete');
  });
});
