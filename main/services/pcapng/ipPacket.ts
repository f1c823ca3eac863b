// One TCP segment in an IP packet, IPv4 (RFC 791) or IPv6 (RFC 8200), with its checksums (RFC 1071, RFC 9293 3.1).
import { isIPv6 } from 'node:net';
import type { SocketAddress } from '../../contract/flowEvent';

export const TcpFlag = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16 } as const;

export interface TcpSegment {
  readonly from: SocketAddress;
  readonly to: SocketAddress;
  /** Taken modulo 2^32. */
  readonly seq: number;
  /** 0 where the ACK flag is not set. */
  readonly ack: number;
  readonly flags: number;
  readonly payload: Uint8Array;
  /** IPv4 only: its identification field. */
  readonly id: number;
}

/** Largest payload of a segment: what an Ethernet has room for. */
export function maxSegmentBytes(address: SocketAddress): number {
  return isIPv6(address.address) ? 1440 : 1460;
}

/** Powers of two by which the window of 65,535 is multiplied (RFC 7323): so nothing ever looks like a full window. */
const windowShift = 14;
const window = 65_535;

export function tcpPacket(segment: TcpSegment): Buffer {
  const isV6 = isIPv6(bare(segment.from.address)) && isIPv6(bare(segment.to.address));
  const tcp = tcpBytes(segment);
  const [source, destination] = [segment.from, segment.to].map(({ address }) =>
    isV6 ? ipv6Bytes(bare(address)) : ipv4Bytes(address),
  ) as [Buffer, Buffer];
  const pseudo = isV6
    ? Buffer.concat([source, destination, uint32(tcp.length), Buffer.from([0, 0, 0, 6])])
    : Buffer.concat([source, destination, Buffer.from([0, 6]), uint16(tcp.length)]);
  tcp.writeUInt16BE(checksum(tcp, sum(pseudo)), 16);
  const head = isV6 ? ipv6Head(tcp.length) : ipv4Head(tcp.length, segment.id);
  if (!isV6) {
    source.copy(head, 12);
    destination.copy(head, 16);
    head.writeUInt16BE(checksum(head.subarray(0, 20), 0), 10);
    return Buffer.concat([head, tcp]);
  }
  return Buffer.concat([head, source, destination, tcp]);
}

function tcpBytes({ from, to, seq, ack, flags, payload }: TcpSegment): Buffer {
  const options = (flags & TcpFlag.syn) === 0 ? noOptions : synOptions(from);
  const head = Buffer.alloc(20);
  head.writeUInt16BE(from.port, 0);
  head.writeUInt16BE(to.port, 2);
  head.writeUInt32BE(seq % 2 ** 32, 4);
  head.writeUInt32BE(ack % 2 ** 32, 8);
  head[12] = ((20 + options.length) / 4) << 4;
  head[13] = flags;
  head.writeUInt16BE(window, 14);
  return Buffer.concat([head, options, payload]);
}

const noOptions = Buffer.alloc(0);

/** Maximum segment size, no-operation, window scale. */
function synOptions(from: SocketAddress): Buffer {
  return Buffer.concat([
    Buffer.from([2, 4]),
    uint16(maxSegmentBytes(from)),
    Buffer.from([1, 3, 3, windowShift]),
  ]);
}

function ipv4Head(tcpLength: number, id: number): Buffer {
  const head = Buffer.alloc(20);
  head[0] = 0x45;
  head.writeUInt16BE(20 + tcpLength, 2);
  head.writeUInt16BE(id & 0xffff, 4);
  head[6] = 0x40; // do not fragment
  head[8] = 64;
  head[9] = 6;
  return head;
}

/** Without its addresses. */
function ipv6Head(tcpLength: number): Buffer {
  const head = Buffer.alloc(8);
  head[0] = 0x60;
  head.writeUInt16BE(tcpLength, 4);
  head[6] = 6;
  head[7] = 64;
  return head;
}

/** An address that is not known is written as zeros. */
function ipv4Bytes(address: string): Buffer {
  const parts = address.split('.').map(Number);
  return Buffer.from(parts.length === 4 ? parts : [0, 0, 0, 0]);
}

function ipv6Bytes(address: string): Buffer {
  const bytes = Buffer.alloc(16);
  const [head = '', tail] = address.split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':').flatMap(groupBytes));
  const first = groups(head);
  const last = tail === undefined ? [] : groups(tail);
  Buffer.from(first).copy(bytes, 0);
  Buffer.from(last).copy(bytes, 16 - last.length);
  return bytes;
}

function groupBytes(group: string): number[] {
  if (group.includes('.')) return [...ipv4Bytes(group)];
  const value = Number.parseInt(group, 16);
  return [value >> 8, value & 0xff];
}

/** "fe80::1%eth0" → "fe80::1". */
function bare(address: string): string {
  return address.split('%', 1)[0]!;
}

function sum(bytes: Uint8Array): number {
  let total = 0;
  for (let at = 0; at + 1 < bytes.length; at += 2) total += bytes[at]! * 256 + bytes[at + 1]!;
  return bytes.length % 2 === 1 ? total + bytes[bytes.length - 1]! * 256 : total;
}

function checksum(bytes: Uint8Array, start: number): number {
  let total = start + sum(bytes);
  while (total > 0xffff) total = (total % 0x10000) + Math.floor(total / 0x10000);
  return ~total & 0xffff;
}

function uint16(value: number): Buffer {
  return Buffer.from([value >> 8, value & 0xff]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
