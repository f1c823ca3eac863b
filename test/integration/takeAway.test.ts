// What is taken away of real exchanges: the engine's own events through the book into HAR, and curl as a real client.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { get as getHttps } from 'node:https';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { curlOf } from '../../renderer/flows/takeAway/curl';
import { harOf, type TakenFlow } from '../../renderer/flows/takeAway/har';
import { FlowBook } from '../../renderer/stores/flowBook';
import { EngineHarness, TestServer } from '../helpers/engineHarness';
import { harSchema, sumOfTimings } from '../helpers/harSchema';
import { get, HttpHarness, ok } from '../helpers/httpHarness';
import { TestAuthority } from './testAuthority';

const run = promisify(execFile);

describe('a real flow taken away', () => {
  let harness: HttpHarness;
  afterEach(() => harness.close());

  /** Every HTTP flow so far, oldest first, as the book tells it. */
  function takenFlows(): TakenFlow[] {
    const book = new FlowBook();
    book.ingest(harness.engine.events);
    const flows = book.flows().filter(({ kind }) => kind === 'http');
    return flows.map((flow) => ({ flow, events: book.eventsOf(flow.id) })).reverse();
  }

  it('times connect on a new connection, and not on one that is used again', async () => {
    harness = await HttpHarness.start();
    const client = await harness.connect();
    for (const number of [1, 2]) {
      client.socket.write(get(`/${number}?q=a%20b`));
      const origin = await harness.originConnection(1);
      await origin.untilReceived(`GET /${number}`);
      origin.socket.write(ok('hello', 'Set-Cookie: id=secret\r\n'));
      await harness.engine.waitFor('flow.closed', ({ flowId }) => flowId === number);
    }
    const { entries } = harOf(takenFlows(), '0').log;
    expect(entries.map(({ request }) => request.url)).toEqual([
      'http://a.test/1?q=a%20b',
      'http://a.test/2?q=a%20b',
    ]);
    expect(entries[0]!.request.queryString).toEqual([{ name: 'q', value: 'a b' }]);
    expect(entries[0]!.timings.connect).toBeGreaterThan(0);
    expect(entries[1]!.timings.connect).toBe(-1);
    expect(entries.map(({ serverIPAddress }) => serverIPAddress)).toEqual(['127.0.0.1', '127.0.0.1']);
    expect(new Set(entries.map(({ connection }) => connection)).size).toBe(1);
    expect(entries.map(({ response }) => response.bodySize)).toEqual([5, 5]);
    expect(JSON.stringify(entries)).not.toContain('secret');
  });

  it('gives a curl command that sends the same request to the same listener', async () => {
    harness = await HttpHarness.start();
    const client = await harness.connect();
    client.socket.write(get("/a/../b?x=[1]&y='", 'X-Empty:\r\nX-Quote: it\'s "so" $HOME\r\n'));
    const origin = await harness.originConnection(1);
    await origin.untilReceived('\r\n\r\n');
    origin.socket.end(ok('one', 'Connection: close\r\n'));
    await harness.engine.waitFor('flow.closed');
    const first = harness.engine.events.find((event) => event.kind === 'request.head')!;
    const { command } = curlOf(takenFlows()[0]!)!;
    const sent = run('sh', ['-c', command]);
    const second = await harness.originConnection(2);
    await second.untilReceived('\r\n\r\n');
    second.socket.end(ok('two', 'Connection: close\r\n'));
    expect((await sent).stdout).toBe('two');
    const again = harness.engine.events.findLast(
      (event) => event.kind === 'request.head' && event.leg === 'downstream',
    );
    if (first.kind !== 'request.head' || again?.kind !== 'request.head') throw new Error('no heads');
    expect([again.method, again.target]).toEqual([first.method, first.target]);
    for (const field of first.headers.filter(([name]) => name.startsWith('X-'))) {
      expect(again.headers).toContainEqual(field);
    }
  });
});

describe('a HAR of exchanges over TLS', () => {
  it('is HAR 1.2, with https URLs, for HTTP/1.1 and HTTP/2 alike', async () => {
    const authority = await TestAuthority.create();
    const shop = await authority.issue('shop.test');
    const harness = new EngineHarness();
    const origin = await TestServer.start((socket) =>
      socket.on('data', () =>
        socket.write(
          ok('{"a":1}', 'Content-Type: application/json\r\nSet-Cookie: id=1; Path=/; HttpOnly\r\n'),
        ),
      ),
    );
    try {
      await harness.run(
        {
          schemaVersion: 1,
          listeners: [
            {
              id: 'web',
              port: 0,
              protocol: 'https',
              tls: { certificates: ['shop'], alpn: ['h2', 'http/1.1'] },
            },
          ],
          routes: [{ id: 'all', kind: 'http', listeners: ['web'], backends: [{ pool: 'origin' }] }],
          pools: [{ id: 'origin', endpoints: [{ address: '127.0.0.1', port: origin.port }] }],
          capture: { headers: 'full', bodies: 'on' },
        },
        new Map([['shop', shop]]),
      );
      const port = harness.port('web');
      const tls = { ca: authority.pem, servername: 'shop.test' };
      const asked = getHttps({
        ...tls,
        host: '127.0.0.1',
        port,
        path: '/one?q=1',
        headers: { host: 'shop.test' },
        agent: false,
      });
      const [response] = await once(asked, 'response');
      await once(response.resume(), 'end');
      const session = connectHttp2(`https://127.0.0.1:${port}`, tls);
      const stream = session.request({
        ':method': 'POST',
        ':path': '/two',
        ':authority': 'shop.test',
        'content-type': 'text/plain',
      });
      stream.end('hello');
      await once(stream.resume(), 'end');
      session.close();
      await harness.waitFor('flow.closed', ({ flowId }) => flowId === 2);
      const book = new FlowBook();
      book.ingest(harness.events);
      const flows = book.flows().map((flow) => ({ flow, events: book.eventsOf(flow.id) }));
      const { log } = harSchema.parse(JSON.parse(JSON.stringify(harOf(flows, '0.1'))));
      const [one, two] = log.entries;
      expect([one!.request.url, two!.request.url]).toEqual([
        'https://shop.test/one?q=1',
        'https://shop.test/two',
      ]);
      expect([one!.request.httpVersion, two!.request.httpVersion]).toEqual(['HTTP/1.1', 'HTTP/2']);
      expect(two!.request.postData).toMatchObject({ mimeType: 'text/plain', text: 'hello' });
      for (const { response: answer, time, timings, serverIPAddress } of log.entries) {
        expect(answer).toMatchObject({
          status: 200,
          content: { mimeType: 'application/json', text: '{"a":1}' },
        });
        expect(answer.cookies).toEqual([
          { name: 'id', value: '1', path: '/', httpOnly: true, secure: false },
        ]);
        expect(time).toBeCloseTo(sumOfTimings(timings), 3);
        expect(serverIPAddress).toBe('127.0.0.1');
      }
    } finally {
      await harness.close();
      await origin.close();
    }
  });
});
