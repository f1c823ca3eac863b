import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { sendHttpRequest } from '../../../main/lab/httpClient';
import { SampleServers } from '../../../main/lab/sampleServers';

const samples = new SampleServers();
afterEach(() => samples.stop());

const request = {
  address: '127.0.0.1',
  isTls: false,
  method: 'GET',
  hostname: 'shop.test',
  path: '/',
  headers: [],
  body: '',
  trustedCertificates: [],
} as const;
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
    const reply = await sendHttpRequest({
      ...request,
      port: portOf('banana'),
      method: 'POST',
      path: '/a?b=c',
      headers: [['X-Mine', '1']],
      body: 'hällo',
    });
    expect(reply.status).toBe(200);
    expect(reply.body).toMatch(/^Hello from banana\n\nPOST \/a\?b=c HTTP\/1.1\n/);
    expect(reply.body).toContain('Host: shop.test\n');
    expect(reply.body).toContain('X-Mine: 1\n');
    expect(reply.body).toContain('hällo');
    expect(reply.headers).toContainEqual(['x-served-by', 'banana']);
    expect(reply.durationMs).toBeGreaterThan(0);
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
    const sealed = { ...request, port: portOf('sealed'), isTls: true, hostname: 'sealed.test' };
    const trusted = await sendHttpRequest({ ...sealed, trustedCertificates: samples.trustedCertificates() });
    expect(trusted.body).toContain('Hello from sealed');
    await expect(sendHttpRequest(sealed)).rejects.toMatchObject({ code: 'request_failed' });
    await expect(
      sendHttpRequest({
        ...sealed,
        hostname: 'other.test',
        trustedCertificates: samples.trustedCertificates(),
      }),
    ).rejects.toThrow(/other\.test/);
  });

  it('frees its ports and can start again', async () => {
    await samples.start();
    const port = portOf('apple');
    await samples.stop();
    expect(samples.list()).toEqual([]);
    await expect(sendHttpRequest({ ...request, port })).rejects.toThrow(/ECONNREFUSED/);
    await samples.start();
    expect(samples.list()).toHaveLength(4);
  });
});

describe('sendHttpRequest', () => {
  it('shows the first 64 KiB of a long answer, counts the rest and knows from which port it asked', async () => {
    let clientPort: number | undefined;
    const server = createServer((request, response) => {
      clientPort = request.socket.remotePort;
      response.end(Buffer.alloc(300_000, 'x'));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const reply = await sendHttpRequest({ ...request, port: (server.address() as AddressInfo).port });
    expect(reply.body).toHaveLength(65_536);
    expect(reply).toMatchObject({ bodyBytes: 300_000, clientPort });
    server.close();
  });

  it('gives up on a server that never answers', async () => {
    const server = createTcpServer((socket) => socket.on('error', () => socket.destroy()).resume());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await expect(sendHttpRequest({ ...request, port, timeoutMs: 100 })).rejects.toThrow(
      /no complete answer within 0.1 s/,
    );
    server.close();
  });

  it('says in one sentence what cannot be sent', async () => {
    await expect(
      sendHttpRequest({ ...request, port: 1, headers: [['bad name', 'x']] }),
    ).rejects.toMatchObject({ code: 'request_failed' });
    await expect(
      sendHttpRequest({ ...request, port: 1, headers: [['x', 'a\r\nb: c']] }),
    ).rejects.toMatchObject({ code: 'request_failed' });
  });
});
