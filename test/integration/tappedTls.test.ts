// With full capture on, TLS reads and writes through JavaScript instead of below it. Nothing that travels may change by that.
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { EngineHarness } from '../helpers/engineHarness';
import type { TestCertificate } from '../helpers/testCertificates';
import { TestAuthority } from './testAuthority';

let authority: TestAuthority;
let shop: TestCertificate;
let harness: EngineHarness;
const closers: (() => void)[] = [];

beforeAll(async () => {
  authority = await TestAuthority.create();
  shop = await authority.issue('shop.test');
});
afterEach(async () => {
  await harness.close();
  for (const close of closers.splice(0)) close();
});

/** TLS terminated and encrypted again, with an endpoint of ours behind it. */
async function start(capture: object, onConnection: (socket: TLSSocket) => void): Promise<TLSSocket> {
  const origin = createServer(
    { cert: shop.certificateChainPem, key: shop.privateKeyPem, allowHalfOpen: true },
    (socket) => {
      socket.on('error', () => socket.destroy());
      onConnection(socket);
    },
  );
  origin.listen(0, '127.0.0.1');
  await once(origin, 'listening');
  closers.push(() => origin.close());
  harness = new EngineHarness();
  await harness.run(
    {
      schemaVersion: 1,
      listeners: [
        {
          id: 'edge',
          port: 0,
          protocol: 'tls',
          tls: { certificates: ['shop'] },
          limits: { idleTimeoutMs: 500 },
        },
      ],
      routes: [
        { id: 'open', kind: 'tls', listeners: ['edge'], mode: 'terminate', backends: [{ pool: 'origin' }] },
      ],
      pools: [
        {
          id: 'origin',
          tls: { caCertificates: ['ca'], serverName: 'shop.test' },
          endpoints: [{ address: '127.0.0.1', port: (origin.address() as AddressInfo).port }],
        },
      ],
      capture,
    },
    new Map([
      ['shop', shop],
      ['ca', { ...shop, certificateChainPem: authority.pem, privateKeyPem: null as never }],
    ]),
  );
  const client = connect({
    port: harness.port('edge'),
    host: '127.0.0.1',
    ca: authority.pem,
    servername: 'shop.test',
  });
  client.allowHalfOpen = true;
  client.on('error', () => client.destroy());
  await once(client, 'secureConnect');
  closers.push(() => client.destroy());
  return client;
}

const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const full = { headers: 'full', bodies: 'on' };

describe.each([
  ['while capture is off', {}],
  ['while it is full', full],
])('TLS on both legs, %s', (_when, capture) => {
  it('brings 12 MB through each way, and the end of each side on its own', async () => {
    const [sent, answered] = [randomBytes(12_000_000), randomBytes(12_000_000)];
    let received = Buffer.alloc(0);
    const parts: Buffer[] = [];
    const client = await start(capture, (socket) => {
      socket.on('data', (bytes) => parts.push(bytes));
      // The client has said everything, and only now is answered.
      socket.on('end', () => {
        received = Buffer.concat(parts);
        socket.end(answered);
      });
    });
    const got: Buffer[] = [];
    client.on('data', (bytes) => got.push(bytes));
    client.end(sent);
    await once(client, 'end');
    expect(digest(received)).toBe(digest(sent));
    expect(digest(Buffer.concat(got))).toBe(digest(answered));
    await harness.waitFor('flow.closed', ({ outcome }) => outcome === 'completed');
    const closed = await harness.waitFor('connection.closed', ({ leg }) => leg === 'upstream');
    expect(closed).toMatchObject({ closedBy: 'client', reason: 'end', bytesRead: 12_000_000 });
  });

  it('holds little of what a client does not read', async () => {
    let pushed = 0;
    const client = await start(capture, (socket) => {
      const push = () => {
        while (pushed < 200_000_000 && socket.write(Buffer.alloc(65_536))) pushed += 65_536;
      };
      socket.on('drain', push);
      push();
    });
    client.pause();
    // Nothing moves because nobody reads: the idle timeout is the sign that everything is full.
    await harness.waitFor('timeout');
    expect(pushed).toBeLessThan(60_000_000);
  });

  it('passes on that the endpoint was gone', async () => {
    const client = await start(capture, (socket) => {
      socket.once('data', () => socket.destroy(new Error('cut')));
    });
    client.resume();
    client.write('hello');
    await once(client, 'end');
    client.end();
    const closed = await harness.waitFor('connection.closed', ({ leg }) => leg === 'downstream');
    expect(closed.closedBy).toBe('endpoint');
  });
});
