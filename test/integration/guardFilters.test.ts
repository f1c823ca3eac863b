// The filters that decide who may use a route, with real sockets: what the client reads and what the events say.
import { afterEach, describe, expect, it } from 'vitest';
import type { FilterDocument } from '../../main/contract/config';
import { get, HttpHarness, ok, post } from '../helpers/httpHarness';

let harness: HttpHarness;
afterEach(() => harness.close());

const start = async (...filters: FilterDocument[]) => {
  harness = await HttpHarness.start({ route: { filters } });
  return harness.connect();
};
const answers = (text: string) => text.match(/HTTP\/1\.1 \d+/g) ?? [];
const applied = (filter: string, detail: string) =>
  harness.engine.waitFor('filter.applied', (event) => event.filter === filter && event.detail === detail);

describe('access', () => {
  it('refuses with 403 a client that is in deny although it is in allow, and says why', async () => {
    const client = await start({ type: 'access', allow: ['127.0.0.1'], deny: ['127.0.0.0/8'] });
    client.socket.write(get());
    await client.until(() => client.text.endsWith('(access_denied)\n'));
    expect(client.text).toContain('HTTP/1.1 403 Forbidden\r\n');
    await applied('access', '127.0.0.1 is in deny 127.0.0.0/8, answered 403');
    expect((await harness.engine.waitFor('flow.closed')).outcome).toBe('completed');
    expect(harness.connections).toHaveLength(0);
  });

  it('refuses everybody who is not in a non-empty allow', async () => {
    const client = await start({ type: 'access', allow: ['10.0.0.0/8', '::1'] });
    client.socket.write(get());
    await client.until(() => client.text.endsWith('(access_denied)\n'));
    await applied('access', '127.0.0.1 is not in allow, answered 403');
  });

  it('closes after refusing a request whose body is still to come', async () => {
    const client = await start({ type: 'access', deny: ['127.0.0.1'] });
    client.socket.write('POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\r\n\r\n');
    await client.until(() => client.hasEnded);
    expect(client.text).toContain('connection: close\r\n');
  });

  it('lets the others through to the next filter, in document order', async () => {
    const client = await start(
      { type: 'access', allow: ['127.0.0.1'] },
      { type: 'respond', body: 'first' },
      { type: 'access', deny: ['127.0.0.1'] },
    );
    client.socket.write(get());
    await client.until(() => client.text.endsWith('first'));
    expect(answers(client.text)).toEqual(['HTTP/1.1 200']);
    await applied('access', '127.0.0.1 is in allow 127.0.0.1');
  });

  it('passes a body on to the endpoint', async () => {
    const client = await start({ type: 'access', deny: ['10.0.0.0/8'] });
    client.socket.write(post('hello'));
    const origin = await harness.originConnection(1);
    await origin.untilReceived('\r\n\r\nhello');
    origin.socket.write(ok('done'));
    await client.until(() => client.text.endsWith('done'));
  });
});
