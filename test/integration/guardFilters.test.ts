// The filters that decide who may use a route, with real sockets: what the client reads and what the events say.
import { scryptSync } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { FilterDocument } from '../../main/contract/config';
import type { Clock } from '../../main/engine/clock';
import { get, HttpHarness, ok, post } from '../helpers/httpHarness';

let harness: HttpHarness;
afterEach(() => harness.close());

/** A clock that stands still until the test moves it. */
class TestClock implements Clock {
  seconds = 1000;
  now(): number {
    return this.seconds * 1_000_000;
  }
  wallTime(): number {
    return this.now() / 1000;
  }
}

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

describe('rateLimit', () => {
  const limited: FilterDocument[] = [
    { type: 'rateLimit', requests: 1, perSeconds: 10, burst: 2 },
    { type: 'respond', body: 'yes' },
  ];
  const ask = async (client: Awaited<ReturnType<typeof start>>, request = get()) => {
    const before = answers(client.text).length;
    client.socket.write(request);
    await client.until(() => answers(client.text).length > before && /yes$|\)\n$/.test(client.text));
    return answers(client.text).at(-1)!.slice(-3);
  };
  const startAt = async (clock: Clock, filters: FilterDocument[]) => {
    harness = await HttpHarness.start({ route: { filters } }, { clock });
    return harness.connect();
  };

  it('answers 429 with Retry-After when the burst is used up, and lets one more in per period', async () => {
    const clock = new TestClock();
    const client = await startAt(clock, limited);
    expect([await ask(client), await ask(client), await ask(client)]).toEqual(['200', '200', '429']);
    expect(client.text).toContain('retry-after: 10\r\n');
    clock.seconds += 9;
    expect(await ask(client)).toBe('429');
    expect(client.text).toContain('retry-after: 1\r\n');
    clock.seconds += 1;
    expect([await ask(client), await ask(client)]).toEqual(['200', '429']);
    await applied('rateLimit', '1 of 2 tokens are left for 127.0.0.1');
    await applied('rateLimit', 'no token is left for 127.0.0.1, answered 429; the next comes within 10 s');
  });

  it('keeps counting over a reload that leaves it as it is, and starts anew when it is changed', async () => {
    const client = await startAt(new TestClock(), limited);
    expect([await ask(client), await ask(client)]).toEqual(['200', '200']);
    const added: FilterDocument = { type: 'requestHeaders', set: { 'x-a': '1' } };
    await harness.engine.run(harness.document({ route: { filters: [added, ...limited] } }));
    expect(await ask(client)).toBe('429');
    const changed: FilterDocument = { type: 'rateLimit', requests: 1, perSeconds: 10, burst: 3 };
    await harness.engine.run(harness.document({ route: { filters: [changed, limited[1]!] } }));
    expect(await ask(client)).toBe('200');
  });

  it('counts each value of a header for itself, and never shows the value', async () => {
    const byKey: FilterDocument = { type: 'rateLimit', requests: 1, key: 'header:X-Key' };
    const client = await startAt(new TestClock(), [byKey, { type: 'respond', body: 'yes' }]);
    const withKey = (key: string) => ask(client, get('/', `x-key: ${key}\r\n`));
    expect([await withKey('a'), await withKey('a'), await withKey('b')]).toEqual(['200', '429', '200']);
    expect([await ask(client), await ask(client)]).toEqual(['200', '429']);
    await applied('rateLimit', '0 of 1 tokens are left for header X-Key');
  });
});

describe('basicAuth', () => {
  const scryptOf = (password: string) => {
    const salt = Buffer.from('saltsalt');
    const hash = scryptSync(password, salt, 32, { N: 1024, r: 8, p: 1 });
    return `scrypt:1024:8:1:${salt.toString('base64')}:${hash.toString('base64')}`;
  };
  const filter: FilterDocument = {
    type: 'basicAuth',
    realm: 'The "shop"',
    users: { ann: scryptOf('pa:ss') },
  };
  const basic = (text: string) => `Authorization: Basic ${Buffer.from(text).toString('base64')}\r\n`;

  it('asks for name and password, and says so in its events', async () => {
    const client = await start(filter);
    client.socket.write(get());
    await client.until(() => client.text.endsWith('(unauthorized)\n'));
    expect(client.text).toContain('HTTP/1.1 401 Unauthorized\r\n');
    expect(client.text).toContain('www-authenticate: Basic realm="The \\"shop\\"", charset="UTF-8"\r\n');
    await applied('basicAuth', 'no credentials came, answered 401');
    expect(harness.connections).toHaveLength(0);
  });

  it.each([
    ['a wrong password', basic('ann:wrong'), 'the name or the password is wrong, answered 401'],
    ['an unknown name', basic('bob:pa:ss'), 'the name or the password is wrong, answered 401'],
    ['another scheme', 'Authorization: Bearer abc\r\n', 'no credentials came, answered 401'],
    ['two of them', basic('ann:pa:ss') + basic('ann:pa:ss'), 'no credentials came, answered 401'],
    ['no colon', basic('ann'), 'no credentials came, answered 401'],
  ])('refuses %s', async (_what, header, detail) => {
    const client = await start(filter);
    client.socket.write(get('/', header));
    await client.until(() => client.text.endsWith('(unauthorized)\n'));
    await applied('basicAuth', detail);
    expect(harness.connections).toHaveLength(0);
  });

  it('lets the right password through with its body, keeps it from the endpoint, and remembers it', async () => {
    const client = await start(filter);
    client.socket.write(post('hello', basic('ann:pa:ss')));
    const origin = await harness.originConnection(1);
    await origin.untilReceived('\r\n\r\nhello');
    origin.socket.write(ok('one'));
    await client.until(() => client.text.endsWith('one'));
    client.socket.write(get('/again', basic('ann:pa:ss')));
    await origin.untilReceived('GET /again');
    origin.socket.write(ok('two'));
    await client.until(() => client.text.endsWith('two'));
    expect(origin.received.toLowerCase()).not.toContain('authorization');
    await applied('basicAuth', '"ann" is signed in, the password was checked');
    await applied('basicAuth', '"ann" is signed in');
    expect(JSON.stringify(harness.engine.events)).not.toContain('pa:ss');
  });

  it('reads on after the check what the client sent meanwhile, in stream mode too', async () => {
    harness = await HttpHarness.start({ route: { filters: [filter], requestBuffering: 'stream' } });
    const client = await harness.connect();
    const body = 'abc'.repeat(100_000);
    client.socket.write(post(body, basic('ann:pa:ss')));
    const origin = await harness.originConnection(1);
    await origin.until(({ received }) => received.endsWith(body));
    origin.socket.write(ok('done'));
    await client.until(() => client.text.endsWith('done'));
  });
});
