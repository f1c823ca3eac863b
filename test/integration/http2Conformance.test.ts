// What h2spec checks of a server, case by case and in its numbering, sent as raw frames over a real socket. Where it
// accepts a closed connection in place of an error, the error is asked for here.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorCode as E, Flag, FrameType as T } from '../../main/engine/http2/frame';
import { EngineHarness } from '../helpers/engineHarness';
import { type Origin, startHttpOrigin } from '../helpers/origins';
import { frame, getFields, postFields, RawHttp2, settings, uint32 } from '../helpers/rawHttp2';

const { endStream: ES, endHeaders: EH, padded: PAD, priority: PRIO, ack: ACK } = Flag;

let engine: EngineHarness;
let origin: Origin;
beforeAll(async () => {
  origin = await startHttpOrigin('origin');
  engine = new EngineHarness();
  await engine.run({
    schemaVersion: 1,
    listeners: [{ id: 'web', port: 0, protocol: 'http' }],
    routes: [
      {
        id: 'slow',
        kind: 'http',
        listeners: ['web'],
        matches: [{ path: { type: 'exact', value: '/slow' } }],
        filters: [{ type: 'fault', delay: { percent: 100, ms: 60_000 } }],
        backends: [{ pool: 'origin' }],
      },
      { id: 'all', kind: 'http', listeners: ['web'], backends: [{ pool: 'origin' }] },
    ],
    pools: [{ id: 'origin', endpoints: [{ address: '127.0.0.1', port: origin.port }] }],
  });
});
afterAll(async () => {
  await engine.close();
  await origin.close();
});

type Step = (client: RawHttp2) => Promise<void> | void;
type Expectation = (client: RawHttp2) => Promise<void>;
type Case = readonly [name: string, act: Step, expectation: Expectation];

const answered =
  (stream = 1): Expectation =>
  async (client) => {
    expect(await client.status(stream)).toBe(':status: 200');
  };
const alive: Expectation = async (client) => expect(await client.isAlive()).toBe(true);
const connectionError =
  (...codes: number[]): Expectation =>
  async (client) => {
    expect(codes).toContain(await client.goawayCode());
    await client.untilClosed();
  };
const streamError =
  (code: number, stream = 1): Expectation =>
  async (client) => {
    expect(await client.resetCode(stream)).toBe(code);
    const goaway = client.frames.some(({ type }) => type === T.goaway);
    if (!goaway) expect(await client.isAlive()).toBe(true);
  };

const slowFields = [':method: POST', ':scheme: http', ':path: /slow', ':authority: a.test'];
const open = (client: RawHttp2, stream = 1) => client.headers(stream, slowFields, EH);
const data = (stream: number, bytes: Uint8Array | string, flags: number = ES) =>
  frame(T.data, flags, stream, bytes);
const priority = (stream: number, dependency: number, weight = 15) =>
  frame(T.priority, 0, stream, Buffer.concat([uint32(dependency), Buffer.of(weight)]));
const windowUpdate = (stream: number, increment: number) =>
  frame(T.windowUpdate, 0, stream, uint32(increment));
const reset = (stream: number, code: number = E.cancel) => frame(T.rstStream, 0, stream, uint32(code));
const raw = (stream: number, block: Uint8Array, flags: number = EH | ES) =>
  frame(T.headers, flags, stream, block);
const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
/** The request with one line behind the others, as these bytes. */
const withBytes = (client: RawHttp2, text: string) =>
  raw(1, Buffer.concat([client.block(getFields), hex(text)]));
const fields =
  (...lines: string[]): Step =>
  (client) =>
    client.send(client.headers(1, lines));
const finish = async (client: RawHttp2, stream = 1) => {
  client.send(client.headers(stream));
  await client.until(({ flags, stream: of }) => of === stream && (flags & ES) !== 0);
};
/** A request sent with a block of these bytes put before or behind it. */
const continuation = (stream: number, block: Uint8Array | string, flags: number = EH) =>
  frame(T.continuation, flags, stream, block);

/** The request in three parts of a block. */
function inParts(client: RawHttp2): [Buffer, Buffer, Buffer] {
  const block = client.block([...getFields, 'x-part: a', 'x-other: b']);
  return [block.subarray(0, 5), block.subarray(5, 12), block.subarray(12)];
}

