// The PROXY protocol's header (https://www.haproxy.org/download/2.6/doc/proxy-protocol.txt) as bytes to send.
import { isIPv6 } from 'node:net';
import type { SocketAddress } from '../contract/flowEvent';

export const proxySignature = Buffer.from('0d0a0d0a000d0a515549540a', 'hex');

export function encodeProxyHeader(
  version: 'v1' | 'v2',
  source: SocketAddress,
  destination: SocketAddress,
): Buffer {
  const isKnown = source.address !== '' && destination.address !== '';
  const isWide = isIPv6(bare(source.address)) || isIPv6(bare(destination.address));
  if (version === 'v1') {
    if (!isKnown) return Buffer.from('PROXY UNKNOWN\r\n');
    const [from, to] = [source, destination].map(({ address }) => (isWide ? wide(address) : address));
    return Buffer.from(
      `PROXY ${isWide ? 'TCP6' : 'TCP4'} ${from} ${to} ${source.port} ${destination.port}\r\n`,
    );
  }
  if (!isKnown) return Buffer.concat([proxySignature, Buffer.from([0x20, 0, 0, 0])]);
  const size = isWide ? 16 : 4;
  const header = Buffer.alloc(16 + 2 * size + 4);
  proxySignature.copy(header);
  header[12] = 0x21;
  header[13] = isWide ? 0x21 : 0x11;
  header.writeUInt16BE(2 * size + 4, 14);
  for (const [index, { address, port }] of [source, destination].entries()) {
    const bytes = isWide ? ipv6Bytes(wide(address)) : address.split('.').map(Number);
    header.set(bytes, 16 + index * size);
    header.writeUInt16BE(port, 16 + 2 * size + 2 * index);
  }
  return header;
}

/** Without the zone, which means nothing elsewhere. */
function bare(address: string): string {
  const zone = address.indexOf('%');
  return zone === -1 ? address : address.slice(0, zone);
}

/** Both addresses of a header are of one family. */
function wide(address: string): string {
  return isIPv6(bare(address)) ? bare(address) : `::ffff:${address}`;
}

function ipv6Bytes(text: string): number[] {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text);
  const plain =
    dotted === null ? text : `${dotted[1]}${pair(dotted[2]!, dotted[3]!)}:${pair(dotted[4]!, dotted[5]!)}`;
  const [before = '', after] = plain.split('::');
  const head = before === '' ? [] : before.split(':');
  const tail = after === undefined || after === '' ? [] : after.split(':');
  const zeros = after === undefined ? 0 : 8 - head.length - tail.length;
  const groups = [...head, ...Array.from({ length: zeros }, () => '0'), ...tail];
  return groups.flatMap((group) => {
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}

function pair(high: string, low: string): string {
  return (Number(high) * 256 + Number(low)).toString(16);
}
