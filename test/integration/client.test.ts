// The built-in client on real sockets. A TCP server that writes down each read is the witness of what it really sent.
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { AppError } from '../../main/contract/appError';
import { type HttpMessageInput, sendTo, watchSend } from '../helpers/clientSend';
import { freePort, TestServer } from '../helpers/engineHarness';

const servers: TestServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

interface Read {
  readonly at: number;
  readonly bytes: Buffer;
}

/** Answers `response` when `isWhole` holds of all that came. */
async function witness(
  response: string,
  isWhole: (text: string) => boolean = (text) => text.includes('\r\n\r\n'),
) {
  const reads: Read[] = [];
  const ports: number[] = [];
  const server = await TestServer.start((socket) => {
    let text = '';
    ports.push(socket.remotePort ?? 0);
    socket.on('data', (bytes) => {
      reads.push({ at: performance.now(), bytes });
      text += bytes.toString('latin1');
      if (!isWhole(text)) return;
      text = '';
      socket.write(response);
    });
    socket.on('end', () => socket.end());
  });
  servers.push(server);
  return {
    port: server.port,
    reads,
    ports,
    text: () => Buffer.concat(reads.map(({ bytes }) => bytes)).toString(),
  };
}

const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const http = (message: Partial<HttpMessageInput> = {}): HttpMessageInput => ({
  kind: 'http',
  hostname: 'shop.test',
  ...message,
});
const text = (value: string) => ({ kind: 'text', text: value }) as const;

