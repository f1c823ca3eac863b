import { describe, expect, it } from 'vitest';
import { foldFlow } from '../../../main/contract/flow';
import type { FlowEvent } from '../../../main/contract/flowEvent';
import { toRequest } from '../../../renderer/composer/toRequest';
import { composedFromFlow } from '../../../renderer/flows/composedFromFlow';
import { type EventSketch, flowEvents } from '../../helpers/flowEvents';

const client = { address: '127.0.0.1', port: 50_000 };
const base64 = (text: string) => Buffer.from(text, 'latin1').toString('base64');

function opened(port: number, kind: 'http' | 'tcp' | 'tls' = 'http'): EventSketch[] {
  return [
    {
      kind: 'connection.opened',
      leg: 'downstream',
      listener: 'web',
      remote: client,
      local: { address: '127.0.0.1', port },
    },
    { kind: 'flow.opened', flow: kind, listener: 'web', client, revision: 1 },
  ];
}

function asked(
  headers: readonly (readonly [string, string])[],
  part: Partial<Extract<EventSketch, { kind: 'request.head' }>> = {},
): EventSketch {
  return {
    kind: 'request.head',
    leg: 'downstream',
    method: 'POST',
    target: '/cart?a=1',
    version: 'HTTP/1.1',
    headers,
    bytes: 100,
    ...part,
  } as EventSketch;
}

const ended = (bodyBytes: number): EventSketch => ({ kind: 'request.end', leg: 'downstream', bodyBytes });
const captured = (text: string): EventSketch => ({
  kind: 'body.captured',
  leg: 'downstream',
  direction: 'request',
  offset: 0,
  bytes: text.length,
  data: base64(text),
});

function from(sketches: readonly EventSketch[]) {
  const events: FlowEvent[] = flowEvents(sketches);
  const flow = events.filter(({ kind }) => kind !== 'connection.opened').reduce(foldFlow, undefined as never);
  return composedFromFlow({ flow, events });
}

describe('composedFromFlow', () => {
  it('is the request that was recorded, byte for byte what the client will send again', () => {
    const made = from([
      ...opened(8080),
      asked([
        ['Host', 'shop.test'],
        ['X-A', '1'],
        ['Content-Length', '5'],
      ]),
      captured('hello'),
      ended(5),
    ]);
    if (made.kind === 'refused') throw new Error(made.reason);
    expect(made.missing).toEqual([]);
    expect(made.composed).toMatchObject({
      mode: 'http',
      method: 'POST',
      url: 'http://shop.test:8080/cart?a=1',
      through: 'web',
      headers: 'Host: shop.test\nX-A: 1',
      body: { kind: 'text', text: 'hello' },
    });
    const around = {
      listeners: [{ id: 'web', address: '127.0.0.1', port: 8080, protocol: 'http' }],
      document: null,
      certificates: [],
      caFile: null,
    };
    expect(toRequest(made.composed, around)).toMatchObject({
      kind: 'request',
      request: {
        target: { listener: 'web' },
        message: {
          path: '/cart?a=1',
          headers: [
            ['Host', 'shop.test'],
            ['X-A', '1'],
          ],
        },
      },
    });
  });

  it('goes out in the chunks in which it came', () => {
    const read = (bytes: number, at: number): EventSketch => ({
      kind: 'chunk',
      leg: 'downstream',
      direction: 'request',
      operation: 'read',
      bytes,
      disposition: 'held',
      at,
    });
    const chunks = [read(104, 1000), read(400, 31_400), read(296, 82_000)];
    const whole = [...opened(8080), ...chunks, asked([['Host', 'shop.test:8080']]), ended(700)];
    expect(from(whole)).toMatchObject({
      composed: { pieces: { by: 'offsets', offsets: '104, 504', pauseMs: '30', headApart: false } },
    });
    // What was read beyond it belongs to another request: nobody knows where this one was cut.
    expect(from([...whole.slice(0, -1), ended(699)])).toMatchObject({ composed: { pieces: { by: 'none' } } });
  });

  it('says which values were masked, and puts filler where the body was not captured', () => {
    const made = from([
      ...opened(8080),
      asked([
        ['Host', 'shop.test:8080'],
        ['Cookie', '•••'],
      ]),
      ended(700),
    ]);
    expect(made).toMatchObject({
      composed: { headers: 'Cookie: •••', body: { kind: 'fill', bytes: '700' } },
      missing: [
        'the value of Cookie (masked when it was recorded)',
        'the body: its 700 bytes were not captured, so filler of the same length stands for it',
      ],
    });
  });

  it('says how much of a body was captured', () => {
    expect(from([...opened(8080), asked([['Host', 'a']]), captured('abc'), ended(9)])).toMatchObject({
      composed: { body: { kind: 'text', text: 'abc' } },
      missing: ['the rest of the body: 3 of 9 bytes were captured'],
    });
  });

  it('keeps HTTP/2, TLS and a server name that is not the host', () => {
    const tls: EventSketch = {
      kind: 'tls.established',
      leg: 'downstream',
      version: 'TLSv1.3',
      cipher: 'TLS_AES_128_GCM_SHA256',
      alpn: 'h2',
      serverName: 'other.test',
      certificate: null,
      resumed: false,
    };
    const made = from([
      ...opened(8443),
      tls,
      asked(
        [
          [':authority', 'shop.test:8443'],
          ['x-a', '1'],
        ],
        { stream: 1, version: 'HTTP/2' },
      ),
      ended(0),
    ]);
    expect(made).toMatchObject({
      composed: {
        protocol: 'h2',
        url: 'https://shop.test:8443/cart?a=1',
        headers: 'x-a: 1',
        tls: { serverName: 'other', otherName: 'other.test' },
      },
      missing: [],
    });
  });

  it('sends the bytes of a TCP connection again as raw bytes', () => {
    expect(from([...opened(5000, 'tcp'), captured('PING\r\n\x00')])).toMatchObject({
      composed: { mode: 'raw', url: 'tcp://localhost:5000', through: 'web', raw: { text: 'PING\n\\x00' } },
      missing: [],
    });
  });

  it.each([
    ['sealed bytes', opened(9443, 'tls'), /sealed by TLS/],
    ['bytes that were not captured', opened(5000, 'tcp'), /not captured/],
    ['a request that is not known', opened(8080), /not recorded/],
    [
      'a tunnel',
      [...opened(3128), asked([['Host', 'a:443']], { method: 'CONNECT', target: 'a:443' })],
      /no URL/,
    ],
  ] as const)('refuses %s', (_name, sketches, words) => {
    expect(from(sketches)).toMatchObject({ kind: 'refused', reason: expect.stringMatching(words) });
  });
});
