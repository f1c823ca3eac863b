import { describe, expect, it } from 'vitest';
import { type Flow, foldFlow } from '../../../../main/contract/flow';
import { maskedValue, type RawHeaders } from '../../../../main/contract/flowEvent';
import { curlOf } from '../../../../renderer/flows/takeAway/curl';
import { harOf, harRefusal, type TakenFlow } from '../../../../renderer/flows/takeAway/har';
import { type EventSketch, flowEvents, httpExchange } from '../../../helpers/flowEvents';

function taken(sketches: readonly EventSketch[]): TakenFlow {
  const events = flowEvents(sketches);
  const flow = events
    .filter((event) => event.flowId === 1)
    .reduce<Flow | undefined>((before, event) => foldFlow(before, event), undefined);
  return { flow: flow!, events };
}

function withRequestHeaders(headers: RawHeaders): EventSketch[] {
  return httpExchange().map((event) =>
    event.kind === 'request.head' && event.leg === 'downstream' ? { ...event, headers } : event,
  );
}

const entry = (sketches: readonly EventSketch[]) => harOf([taken(sketches)], '0.1.0').log.entries[0]!;
const captured = (direction: 'request' | 'response', data: Uint8Array, bytes = data.length): EventSketch => ({
  kind: 'body.captured',
  direction,
  leg: direction === 'request' ? 'downstream' : 'upstream',
  offset: 0,
  bytes,
  data: Buffer.from(data).toString('base64'),
});

/** The fields that HAR 1.2 does not call optional, and their types. */
const required = {
  entry: {
    startedDateTime: 'string',
    time: 'number',
    request: 'object',
    response: 'object',
    cache: 'object',
    timings: 'object',
  },
  request: {
    method: 'string',
    url: 'string',
    httpVersion: 'string',
    cookies: 'array',
    headers: 'array',
    queryString: 'array',
    headersSize: 'number',
    bodySize: 'number',
  },
  response: {
    status: 'number',
    statusText: 'string',
    httpVersion: 'string',
    cookies: 'array',
    headers: 'array',
    content: 'object',
    redirectURL: 'string',
    headersSize: 'number',
    bodySize: 'number',
  },
  content: { size: 'number', mimeType: 'string' },
  timings: { send: 'number', wait: 'number', receive: 'number' },
} as const;

function expectFields(value: object, fields: Readonly<Record<string, string>>): void {
  const types = Object.fromEntries(
    Object.keys(fields).map((name) => {
      const field = (value as Record<string, unknown>)[name];
      return [name, Array.isArray(field) ? 'array' : typeof field];
    }),
  );
  expect(types).toEqual(fields);
}

function expectValid(text: string): void {
  const { log } = JSON.parse(text);
  expect(log.version).toBe('1.2');
  expectFields(log.creator, { name: 'string', version: 'string' });
  for (const entry of log.entries) {
    expectFields(entry, required.entry);
    expectFields(entry.request, required.request);
    expectFields(entry.response, required.response);
    expectFields(entry.response.content, required.content);
    expectFields(entry.timings, required.timings);
    expect(new Date(entry.startedDateTime).toISOString()).toBe(entry.startedDateTime);
    expect(new URL(entry.request.url).href).toBeTruthy();
    const { blocked, dns, connect, ssl, send, wait, receive } = entry.timings;
    for (const part of [send, wait, receive]) expect(part).toBeGreaterThanOrEqual(0);
    for (const part of [blocked, dns, connect, ssl]) expect(part).toBeGreaterThanOrEqual(-1);
    const parts = [blocked, dns, connect, send, wait, receive].filter((part: number) => part !== -1);
    expect(entry.time).toBeCloseTo(
      parts.reduce((sum: number, part: number) => sum + part, 0),
      6,
    );
  }
}