describe('the built-in client over HTTP/1.1', () => {
  it('sends exactly what was typed, in order, and reads the response as it came', async () => {
    const server = await witness(
      'HTTP/1.1 201 Made it\r\nX-One: 1\r\nx-one: 2\r\nContent-Length: 2\r\n\r\nok',
    );
    const send = sendTo(
      server.port,
      http({
        path: '/a?b',
        headers: [
          ['X-B', '1'],
          ['x-a', '2'],
          ['X-B', '3'],
        ],
      }),
    );
    const result = await send.result;
    expect(server.text()).toBe('GET /a?b HTTP/1.1\r\nHost: shop.test\r\nX-B: 1\r\nx-a: 2\r\nX-B: 3\r\n\r\n');
    expect(result).toMatchObject({
      outcome: 'answered',
      problem: null,
      listener: null,
      clientPorts: server.ports,
      sentBytes: server.text().length,
    });
    expect(result.responses).toMatchObject([
      { status: 201, reason: 'Made it', version: 'HTTP/1.1', body: 'ok', bodyBytes: 2, problem: null },
    ]);
    expect(result.responses[0]?.headers).toEqual([
      ['X-One', '1'],
      ['x-one', '2'],
      ['Content-Length', '2'],
    ]);
    expect(send.events.map(({ kind }) => kind)).toEqual([
      'connected',
      'sent',
      'received',
      'head',
      'body',
      'closed',
    ]);
  });

  it('sends a message in five pieces with pauses, which the other side reads as five chunks', async () => {
    const server = await witness(ok, (all) => all.endsWith('END'));
    const send = sendTo(
      server.port,
      http({
        method: 'POST',
        body: text(`${'x'.repeat(5000)}END`),
        pieces: { split: { by: 'count', count: 5 }, pauseMs: 40 },
      }),
    );
    const result = await send.result;
    const sizes = server.reads.map(({ bytes }) => bytes.length);
    const total = server.text().length;
    expect(sizes).toHaveLength(5);
    for (const size of sizes) expect(Math.abs(size - total / 5)).toBeLessThanOrEqual(1);
    const told = send.events.filter((event) => event.kind === 'sent');
    expect(told.map(({ bytes }) => bytes)).toEqual(sizes);
    expect(told.map(({ piece, of }) => `${piece}/${of}`)).toEqual(['1/5', '2/5', '3/5', '4/5', '5/5']);
    for (const [index, event] of told.slice(1).entries()) {
      expect(event.atMs - told[index]!.atMs).toBeGreaterThanOrEqual(39.9);
    }
    expect(server.text()).toMatch(
      /^POST \/ HTTP\/1.1\r\nHost: shop.test\r\nContent-Length: 5003\r\n\r\nx+END$/,
    );
    expect(result.responses[0]).toMatchObject({ status: 200, problem: null });
  });

  it('cuts by size, at given bytes, and with the head apart', async () => {
    const cuts = async (pieces: HttpMessageInput['pieces']) => {
      const server = await witness(ok, (all) => all.endsWith('0123456789'));
      await sendTo(
        server.port,
        http({ method: 'PUT', body: text('0123456789'), pieces: { pauseMs: 25, ...pieces } }),
      ).result;
      return server.reads.map(({ bytes }) => bytes.toString());
    };
    const head = 'PUT / HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 10\r\n\r\n';
    expect(await cuts({ headApart: true, split: { by: 'size', bytes: 4 } })).toEqual([
      head,
      '0123',
      '4567',
      '89',
    ]);
    expect(await cuts({ headApart: true, split: { by: 'offsets', offsets: [7, 1, 99, 7] } })).toEqual([
      head,
      '0',
      '123456',
      '789',
    ]);
    expect(await cuts({ split: { by: 'offsets', offsets: [3, head.length] } })).toEqual([
      'PUT',
      head.slice(3),
      '0123456789',
    ]);
  });

  it('gives a request up on purpose, which the other side sees as a reset', async () => {
    const ends: string[] = [];
    const server = await TestServer.start((socket) => {
      let bytes = 0;
      socket.on('data', (data) => {
        bytes += data.length;
      });
      socket.on('error', (error: NodeJS.ErrnoException) => ends.push(`${error.code} after ${bytes}`));
    });
    servers.push(server);
    const send = sendTo(
      server.port,
      http({
        method: 'POST',
        body: { kind: 'fill', bytes: 5000 },
        pieces: { split: { by: 'count', count: 5 }, headApart: true, pauseMs: 0 },
        giveUp: { after: 'pieces', pieces: 3 },
      }),
    );
    const { outcome, problem, responses } = await send.result;
    expect([outcome, problem]).toEqual(['cancelled', null]);
    expect(responses[0]!.problem).toBe(
      'given up after 3 pieces, as it was asked for: the connection was reset',
    );
    expect(send.events.filter(({ kind }) => kind === 'sent')).toHaveLength(3);
    expect(send.events.map(({ kind }) => kind)).toContain('gaveUp');
    await expect.poll(() => ends).toHaveLength(1);
    expect(ends[0]).toMatch(/^ECONNRESET after 2\d\d\d$/);
  });

  it('gives up at the head of the response, after a time, and not when it is over before', async () => {
    const server = await witness('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegin');
    const atHead = await sendTo(server.port, http({ giveUp: { after: 'head' } })).result;
    expect([atHead.outcome, atHead.responses[0]!.status]).toEqual(['cancelled', 200]);
    const inTime = await sendTo(server.port, http({ giveUp: { after: 'time', ms: 60 } })).result;
    expect(inTime.responses[0]!.problem).toMatch(/given up after 60 ms/);
    expect(inTime.durationMs).toBeGreaterThan(50);
    const quick = await witness(ok);
    const before = await sendTo(quick.port, http({ giveUp: { after: 'time', ms: 2000 } })).result;
    expect(before).toMatchObject({ outcome: 'answered', problem: null });
  });

  it('codes a body in chunks, one for each piece, with trailers behind it', async () => {
    const server = await witness(ok, (all) => all.endsWith('X-Sum: 7\r\n\r\n'));
    await sendTo(
      server.port,
      http({
        method: 'POST',
        body: text('abcdefgh'),
        trailers: [['X-Sum', '7']],
        pieces: { headApart: true, split: { by: 'count', count: 2 }, pauseMs: 20 },
      }),
    ).result;
    expect(server.reads.map(({ bytes }) => bytes.toString())).toEqual([
      'POST / HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n',
      '4\r\nabcd\r\n',
      '4\r\nefgh\r\n0\r\nX-Sum: 7\r\n\r\n',
    ]);
  });

  it('waits with the body for 100 Continue, and leaves it out after a refusal', async () => {
    const send = (response: string) => async () => {
      const server = await witness(response, (all) => all.includes('\r\n\r\n'));
      const sent = sendTo(
        server.port,
        http({ method: 'POST', body: text('the body'), expectContinue: true }),
      );
      await sent.event('sent');
      return { server, sent, result: await sent.result };
    };
    const refused = await send('HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n')();
    expect(refused.server.text()).toMatch(/Expect: 100-continue\r\n\r\n$/);
    expect(refused.result.responses[0]).toMatchObject({ status: 413, problem: null });
    const accepted = await send(`HTTP/1.1 100 Continue\r\n\r\n${ok}`)();
    expect(accepted.result.responses[0]).toMatchObject({
      status: 200,
      informational: [{ status: 100, headers: [] }],
    });
    expect(accepted.sent.events.map(({ kind }) => kind)).toContain('informational');
  });

  it('reads chunked bodies with trailers, and bodies that end with the connection', async () => {
    const chunked = await witness(
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nX-End: yes\r\n\r\n',
    );
    expect((await sendTo(chunked.port, http()).result).responses[0]).toMatchObject({
      body: 'abcde',
      bodyBytes: 5,
      trailers: [['X-End', 'yes']],
    });
    const server = await TestServer.start((socket) => socket.end('HTTP/1.0 200 OK\r\n\r\nto the end'));
    servers.push(server);
    expect((await sendTo(server.port, http()).result).responses[0]).toMatchObject({
      body: 'to the end',
      version: 'HTTP/1.0',
      problem: null,
    });
  });

  it.each([
    [
      'cut in the middle',
      'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc',
      /in the middle of the response, after 3 bytes/,
    ],
    ['no HTTP', 'SSH-2.0-OpenSSH_9\r\n', /no HTTP\/1.x response: the status line/],
    [
      'two lengths',
      'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
      /several Content-Lengths/,
    ],
    ['nothing', '', /closed before a response came/],
  ])('says what is wrong with an answer: %s', async (_name, answer, words) => {
    const server = await TestServer.start((socket) => {
      socket.once('data', () => socket.end(answer));
    });
    servers.push(server);
    const result = await sendTo(server.port, http()).result;
    expect(result).toMatchObject({ outcome: 'failed', problem: expect.stringMatching(words) });
  });

  it('keeps 256 KiB of a long body and counts the rest; what is no text comes as base64', async () => {
    const long = await witness(`HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n${'é'.repeat(150_000)}`);
    const response = (await sendTo(long.port, http()).result).responses[0];
    expect(response).toMatchObject({ bodyBytes: 300_000, isBodyCut: true, bodyEncoding: 'text' });
    expect(Buffer.byteLength(response?.body ?? '')).toBe(262_144);
    const server = await TestServer.start((socket) => {
      const bytes = Buffer.from([0xff, 0x00, 0xfe]);
      socket.once('data', () =>
        socket.end(Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n'), bytes])),
      );
    });
    servers.push(server);
    expect((await sendTo(server.port, http()).result).responses[0]).toMatchObject({
      body: '/wD+',
      bodyEncoding: 'base64',
    });
  });
});

describe('a compressed response', () => {
  it.each([
    ['gzip', gzipSync('{"a":1}')],
    ['deflate', deflateSync('{"a":1}')],
    ['deflate', deflateRawSync('{"a":1}')],
    ['br', brotliCompressSync('{"a":1}')],
    ['gzip, br', brotliCompressSync(gzipSync('{"a":1}'))],
  ])('in %s is told as it came and as it reads', async (coding, bytes) => {
    const head = `HTTP/1.1 200 OK\r\nContent-Encoding: ${coding}\r\nContent-Length: ${bytes.length}\r\n\r\n`;
    const server = await TestServer.start((socket) => {
      socket.once('data', () => socket.end(Buffer.concat([Buffer.from(head), bytes])));
    });
    servers.push(server);
    const response = (await sendTo(server.port, http()).result).responses[0];
    expect(response).toMatchObject({ bodyBytes: bytes.length, decodedBody: '{"a":1}' });
  });

  it('that would be too large, or is broken, is told as it came only', async () => {
    for (const bytes of [gzipSync(Buffer.alloc(2_000_000)), Buffer.from('not gzip')]) {
      const head = `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${bytes.length}\r\n\r\n`;
      const server = await TestServer.start((socket) => {
        socket.once('data', () => socket.end(Buffer.concat([Buffer.from(head), bytes])));
      });
      servers.push(server);
      const response = (await sendTo(server.port, http()).result).responses[0];
      expect(response).toMatchObject({ bodyBytes: bytes.length, decodedBody: null, problem: null });
    }
  });
});

describe('a send', () => {
  it('goes to this machine only', async () => {
    const to =
      (address: string, port = 80) =>
      () =>
        watchSend({ target: { address, port }, message: http() });
    for (const address of [
      '192.0.2.1',
      'example.com',
      '::ffff:127.0.0.1',
      '0.0.0.0',
      '127.1',
      '2130706433',
    ]) {
      expect(to(address), address).toThrow(AppError);
      expect(to(address), address).toThrow(/neither a running listener nor a loopback address/);
    }
    const listener = { id: 'web', address: '192.0.2.1', port: 80, protocol: 'http' };
    // Nothing answers at a documentation address, so it is cancelled at once; that it may be tried is what counts.
    const send = watchSend(
      { target: { address: '192.0.2.1', port: 80 }, message: http() },
      { listeners: [listener] },
    );
    send.cancel();
    expect(await send.result).toMatchObject({ outcome: 'cancelled', listener: 'web' });
    expect(() =>
      watchSend({ target: { listener: 'other' }, message: http() }, { listeners: [listener] }),
    ).toThrow(/listener "other" does not run/);
  });

  it('says that nothing listens there', async () => {
    const result = await sendTo(await freePort(), http()).result;
    expect(result).toMatchObject({ outcome: 'failed', responses: [], clientPorts: [] });
    expect(result.problem).toMatch(/refused the connection: nothing listens there/);
  });

  it('ends when nothing comes for too long, and when it is cancelled', async () => {
    const silent = await TestServer.start((socket) => socket.resume());
    servers.push(silent);
    expect(await sendTo(silent.port, http(), { idleTimeoutMs: 80 }).result).toMatchObject({
      outcome: 'failed',
      problem: 'nothing came and nothing went for 0.08 s',
    });
    const cancelled = sendTo(
      silent.port,
      http({
        method: 'POST',
        body: text('abc'),
        pieces: { split: { by: 'count', count: 3 }, pauseMs: 10_000 },
      }),
    );
    await cancelled.event('sent');
    cancelled.cancel();
    expect(await cancelled.result).toMatchObject({
      outcome: 'cancelled',
      problem: null,
      responses: [{ status: 0, problem: 'it was cancelled' }],
    });
    expect(cancelled.events.filter(({ kind }) => kind === 'sent')).toHaveLength(1);
  });

  it('does not take the pauses that were asked for as silence', async () => {
    const server = await witness(ok, (all) => all.endsWith('abc'));
    const pieces = { headApart: true, split: { by: 'count', count: 3 }, pauseMs: 120 } as const;
    const slow = sendTo(server.port, http({ method: 'POST', body: text('abc'), pieces }), {
      idleTimeoutMs: 60,
    });
    expect(await slow.result).toMatchObject({ outcome: 'answered', problem: null });
    const get = await witness(ok);
    const repeated = sendTo(get.port, http(), { repeat: { times: 3, perSecond: 8 }, idleTimeoutMs: 60 });
    expect((await repeated.result).repeat).toMatchObject({ answered: 3, failed: 0 });
  });

  it('refuses what could break out of its line, and more than it can bear', () => {
    const broken = (message: Partial<HttpMessageInput>) => () => sendTo(1, http(message));
    expect(broken({ headers: [['x', 'a\r\nb: c']] })).toThrow(/one line/);
    expect(broken({ headers: [['bad name', 'x']] })).toThrow(/header name/);
    expect(broken({ path: '/a b' })).toThrow(/no blanks/);
    expect(broken({ method: 'GET /x' })).toThrow(/one word/);
    expect(broken({ hostname: 'a\r\n' })).toThrow(/no blanks/);
    expect(broken({ streams: 3 })).toThrow(/need HTTP\/2/);
    expect(broken({ body: { kind: 'fill', bytes: 16_777_217 } })).toThrow();
    expect(
      broken({ body: { kind: 'fill', bytes: 5000 }, pieces: { split: { by: 'size', bytes: 2 } } }),
    ).toThrow(/would be \d+ pieces; at most 1000/);
    expect(() => sendTo(1, { kind: 'raw', bytes: text('x') }, { repeat: { times: 2 } })).toThrow(
      /only an HTTP/,
    );
    expect(() => sendTo(1, http(), { repeat: { times: 100_001 } })).toThrow();
  });
});

describe('raw bytes', () => {
  it('go out as they are, in pieces, and what comes back is kept until it is silent', async () => {
    const server = await witness('\u0000pong', (all) => all.endsWith('!'));
    const send = sendTo(server.port, {
      kind: 'raw',
      bytes: { kind: 'base64', data: Buffer.from('\xff ping!', 'latin1').toString('base64') },
      pieces: { split: { by: 'count', count: 2 }, pauseMs: 20 },
      silenceMs: 60,
    });
    const result = await send.result;
    expect(server.reads.map(({ bytes }) => bytes.toString('latin1'))).toEqual(['\xff pi', 'ng!']);
    expect(result).toMatchObject({ outcome: 'closed', problem: null, sentBytes: 7, receivedBytes: 5 });
    expect(Buffer.from(result.received ?? '', 'base64').toString()).toBe('\u0000pong');
  });

  it('can end its own side and still hear the answer', async () => {
    const server = await TestServer.start((socket) => {
      let got = '';
      socket.on('data', (bytes) => {
        got += bytes.toString();
      });
      socket.on('end', () => socket.end(`you said ${got}`));
    });
    servers.push(server);
    const result = await sendTo(server.port, {
      kind: 'raw',
      bytes: text('bye'),
      halfClose: true,
      silenceMs: 60_000,
    }).result;
    expect(Buffer.from(result.received ?? '', 'base64').toString()).toBe('you said bye');
    expect(result.outcome).toBe('closed');
  });
});
