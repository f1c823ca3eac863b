import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { SampleServers } from '../../../main/lab/sampleServers';
import { type HttpMessageInput, sendTo } from '../../helpers/clientSend';

const samples = new SampleServers();
afterEach(() => samples.stop());

const running = () => samples.list().filter(({ state }) => state === 'running');

/** Over TLS when it is said whom to trust. */
const send = (port: number, message: Partial<HttpMessageInput>, trusted?: readonly string[]) =>
  sendTo(
    port,
    { kind: 'http', hostname: 'shop.test', ...message },
    trusted === undefined ? {} : { tls: {}, trusted },
  ).result;
const portOf = (name: string) => samples.list().find((server) => server.name === name)!.port;

describe('SampleServers', () => {
  it('starts the four of the demo once, however often it is asked', async () => {
    const [one, two] = await Promise.all([samples.start(), samples.start()]);
    expect(one.map((server) => [server.name, server.kind])).toEqual([
      ['apple', 'http'],
      ['banana', 'http'],
      ['echo', 'tcp'],
      ['sealed', 'tls'],
    ]);
    expect(two).toEqual(one);
    expect(running()).toHaveLength(4);
  });

  it('says its name and repeats what it got', async () => {
    await samples.start();
    const { outcome, responses } = await send(portOf('banana'), {
      method: 'POST',
      path: '/a?b=c',
      headers: [['X-Mine', '1']],
      body: { kind: 'text', text: 'hällo' },
    });
    const reply = responses[0]!;
    expect(outcome).toBe('answered');
    expect(reply.status).toBe(200);
    expect(reply.body).toMatch(/^Hello from banana\n\nPOST \/a\?b=c HTTP\/1.1\n/);
    expect(reply.body).toContain('Host: shop.test\n');
    expect(reply.body).toContain('X-Mine: 1\n');
    expect(reply.body).toContain('hällo');
    expect(reply.headers).toContainEqual(['x-served-by', 'banana']);
  });

  it('echoes on TCP', async () => {
    await samples.start();
    const socket = connect(portOf('echo'), '127.0.0.1');
    socket.end('ping');
    expect(String((await once(socket, 'data'))[0])).toBe('ping');
    await once(socket, 'close');
  });

  it('speaks TLS with a certificate of its own, which only who trusts it accepts', async () => {
    await samples.start();
    const trusted = await send(portOf('sealed'), { hostname: 'sealed.test' }, samples.trustedCertificates());
    expect(trusted.responses[0]?.body).toContain('Hello from sealed');
    expect(await send(portOf('sealed'), { hostname: 'sealed.test' }, [])).toMatchObject({
      outcome: 'failed',
      problem: expect.stringContaining('signed by nobody that is trusted here'),
    });
  });

  it('frees its ports, and has the same ones when it starts again', async () => {
    await samples.start();
    const port = portOf('apple');
    await samples.stop();
    expect(running()).toEqual([]);
    expect((await send(port, {})).problem).toMatch(/refused the connection/);
    await samples.start();
    expect(running()).toHaveLength(4);
    expect(portOf('apple')).toBe(port);
  });

  it('takes a port that is 100 higher where its own is in use, says so, and counts for itself', async () => {
    const others = new SampleServers();
    const [mine] = await samples.start(['apple']);
    const [theirs] = await others.start(['apple']);
    expect(theirs).toMatchObject({ state: 'running', served: 0, usualPort: mine!.usualPort });
    expect(theirs!.port).not.toBe(mine!.port);
    if (mine!.port === mine!.usualPort) expect(theirs!.port).toBeGreaterThanOrEqual(mine!.port + 100);
    await send(theirs!.port, {});
    await vi.waitUntil(() => others.list()[0]!.openConnections === 0);
    expect(others.list()[0]).toMatchObject({ name: 'apple', served: 1 });
    expect(samples.list()[0]).toMatchObject({ name: 'apple', served: 0 });
    await others.stop();
  });

  it('stops one while the others go on', async () => {
    await samples.start();
    await samples.stop(['banana']);
    expect(running().map(({ name }) => name)).toEqual(['apple', 'sealed', 'echo']);
    expect((await send(portOf('apple'), {})).outcome).toBe('answered');
  });
});
