import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { SampleServers } from '../../../main/lab/sampleServers';
import { type HttpMessageInput, sendTo } from '../../helpers/clientSend';

const samples = new SampleServers();
afterEach(() => samples.stop());

/** Over TLS when it is said whom to trust. */
const send = (port: number, message: Partial<HttpMessageInput>, trusted?: readonly string[]) =>
  sendTo(
    port,
    { kind: 'http', hostname: 'shop.test', ...message },
    trusted === undefined ? {} : { tls: {}, trusted },
  ).result;
const portOf = (name: string) => samples.list().find((server) => server.name === name)!.port;

describe('SampleServers', () => {
  it('starts four servers once, however often it is asked', async () => {
    const [one, two] = await Promise.all([samples.start(), samples.start()]);
    expect(one.map((server) => [server.name, server.kind])).toEqual([
      ['apple', 'http'],
      ['banana', 'http'],
      ['echo', 'tcp'],
      ['sealed', 'tls'],
    ]);
    expect(two).toEqual(one);
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

  it('frees its ports and can start again', async () => {
    await samples.start();
    const port = portOf('apple');
    await samples.stop();
    expect(samples.list()).toEqual([]);
    expect((await send(port, {})).problem).toMatch(/refused the connection/);
    await samples.start();
    expect(samples.list()).toHaveLength(4);
  });
});
