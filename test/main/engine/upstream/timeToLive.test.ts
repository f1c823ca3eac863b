import { createSocket, type Socket as DnsServer } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { timeToLiveOf } from '../../../../main/engine/upstream/nameResolver';

/** A DNS server that has an A record, with that many seconds to live, for every name and nothing else. */
async function startDns(address: string, ttl: number): Promise<DnsServer> {
  const server = createSocket('udp4');
  server.on('message', (query, { port }) => {
    const nameEnd = query.indexOf(0, 12);
    const isA = query.readUInt16BE(nameEnd + 1) === 1;
    const head = Buffer.from(query.subarray(0, nameEnd + 5));
    head.writeUInt16BE(0x8180, 2);
    head.writeUInt32BE(isA ? 0x0001_0001 : 0x0001_0000, 4);
    head.writeUInt32BE(0, 8);
    const record = Buffer.alloc(12, 0);
    Buffer.from([0xc0, 12, 0, 1, 0, 1]).copy(record);
    record.writeUInt32BE(ttl, 6);
    record.writeUInt16BE(4, 10);
    const rest = isA ? [record, Buffer.from(address.split('.').map(Number))] : [];
    server.send(Buffer.concat([head, ...rest]), port);
  });
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

describe('how long an address holds', () => {
  it('is what the DNS says of it, and nothing where it is from elsewhere', async () => {
    const server = await startDns('192.0.2.7', 7);
    const resolver = new Resolver({ timeout: 2000, tries: 1 });
    resolver.setServers([`127.0.0.1:${server.address().port}`]);
    expect(await timeToLiveOf('shop.test', ['192.0.2.7', '192.0.2.8'], resolver)).toBe(7000);
    expect(await timeToLiveOf('shop.test', ['127.0.0.1'], resolver)).toBeNull();
    server.close();
    expect(await timeToLiveOf('shop.test', ['192.0.2.7'], resolver)).toBeNull();
  });
});