describe('harOf', () => {
  it('has every required field of HAR 1.2, for a whole exchange and for every beginning of it', () => {
    const sketches = httpExchange([10, 20]);
    for (let length = 4; length <= sketches.length; length++) {
      const har = harOf([taken(sketches.slice(0, length))], '0.1.0');
      expect(har.log.entries).toHaveLength(1);
      expectValid(JSON.stringify(har));
    }
  });

  it('tells what the client asked and got, and over which connection', () => {
    const { request, response, connection, serverIPAddress } = entry(httpExchange([1000]));
    expect(request).toMatchObject({
      method: 'GET',
      url: 'http://img.example.test/pictures/1',
      headersSize: 80,
    });
    expect(response).toMatchObject({ status: 200, bodySize: 1000, content: { size: 1000 } });
    expect(response.content.comment).toBe('the body was not captured');
    expect([connection, serverIPAddress]).toEqual(['1', '127.0.0.1']);
  });

  it('times the phases from the events and leaves what nobody saw at -1', () => {
    const { timings, time } = entry(httpExchange());
    expect(timings).toMatchObject({ blocked: 0.8, dns: -1, connect: 0.1, ssl: -1, send: 0.2, wait: 0.1 });
    expect(time).toBeGreaterThan(1);
  });

  it('has no connect time on a connection that is used again', () => {
    const reused = httpExchange().flatMap((event): EventSketch[] =>
      event.kind === 'upstream.connecting'
        ? []
        : event.kind === 'upstream.connected'
          ? [
              {
                kind: 'upstream.reused',
                pool: event.pool,
                endpoint: event.endpoint,
                earlierExchanges: 3,
                idleMicroseconds: 5,
              },
            ]
          : [event],
    );
    expect(entry(reused).timings.connect).toBe(-1);
  });

  it('keeps masked values masked and makes no cookies of them', () => {
    const { request } = entry(
      withRequestHeaders([
        ['Host', 'a.test'],
        ['Cookie', maskedValue],
      ]),
    );
    expect(request.headers).toContainEqual({ name: 'Cookie', value: maskedValue });
    expect(request.cookies).toEqual([]);
  });

  it('writes captured text as text, other bytes as base64, and says what was cut', () => {
    const text = captured('request', Buffer.from('a=ü'));
    const bytes = captured('response', Uint8Array.of(0xff, 0xfe), 1000);
    const { request, response } = entry([...httpExchange(), text, bytes]);
    expect(request.postData?.text).toBe('a=ü');
    expect(response.content).toMatchObject({ text: '//4=', encoding: 'base64' });
    expect(response.content.comment).toBe('2 of 1000 bytes were captured');
  });

  it('says https where the client spoke TLS', () => {
    const tls: EventSketch = {
      kind: 'tls.established',
      leg: 'downstream',
      version: 'TLSv1.3',
      cipher: 'x',
      alpn: null,
      serverName: null,
      certificate: null,
      resumed: false,
      flowId: 0,
    };
    expect(entry([tls, ...httpExchange()]).request.url).toBe('https://img.example.test/pictures/1');
  });

  it('leaves relayed connections out and counts them', () => {
    const client = { address: '127.0.0.1', port: 5 };
    const relayed = taken([{ kind: 'flow.opened', flow: 'tcp', listener: 'raw', client, revision: 1 }]);
    expect(harRefusal(relayed)).toContain('relayed');
    const { log } = harOf([relayed, taken(httpExchange())], '0.1.0');
    expect(log.entries).toHaveLength(1);
    expect(log.comment).toContain('1 left out');
  });
});

describe('curlOf', () => {
  it('sends the same request to the same listener', () => {
    expect(curlOf(taken(httpExchange()))).toEqual({
      command:
        "curl -v -g --path-as-is --http1.1 --connect-to '::127.0.0.1:8080' 'http://img.example.test/pictures/1'",
      missing: [],
    });
  });

  it('quotes for the shell, and names what is masked instead of sending it', () => {
    const headers = [
      ['Host', 'a.test'],
      ['X-Name', "it's $HOME"],
      ['Authorization', maskedValue],
    ] as const;
    const curl = curlOf(taken(withRequestHeaders(headers)));
    expect(curl?.command).toContain("-H 'X-Name: it'\\''s $HOME'");
    expect(curl?.command).not.toContain('Authorization');
    expect(curl?.missing).toEqual(['Authorization (masked)']);
  });
});
