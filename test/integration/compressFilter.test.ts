// The compress filter through real sockets, in front of a real origin.
import { randomBytes } from 'node:crypto';
import zlib, { brotliDecompressSync, constants, createBrotliDecompress, gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { FilterDocument } from '../../main/contract/config';
import { availableCodings } from '../../main/engine/filter/contentCoding';
import { type Answer, type Answered, CacheHarness } from '../helpers/cacheHarness';

let harness: CacheHarness;
afterEach(() => harness.close());

const compress: FilterDocument = { type: 'compress', encodings: ['br', 'gzip'], minBytes: 100 };
const text = 'the quick brown fox jumps over the lazy dog\n'.repeat(5000);

async function start(answer: Answer, filters: FilterDocument[] = [compress]): Promise<CacheHarness> {
  harness = await CacheHarness.start(filters, answer);
  return harness;
}

const plain =
  (headers: Record<string, string> = {}, body: string | Buffer = text): Answer =>
  (_request, response) =>
    response
      .writeHead(200, { 'content-type': 'text/plain', 'content-length': String(body.length), ...headers })
      .end(body);

const accept = (codings: string) => ({ 'accept-encoding': codings });

function decoded({ body, header }: Answered): string {
  const coding = header('content-encoding');
  if (coding === 'br') return brotliDecompressSync(body).toString();
  return coding === 'gzip' ? gunzipSync(body).toString() : body.toString();
}

describe('the compress filter', () => {
  it('compresses by what the client likes most and says how', async () => {
    await start(plain({ etag: '"1"', 'accept-ranges': 'bytes' }));
    const gzip = await harness.ask('/', accept('br;q=0.5, gzip'));
    expect(gzip.header('content-encoding')).toBe('gzip');
    expect(decoded(gzip)).toBe(text);
    expect(gzip.body.length).toBeLessThan(text.length / 50);
    const said = ['vary', 'etag', 'content-length', 'transfer-encoding', 'accept-ranges'].map((name) =>
      gzip.header(name),
    );
    expect(said).toEqual(['Accept-Encoding', 'W/"1"', undefined, 'chunked', undefined]);
    expect((await harness.ask('/', accept('gzip, br'))).header('content-encoding')).toBe('br');
    const event = await harness.engine.waitFor(
      'filter.applied',
      ({ detail }) => detail?.includes('gzip') === true,
    );
    expect(event).toMatchObject({ filter: 'compress', index: 0, direction: 'response' });
    expect(event.detail).toMatch(/^220000 bytes became \d+ with gzip \(\d %\)$/);
    expect(event.changes).toContainEqual({ name: 'content-encoding', before: [], after: ['gzip'] });
  });

  const untouched: readonly [
    name: string,
    answer: Answer,
    headers: Record<string, string>,
    vary: string | undefined,
  ][] = [
    ['for a client that accepts nothing', plain(), {}, 'Accept-Encoding'],
    ['for a client that refuses it', plain(), accept('gzip;q=0, br;q=0'), 'Accept-Encoding'],
    ['for a client that likes it as it is more', plain(), accept('identity, gzip;q=0.5'), 'Accept-Encoding'],
    ['of a picture', plain({ 'content-type': 'image/png' }), accept('gzip'), undefined],
    ['without a type', (_request, response) => response.end(text), accept('gzip'), undefined],
    ['that is small', plain({}, 'x'.repeat(99)), accept('gzip'), undefined],
    ['that must not be transformed', plain({ 'cache-control': 'no-transform' }), accept('gzip'), undefined],
    ['that is encoded already', plain({ 'content-encoding': 'gzip' }), accept('br'), undefined],
  ];
  it.each(untouched)('leaves a response alone %s', async (_name, answer, headers, vary) => {
    await start(answer);
    const response = await harness.ask('/', headers);
    expect(response.header('vary')).toBe(vary);
    expect(response.header('etag')).toBeUndefined();
    expect(response.body.length).toBeGreaterThan(90);
    expect(response.header('content-encoding')).toBe(
      response.header('content-encoding') === 'gzip' ? 'gzip' : undefined,
    );
  });

  it('leaves parts, 204 and 304 without content alone', async () => {
    await start((request, response) => {
      if (request.url === '/part')
        response
          .writeHead(206, { 'content-type': 'text/plain', 'content-range': 'bytes 0-199/5000' })
          .end(text.slice(0, 200));
      else if (request.url === '/none') response.writeHead(204).end();
      else response.writeHead(304, { etag: '"1"' }).end();
    });
    const part = await harness.ask('/part', { ...accept('gzip'), range: 'bytes=0-199' });
    expect([part.status, part.body.length, part.header('content-encoding')]).toEqual([206, 200, undefined]);
    expect((await harness.ask('/none', accept('gzip'))).status).toBe(204);
    const known = await harness.ask('/', { ...accept('gzip'), 'if-none-match': 'W/"1"' });
    expect([known.status, known.header('etag'), known.header('vary')]).toEqual([
      304,
      'W/"1"',
      'Accept-Encoding',
    ]);
    expect((await harness.ask('/', { ...accept('gzip'), 'if-none-match': '"1"' })).header('etag')).toBe(
      '"1"',
    );
  });

  it('answers HEAD with the head of the compressed response', async () => {
    await start(plain({ etag: '"1"' }));
    const head = await harness.ask('/', accept('gzip'), 'HEAD');
    const said = ['content-encoding', 'vary', 'etag', 'content-length'].map((name) => head.header(name));
    expect(said).toEqual(['gzip', 'Accept-Encoding', 'W/"1"', undefined]);
    expect(head.body.length).toBe(0);
  });

  it('adds to a Vary that is there', async () => {
    await start((request, response) => {
      const vary = request.url === '/a' ? 'Accept-Encoding, Origin' : 'Origin';
      response.writeHead(200, { 'content-type': 'text/plain', vary }).end(text);
    });
    expect((await harness.ask('/a', accept('gzip'))).header('vary')).toBe('Accept-Encoding, Origin');
    expect((await harness.ask('/b', accept('gzip'))).header('vary')).toBe('Origin, Accept-Encoding');
  });

  it('lets server-sent events through as they come', async () => {
    let next: (event: string) => void = () => undefined;
    await start((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      next = (event) => response.write(`data: ${event}\n\n`);
      next('first');
    });
    const client = await harness.connect();
    client.socket.write('GET / HTTP/1.1\r\nHost: a.test\r\nAccept-Encoding: br\r\n\r\n');
    const unpacked = createBrotliDecompress({ flush: constants.BROTLI_OPERATION_FLUSH });
    let seen = '';
    let wake: () => void = () => undefined;
    unpacked.on('data', (bytes: Buffer) => {
      seen += bytes.toString();
      wake();
    });
    let fed = 0;
    const feed = () => {
      const bytes = Buffer.concat(client.received);
      let position = bytes.indexOf('\r\n\r\n') + 4;
      for (let chunk = 0; ; chunk++) {
        const lineEnd = bytes.indexOf('\r\n', position);
        if (position < 4 || lineEnd === -1) return;
        const size = Number.parseInt(bytes.toString('latin1', position, lineEnd), 16);
        if (bytes.length < lineEnd + 4 + size) return;
        if (chunk >= fed) {
          unpacked.write(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
          fed++;
        }
        position = lineEnd + 4 + size;
      }
    };
    client.socket.on('data', feed);
    const see = async (words: string) => {
      feed();
      while (!seen.includes(words)) await new Promise<void>((resolve) => (wake = resolve));
    };
    await see('data: first\n\n');
    next('second');
    await see('data: second\n\n');
    client.socket.destroy();
    unpacked.destroy();
    await harness.engine.waitFor('flow.closed');
  });

  it('holds no more than it must while a client does not read', async () => {
    const piece = randomBytes(65_536).toString('hex');
    await start((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' });
      const more = (left: number): void => {
        if (left === 0) response.end();
        else if (response.write(piece)) more(left - 1);
        else response.once('drain', () => more(left - 1));
      };
      more(2000);
    });
    const client = await harness.connect();
    client.socket.pause();
    client.socket.write('GET / HTTP/1.1\r\nHost: a.test\r\nAccept-Encoding: gzip\r\n\r\n');
    // Quiet means that everything that can hold something is full: nothing else would end it.
    const { events } = harness.engine;
    let seen = -1;
    while (seen !== events.length || seen < 20) {
      seen = events.length;
      await new Promise((done) => setTimeout(done, 300));
    }
    client.socket.destroy();
    // 262 MB would come; what came is what the kernel's buffers took, compressed, and less than a megabyte of ours.
    const closed = await harness.engine.waitFor('connection.closed', ({ leg }) => leg === 'upstream');
    const sent = await harness.engine.waitFor('connection.closed', ({ leg }) => leg === 'downstream');
    expect(closed.bytesRead).toBeLessThan(30_000_000);
    expect(closed.bytesRead - 2 * sent.bytesWritten).toBeLessThan(1_500_000);
  });

  it('resets a response whose endpoint is lost in the middle', async () => {
    await start((_request, response) => {
      response
        .writeHead(200, { 'content-type': 'text/plain', 'content-length': '100000' })
        .write(text.slice(0, 5000));
      setImmediate(() => response.socket?.destroy());
    });
    const client = await harness.connect();
    client.socket.write('GET / HTTP/1.1\r\nHost: a.test\r\nAccept-Encoding: gzip\r\n\r\n');
    await client.until(() => client.isClosed || client.hasEnded);
    expect(client.text.endsWith('0\r\n\r\n')).toBe(false);
  });

  it('composes with the cache on either side of it', async () => {
    const answer = plain({ 'cache-control': 'max-age=60', etag: '"1"' });
    for (const filters of [
      [{ type: 'cache' }, compress],
      [compress, { type: 'cache' }],
    ] as FilterDocument[][]) {
      harness = await CacheHarness.start(filters, answer);
      const asked: Answered[] = [];
      for (const codings of ['gzip', 'gzip', 'br', 'br', '', ''])
        asked.push(await harness.ask('/', accept(codings)));
      expect(asked.map((each) => each.header('content-encoding'))).toEqual([
        'gzip',
        'gzip',
        'br',
        'br',
        undefined,
        undefined,
      ]);
      expect(asked.every((each) => decoded(each) === text)).toBe(true);
      expect(asked.every((each) => each.header('vary') === 'Accept-Encoding')).toBe(true);
      const isOuter = filters[0]!.type === 'compress';
      // Before the cache one plain entry serves all; behind it each coding is an entry.
      expect(harness.requests).toHaveLength(isOuter ? 1 : 3);
      expect(asked.map((each) => / hit/.test(each.header('cache-status')!))).toEqual(
        isOuter ? [false, true, true, true, true, true] : [false, true, false, true, false, true],
      );
      const known = await harness.ask('/', { ...accept('gzip'), 'if-none-match': 'W/"1"' });
      expect(known.status).toBe(304);
      if (isOuter) continue;
      await harness.close();
    }
  });

  it('asks the endpoint about what it compressed by the tag that the endpoint knows', async () => {
    await start(
      (request, response) => {
        const headers = { 'cache-control': 'max-age=60', etag: '"1"', 'content-type': 'text/plain' };
        const isKnown = request.headers['if-none-match'] === '"1"';
        response.writeHead(isKnown ? 304 : 200, headers).end(isKnown ? undefined : text);
      },
      [{ type: 'cache' }, compress],
    );
    await harness.ask('/', accept('gzip'));
    const again = await harness.ask('/', { ...accept('gzip'), 'cache-control': 'no-cache' });
    expect(again.header('cache-status')).toBe('hopscope; fwd=request; fwd-status=304; ttl=60');
    expect([again.header('etag'), decoded(again)]).toEqual(['W/"1"', text]);
  });

  it.skipIf(!availableCodings.has('zstd'))('compresses with zstd where Node can', async () => {
    await start(plain(), [{ type: 'compress' }]);
    const response = await harness.ask('/', accept('gzip, br, zstd'));
    expect(response.header('content-encoding')).toBe('zstd');
    const { zstdDecompressSync } = zlib as unknown as { zstdDecompressSync(bytes: Buffer): Buffer };
    expect(zstdDecompressSync(response.body).toString()).toBe(text);
  });

  it('answers HTTP/1.0 as it is', async () => {
    await start(plain());
    const client = await harness.connect();
    client.socket.write('GET / HTTP/1.0\r\nAccept-Encoding: gzip\r\n\r\n');
    await client.until(() => client.hasEnded);
    expect(client.text).toMatch(/Content-Length: 220000\r\n/i);
    expect(client.text.endsWith(text.slice(-1000))).toBe(true);
  });
});