const cases: Record<string, readonly Case[]> = {
  'generic/1 starting': [['a client connection preface', () => undefined, alive]],
  'generic/2 streams': [
    ['PRIORITY on an idle stream', (c) => c.send(priority(1, 0), c.headers(1)), answered()],
    [
      'WINDOW_UPDATE on a half-closed (remote) stream',
      (c) => c.send(c.headers(1), windowUpdate(1, 1)),
      answered(),
    ],
    ['PRIORITY on a half-closed (remote) stream', (c) => c.send(c.headers(1), priority(1, 0)), answered()],
    ['RST_STREAM on a half-closed (remote) stream', (c) => c.send(c.headers(1), reset(1)), alive],
    [
      'PRIORITY on a closed stream',
      async (c) => {
        await finish(c);
        c.send(priority(1, 0));
      },
      alive,
    ],
  ],
  'generic/3.1 DATA': [
    ['one frame', (c) => c.send(c.headers(1, postFields, EH), data(1, 'test')), answered()],
    ['several', (c) => c.send(c.headers(1, postFields, EH), data(1, 'test', 0), data(1, 'test')), answered()],
    [
      'padding',
      (c) => c.send(c.headers(1, postFields, EH), data(1, '\x06test\0\0\0\0\0\0', ES | PAD)),
      answered(),
    ],
  ],
  'generic/3.2 HEADERS': [
    ['one frame', (c) => c.send(c.headers(1)), answered()],
    [
      'padding',
      (c) =>
        c.send(raw(1, Buffer.concat([Buffer.of(3), c.block(getFields), Buffer.alloc(3)]), EH | ES | PAD)),
      answered(),
    ],
    [
      'priority',
      (c) => c.send(raw(1, Buffer.concat([hex('00000000 0f'), c.block(getFields)]), EH | ES | PRIO)),
      answered(),
    ],
  ],
  'generic/3.3 PRIORITY': [
    ['weight 1', (c) => c.send(priority(1, 0, 0), c.headers(1)), answered()],
    ['weight 256', (c) => c.send(priority(1, 0, 255), c.headers(1)), answered()],
    ['a stream dependency', (c) => c.send(priority(1, 0), priority(3, 1), c.headers(1)), answered()],
    ['exclusive', (c) => c.send(priority(1, 0x8000_0000), c.headers(1)), answered()],
    ['an idle stream, then HEADERS on a lower one', (c) => c.send(priority(5, 3), c.headers(3)), answered(3)],
  ],
  'generic/3.4 to 3.9': [
    ['RST_STREAM', (c) => c.send(open(c), reset(1)), alive],
    ['SETTINGS', (c) => c.send(settings([3, 100])), alive],
    ['PING', (c) => c.send(frame(T.ping, 0, 0, 'h2spec__')), alive],
    ['GOAWAY', (c) => c.send(frame(T.goaway, 0, 0, uint32(0, 0))), alive],
    ['WINDOW_UPDATE on stream 0', (c) => c.send(windowUpdate(0, 1), c.headers(1)), answered()],
    ['WINDOW_UPDATE on stream 1', (c) => c.send(c.headers(1), windowUpdate(1, 1)), answered()],
  ],
  'generic/3.10 CONTINUATION': [
    [
      'one frame',
      (c) => {
        const [first, second, third] = inParts(c);
        c.send(raw(1, first, ES), continuation(1, Buffer.concat([second, third])));
      },
      answered(),
    ],
    [
      'several frames',
      (c) => {
        const [first, second, third] = inParts(c);
        c.send(raw(1, first, ES), continuation(1, second, 0), continuation(1, third));
      },
      answered(),
    ],
  ],
  'generic/4 messages': [
    ['GET', (c) => c.send(c.headers(1)), answered()],
    ['HEAD', fields(':method: HEAD', ...getFields.slice(1)), answered()],
    ['POST', (c) => c.send(c.headers(1, postFields, EH), data(1, 'test')), answered()],
    [
      'POST with trailers',
      (c) =>
        c.send(
          c.headers(1, [...postFields, 'trailer: x-test'], EH),
          data(1, 'test', 0),
          c.headers(1, ['x-test: ok']),
        ),
      answered(),
    ],
  ],
  'generic/5 HPACK': [
    ['indexed', (c) => c.send(withBytes(c, '90')), answered()],
    ['literal with indexing, indexed name', (c) => c.send(withBytes(c, '53 03 2a2f2a')), answered()],
    ['literal with indexing, indexed name, Huffman', (c) => c.send(withBytes(c, '53 83 f963e7')), answered()],
    ['literal with indexing, new name', (c) => c.send(withBytes(c, '40 01 78 01 79')), answered()],
    ['literal with indexing, new name, Huffman', (c) => c.send(withBytes(c, '40 81 f3 81 f5')), answered()],
    ['literal without indexing, indexed name', (c) => c.send(withBytes(c, '0f04 03 2a2f2a')), answered()],
    [
      'literal without indexing, indexed name, Huffman',
      (c) => c.send(withBytes(c, '0f04 81 f5')),
      answered(),
    ],
    ['literal without indexing, new name', (c) => c.send(withBytes(c, '00 01 78 01 79')), answered()],
    [
      'literal without indexing, new name, Huffman',
      (c) => c.send(withBytes(c, '00 81 f3 81 f5')),
      answered(),
    ],
    ['literal never indexed, indexed name', (c) => c.send(withBytes(c, '1f04 03 2a2f2a')), answered()],
    ['literal never indexed, indexed name, Huffman', (c) => c.send(withBytes(c, '1f04 81 f5')), answered()],
    ['literal never indexed, new name', (c) => c.send(withBytes(c, '10 01 78 01 79')), answered()],
    ['literal never indexed, new name, Huffman', (c) => c.send(withBytes(c, '10 81 f3 81 f5')), answered()],
    [
      'a size update',
      (c) => c.send(raw(1, Buffer.concat([hex('20'), hex('828684'), hex('01 06 612e74657374')]))),
      answered(),
    ],
    [
      'several size updates',
      (c) => c.send(raw(1, Buffer.concat([hex('20 3fe11f'), hex('828684'), hex('01 06 612e74657374')]))),
      answered(),
    ],
  ],
  'http2/4.1 frame format': [
    ['an unknown type', (c) => c.send(frame(0xff, 0, 0, '12345678')), alive],
    ['undefined flags', (c) => c.send(frame(T.ping, 0xfe, 0, '12345678')), alive],
    ['the reserved bit', (c) => c.send(frame(T.ping, 0, 0x8000_0000, '12345678')), alive],
  ],
  'http2/4.2 frame size': [
    [
      'DATA of 2^14 bytes',
      (c) => c.send(c.headers(1, postFields, EH), data(1, Buffer.alloc(16_384))),
      answered(),
    ],
    [
      'DATA longer than allowed',
      (c) => c.send(c.headers(1, postFields, EH), data(1, Buffer.alloc(16_385))),
      connectionError(E.frameSizeError),
    ],
    [
      'HEADERS longer than allowed',
      (c) => c.send(raw(1, Buffer.alloc(16_385))),
      connectionError(E.frameSizeError),
    ],
  ],
  'http2/4.3 header blocks': [
    [
      'a block that is not valid',
      (c) => c.send(raw(1, hex('00 00 ff ff ff ff'))),
      connectionError(E.compressionError),
    ],
    [
      'PRIORITY in the middle of a block',
      (c) => c.send(c.headers(1, getFields, ES), priority(1, 0)),
      connectionError(E.protocolError),
    ],
    [
      'HEADERS of another stream in the middle of a block',
      (c) => c.send(c.headers(1, getFields, ES), c.headers(3)),
      connectionError(E.protocolError),
    ],
  ],
  'http2/5.1 stream states': [
    ['idle: DATA', (c) => c.send(data(1, 'x')), connectionError(E.protocolError)],
    ['idle: RST_STREAM', (c) => c.send(reset(1)), connectionError(E.protocolError)],
    ['idle: WINDOW_UPDATE', (c) => c.send(windowUpdate(1, 100)), connectionError(E.protocolError)],
    [
      'idle: CONTINUATION',
      (c) => c.send(continuation(1, c.block(getFields))),
      connectionError(E.protocolError),
    ],
    [
      'half-closed (remote): DATA',
      (c) => c.send(open(c), data(1, ''), data(1, 'x')),
      streamError(E.streamClosed),
    ],
    [
      'half-closed (remote): HEADERS',
      (c) => c.send(open(c), data(1, ''), c.headers(1)),
      streamError(E.streamClosed),
    ],
    [
      'half-closed (remote): CONTINUATION',
      (c) => c.send(open(c), data(1, ''), continuation(1, c.block(getFields))),
      connectionError(E.streamClosed, E.protocolError),
    ],
    [
      'closed by RST_STREAM: DATA',
      (c) => c.send(open(c), reset(1), data(1, 'x')),
      streamError(E.streamClosed),
    ],
    [
      'closed by RST_STREAM: HEADERS',
      (c) => c.send(open(c), reset(1), c.headers(1)),
      streamError(E.streamClosed),
    ],
    [
      'closed by RST_STREAM: CONTINUATION',
      (c) => c.send(open(c), reset(1), continuation(1, c.block(getFields))),
      connectionError(E.streamClosed, E.protocolError),
    ],
    [
      'closed: DATA',
      async (c) => {
        await finish(c);
        c.send(data(1, 'x'));
      },
      streamError(E.streamClosed),
    ],
    [
      'closed: HEADERS',
      async (c) => {
        await finish(c);
        c.send(c.headers(1));
      },
      connectionError(E.streamClosed),
    ],
    [
      'closed: CONTINUATION',
      async (c) => {
        await finish(c);
        c.send(continuation(1, c.block(getFields)));
      },
      connectionError(E.streamClosed, E.protocolError),
    ],
  ],
  'http2/5.1.1 stream numbers': [
    ['an even number', (c) => c.send(c.headers(2)), connectionError(E.protocolError)],
    [
      'a smaller number than before',
      (c) => c.send(c.headers(5), c.headers(3)),
      connectionError(E.protocolError),
    ],
  ],
  'http2/5.1.2 concurrency': [
    [
      'more streams than allowed',
      (c) => c.send(...Array.from({ length: 129 }, (_, index) => open(c, 1 + 2 * index))),
      streamError(E.refusedStream, 257),
    ],
  ],
  'http2/5.3.1 dependencies': [
    [
      'HEADERS that depend on themselves',
      (c) => c.send(raw(1, Buffer.concat([hex('00000001 0f'), c.block(getFields)]), EH | ES | PRIO)),
      streamError(E.protocolError),
    ],
    ['PRIORITY that depends on itself', (c) => c.send(priority(2, 2)), streamError(E.protocolError, 2)],
  ],
  'http2/5.4.1 connection errors': [
    ['close the connection', (c) => c.send(frame(T.ping, 0, 3, '12345678')), (c) => c.untilClosed()],
    ['send GOAWAY first', (c) => c.send(frame(T.ping, 0, 3, '12345678')), connectionError(E.protocolError)],
  ],
  'http2/5.5 extensions': [
    ['an unknown frame', (c) => c.send(frame(0x16, 0, 0, '12345678')), alive],
    [
      'an unknown frame in the middle of a block',
      (c) => c.send(c.headers(1, getFields, ES), frame(0x16, 0, 0, '12345678')),
      connectionError(E.protocolError),
    ],
  ],
  'http2/6.1 DATA': [
    [
      'on stream 0',
      (c) => c.send(c.headers(1, postFields, EH), data(0, 'x')),
      connectionError(E.protocolError),
    ],
    [
      'on a stream that is not open',
      (c) => c.send(open(c), data(1, ''), data(1, 'x')),
      streamError(E.streamClosed),
    ],
    [
      'with a pad length that is not valid',
      (c) => c.send(c.headers(1, postFields, EH), data(1, '\x06Test', ES | PAD)),
      connectionError(E.protocolError),
    ],
  ],
  'http2/6.2 HEADERS': [
    [
      'without END_HEADERS, then PRIORITY',
      (c) => c.send(c.headers(1, getFields, ES), priority(1, 0)),
      connectionError(E.protocolError),
    ],
    [
      'of another stream before the block ends',
      (c) => c.send(c.headers(1, getFields, ES), c.headers(3)),
      connectionError(E.protocolError),
    ],
    ['on stream 0', (c) => c.send(c.headers(0)), connectionError(E.protocolError)],
    [
      'with a pad length that is not valid',
      (c) => c.send(raw(1, Buffer.concat([Buffer.of(200), c.block(getFields)]), EH | ES | PAD)),
      connectionError(E.protocolError),
    ],
  ],
  'http2/6.3 PRIORITY': [
    ['on stream 0', (c) => c.send(priority(0, 1)), connectionError(E.protocolError)],
    [
      'of a length other than 5',
      (c) => c.send(frame(T.priority, 0, 1, hex('80000001'))),
      streamError(E.frameSizeError),
    ],
  ],
  'http2/6.4 RST_STREAM': [
    ['on stream 0', (c) => c.send(reset(0)), connectionError(E.protocolError)],
    ['on an idle stream', (c) => c.send(reset(1)), connectionError(E.protocolError)],
    [
      'of a length other than 4',
      (c) => c.send(open(c), frame(T.rstStream, 0, 1, hex('000000'))),
      connectionError(E.frameSizeError),
    ],
  ],
  'http2/6.5 SETTINGS': [
    [
      'ACK with a payload',
      (c) => c.send(frame(T.settings, ACK, 0, hex('00'))),
      connectionError(E.frameSizeError),
    ],
    [
      'on a stream',
      (c) => c.send(frame(T.settings, 0, 1, hex('000300000064'))),
      connectionError(E.protocolError),
    ],
    [
      'of a length other than 6n',
      (c) => c.send(frame(T.settings, 0, 0, hex('000300'))),
      connectionError(E.frameSizeError),
    ],
    ['ENABLE_PUSH of 2', (c) => c.send(settings([2, 2])), connectionError(E.protocolError)],
    [
      'INITIAL_WINDOW_SIZE too large',
      (c) => c.send(settings([4, 2 ** 31])),
      connectionError(E.flowControlError),
    ],
    ['MAX_FRAME_SIZE too small', (c) => c.send(settings([5, 16_383])), connectionError(E.protocolError)],
    ['MAX_FRAME_SIZE too large', (c) => c.send(settings([5, 2 ** 24])), connectionError(E.protocolError)],
    ['an unknown setting', (c) => c.send(settings([0xff, 1])), alive],
    [
      'several INITIAL_WINDOW_SIZEs, of which the last counts',
      (c) => c.send(settings([4, 100], [4, 1]), c.headers(1)),
      async (c) => {
        await c.until(({ type }) => type === T.data);
        expect(c.data(1)).toHaveLength(1);
      },
    ],
    [
      'is acknowledged',
      (c) => c.send(settings([3, 10])),
      async (c) => {
        await c.isAlive();
        expect(c.frames.filter(({ type, flags }) => type === T.settings && flags === ACK)).toHaveLength(2);
      },
    ],
  ],
  'http2/6.7 PING': [
    [
      'is answered with the same bytes',
      (c) => c.send(frame(T.ping, 0, 0, 'h2spec_1')),
      async (c) => {
        const answer = await c.until(({ type, flags }) => type === T.ping && flags === ACK);
        expect(answer?.payload.toString()).toBe('h2spec_1');
      },
    ],
    [
      'with ACK is not answered',
      (c) => c.send(frame(T.ping, ACK, 0, 'h2spec_1')),
      async (c) => {
        expect(await c.isAlive()).toBe(true);
        expect(c.frames.filter(({ type }) => type === T.ping)).toHaveLength(1);
      },
    ],
    ['on a stream', (c) => c.send(frame(T.ping, 0, 1, 'h2spec_1')), connectionError(E.protocolError)],
    [
      'of a length other than 8',
      (c) => c.send(frame(T.ping, 0, 0, 'h2spec')),
      connectionError(E.frameSizeError),
    ],
  ],
  'http2/6.8 GOAWAY': [
    ['on a stream', (c) => c.send(frame(T.goaway, 0, 1, uint32(0, 0))), connectionError(E.protocolError)],
  ],
  'http2/6.9 WINDOW_UPDATE': [
    ['of 0 on the connection', (c) => c.send(windowUpdate(0, 0)), connectionError(E.protocolError)],
    ['of 0 on a stream', (c) => c.send(open(c), windowUpdate(1, 0)), streamError(E.protocolError)],
    [
      'of a length other than 4',
      (c) => c.send(frame(T.windowUpdate, 0, 0, hex('000001'))),
      connectionError(E.frameSizeError),
    ],
    [
      'a window of 1 gives one byte',
      (c) => c.send(settings([4, 1]), c.headers(1)),
      async (c) => {
        await c.until(({ type }) => type === T.data);
        expect(c.data(1)).toHaveLength(1);
      },
    ],
    [
      'beyond 2^31 - 1 on the connection',
      (c) => c.send(windowUpdate(0, 2 ** 31 - 1), windowUpdate(0, 2 ** 31 - 1)),
      connectionError(E.flowControlError),
    ],
    [
      'beyond 2^31 - 1 on a stream',
      (c) => c.send(open(c), windowUpdate(1, 2 ** 31 - 1), windowUpdate(1, 2 ** 31 - 1)),
      streamError(E.flowControlError),
    ],
    [
      'the initial window is changed after HEADERS',
      async (c) => {
        c.send(settings([4, 0]), c.headers(1));
        await c.status(1);
        c.send(settings([4, 1]));
      },
      async (c) => {
        await c.until(({ type }) => type === T.data);
        expect(c.data(1)).toHaveLength(1);
      },
    ],
    [
      'a window becomes negative and comes back',
      async (c) => {
        c.send(settings([4, 3]), c.headers(1));
        await c.until(({ type }) => type === T.data);
        c.send(settings([4, 2]), windowUpdate(1, 2));
      },
      async (c) => {
        await c.until(({ type }) => type === T.data && c.data(1).length > 3);
        expect(c.data(1)).toHaveLength(4);
      },
    ],
    [
      'an initial window above the maximum',
      (c) => c.send(settings([4, 2 ** 31])),
      connectionError(E.flowControlError),
    ],
  ],
  'http2/6.10 CONTINUATION': [
    [
      'several behind HEADERS',
      (c) => {
        const [first, second, third] = inParts(c);
        c.send(raw(1, first, ES), continuation(1, second, 0), continuation(1, third));
      },
      answered(),
    ],
    [
      'followed by another frame than CONTINUATION',
      (c) => c.send(c.headers(1, postFields, 0), continuation(1, '', 0), data(1, 'x')),
      connectionError(E.protocolError),
    ],
    [
      'on stream 0',
      (c) => c.send(c.headers(1, getFields, ES), continuation(0, '')),
      connectionError(E.protocolError),
    ],
    [
      'behind HEADERS with END_HEADERS',
      (c) => c.send(open(c), continuation(1, '')),
      connectionError(E.protocolError),
    ],
    [
      'behind CONTINUATION with END_HEADERS',
      (c) => c.send(c.headers(1, postFields, 0), continuation(1, ''), continuation(1, '')),
      connectionError(E.protocolError),
    ],
    [
      'behind DATA',
      (c) => c.send(open(c), data(1, 'x', 0), continuation(1, '')),
      connectionError(E.protocolError),
    ],
  ],
  'http2/7 error codes': [
    ['GOAWAY with an unknown code', (c) => c.send(frame(T.goaway, 0, 0, uint32(0, 0xff))), alive],
    ['RST_STREAM with an unknown code', (c) => c.send(open(c), reset(1, 0xff)), alive],
  ],
  'http2/8.1 messages': [
    [
      'a second HEADERS without END_STREAM',
      (c) => c.send(open(c), c.headers(1, ['x-test: ok'], EH)),
      streamError(E.protocolError),
    ],
    ['a name in upper case', (c) => c.send(withBytes(c, '00 01 58 01 79')), streamError(E.protocolError)],
    ['an unknown pseudo-header', fields(...getFields, ':test: ok'), streamError(E.protocolError)],
    ['a pseudo-header of responses', fields(...getFields, ':status: 200'), streamError(E.protocolError)],
    [
      'a pseudo-header as a trailer',
      (c) => c.send(open(c), data(1, 'test', 0), c.headers(1, [':method: POST'])),
      streamError(E.protocolError),
    ],
    [
      'a pseudo-header behind others',
      fields(':method: GET', ':scheme: http', 'x-test: ok', ':path: /', ':authority: a.test'),
      streamError(E.protocolError),
    ],
    [
      'a field of the connection',
      fields(...getFields, 'connection: keep-alive'),
      streamError(E.protocolError),
    ],
    ['TE other than trailers', fields(...getFields, 'te: trailers, deflate'), streamError(E.protocolError)],
    [
      'an empty :path',
      fields(':method: GET', ':scheme: http', ':path:', ':authority: a.test'),
      streamError(E.protocolError),
    ],
    ['no :method', fields(...getFields.slice(1)), streamError(E.protocolError)],
    ['no :scheme', fields(':method: GET', ':path: /', ':authority: a.test'), streamError(E.protocolError)],
    ['no :path', fields(':method: GET', ':scheme: http', ':authority: a.test'), streamError(E.protocolError)],
    [':method twice', fields(':method: GET', ...getFields), streamError(E.protocolError)],
    [':scheme twice', fields(':scheme: http', ...getFields), streamError(E.protocolError)],
    [':path twice', fields(':path: /', ...getFields), streamError(E.protocolError)],
    [
      'a Content-Length that one DATA frame does not have',
      (c) => c.send(c.headers(1, [...postFields, 'content-length: 1'], EH), data(1, 'test')),
      streamError(E.protocolError),
    ],
    [
      'a Content-Length that several DATA frames do not have',
      (c) => c.send(c.headers(1, [...postFields, 'content-length: 1'], EH), data(1, 'te', 0), data(1, 'st')),
      streamError(E.protocolError),
    ],
    ['PUSH_PROMISE', (c) => c.send(frame(T.pushPromise, EH, 1, uint32(2))), connectionError(E.protocolError)],
  ],
  hpack: [
    [
      '2.3.3 an index that is not in the tables',
      (c) => c.send(withBytes(c, 'ff ff 01')),
      connectionError(E.compressionError),
    ],
    [
      '2.3.3 a literal with such an index',
      (c) => c.send(withBytes(c, '7f ff 01 01 79')),
      connectionError(E.compressionError),
    ],
    [
      '4.2 a size update behind a field',
      (c) => c.send(withBytes(c, '21')),
      connectionError(E.compressionError),
    ],
    [
      '5.2 padding longer than seven bits',
      (c) => c.send(withBytes(c, '00 85 f2b24a84ff 84 49509f ff')),
      connectionError(E.compressionError),
    ],
    [
      '5.2 padding of zeros',
      (c) => c.send(withBytes(c, '00 01 78 81 18')),
      connectionError(E.compressionError),
    ],
    [
      '5.2 EOS in a string',
      (c) => c.send(withBytes(c, '00 01 78 84 ffffffff')),
      connectionError(E.compressionError),
    ],
    ['6.1 index 0', (c) => c.send(withBytes(c, '80')), connectionError(E.compressionError)],
    [
      '6.3 a table larger than allowed',
      (c) => c.send(raw(1, Buffer.concat([hex('3fe21f'), hex('828684')]))),
      connectionError(E.compressionError),
    ],
  ],
};

describe('HTTP/2 as h2spec checks it', () => {
  for (const [section, list] of Object.entries(cases)) {
    it.each(list)(`${section}: %s`, async (_name, act, expectation) => {
      const client = await RawHttp2.open(engine.port('web'));
      try {
        await act(client);
        await expectation(client);
      } finally {
        client.close();
      }
    });
  }

  it('http2/3.5: the preface is followed by SETTINGS from the server', async () => {
    const client = await RawHttp2.open(engine.port('web'));
    expect(client.frames[0]?.type).toBe(T.settings);
    client.close();
  });

  it('http2/3.5: a preface that is not valid closes the connection', async () => {
    const client = await RawHttp2.connect(engine.port('web'));
    client.send(Buffer.from('PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n'), settings());
    expect(await client.goawayCode()).toBe(E.protocolError);
    await client.untilClosed();
  });
});
