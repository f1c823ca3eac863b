// The cache filter through real sockets: a scripted origin behind a real engine.
import { afterEach, describe, expect, it } from 'vitest';
import type { FilterDocument } from '../../main/contract/config';
import type { TestClient } from '../helpers/engineHarness';
import { get, HttpHarness, type OriginConnection, ok } from '../helpers/httpHarness';

let harness: HttpHarness | undefined;
afterEach(() => harness?.close());

async function start(filters: FilterDocument[] = [{ type: 'cache' }], engine = {}): Promise<HttpHarness> {
  harness = await HttpHarness.start({ route: { filters } }, engine);
  return harness;
}

/** One answer on a connection that stays open: its head and its body by Content-Length. */
async function answer(client: TestClient, request: string): Promise<{ head: string; body: string }> {
  const from = client.length;
  client.socket.write(request);
  const text = () => client.text.slice(from);
  const bodyLength = () => {
    const head = text().slice(0, text().indexOf('\r\n\r\n') + 4);
    if (request.startsWith('HEAD') || / 304 /.test(head)) return 0;
    return Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
  };
  await client.until(
    () => text().includes('\r\n\r\n') && text().length >= text().indexOf('\r\n\r\n') + 4 + bodyLength(),
  );
  const headEnd = text().indexOf('\r\n\r\n') + 4;
  return { head: text().slice(0, headEnd), body: text().slice(headEnd) };
}

/** Answers every request of a connection in turn. */
function serve(connection: OriginConnection, answers: readonly string[]): void {
  let served = 0;
  connection.socket.on('data', () => {
    while (connection.received.split('\r\n\r\n').length - 1 > served) {
      const next = answers[served++];
      if (next !== undefined) connection.socket.write(next);
    }
  });
}

describe('the cache filter', () => {
  it('answers the second client without asking the endpoint, byte for byte', async () => {
    const { engine } = await start();
    const client = await harness!.connect();
    const body = 'hello from the origin';
    const first = answer(client, get('/a'));
    const origin = await harness!.originConnection(1);
    await origin.untilReceived('\r\n\r\n');
    origin.socket.write(ok(body, 'Cache-Control: max-age=60\r\nETag: "1"\r\n'));
    expect((await first).head).toMatch(/Cache-Status: hopscope; fwd=miss; stored; ttl=60\r\n/);
    const second = await answer(await harness!.connect(), get('/a'));
    expect(second.body).toBe(body);
    expect(second.head).toMatch(/^HTTP\/1.1 200 OK\r\n/);
    expect(second.head).toMatch(/\r\nAge: 0\r\n/);
    expect(second.head).toMatch(/Cache-Status: hopscope; hit; ttl=60\r\n/);
    expect(origin.received.match(/GET/g)).toHaveLength(1);
    const hit = await engine.waitFor('cache.lookup', ({ result }) => result === 'hit');
    expect(hit).toMatchObject({ ageSeconds: 0, key: 'http://a.test/a' });
    expect(await engine.waitFor('cache.stored')).toMatchObject({ freshSeconds: 60 });
    const kinds = engine.story(hit.flowId).map(({ kind }) => kind);
    expect(kinds).not.toContain('endpoint.picked');
    serve(origin, []);
  });
});
