// Reads the PROXY protocol's header (https://www.haproxy.org/download/2.6/doc/proxy-protocol.txt), v1 and v2. Strict: what
// is not exactly a header is refused, because whoever may write it says who the client is. Pure and incremental.
import { isIPv4, isIPv6 } from 'node:net';
import type { SocketAddress } from '../../contract/flowEvent';
import { proxySignature } from '../proxyAddress';

export type AcceptedVersions = 'v1' | 'v2' | 'any';

export interface ProxyHeader {
  readonly kind: 'header';
  readonly version: 'v1' | 'v2';
  /** Bytes; what follows is the connection's own. */
  readonly length: number;
  /** null = LOCAL or UNKNOWN: the connection's own addresses count. */
  readonly addresses: { readonly source: SocketAddress; readonly destination: SocketAddress } | null;
}

export type ProxyHeaderResult =
  | { readonly kind: 'needMore' }
  | ProxyHeader
  | { readonly kind: 'refused'; readonly reason: string };

/** Of a v1 line, its end included (the specification's own bound). */
const maxLineBytes = 107;
/** Of a v2 header with everything in it. */
const maxHeaderBytes = 16_384;
const needMore = { kind: 'needMore' } as const;
const lineStart = Buffer.from('PROXY ');

export function parseProxyHeader(bytes: Buffer, accepts: AcceptedVersions): ProxyHeaderResult {
  if (bytes.length === 0) return needMore;
  const isBinary = startsAlike(bytes, proxySignature);
  if (!isBinary && !startsAlike(bytes, lineStart)) {
    return refuse('the connection does not begin with a PROXY header');
  }
  const version = isBinary ? 'v2' : 'v1';
  if (accepts !== 'any' && accepts !== version) {
    return refuse(`the PROXY header is ${version}, and only ${accepts} is accepted here`);
  }
  return isBinary ? parseBinary(bytes) : parseLine(bytes);
}

// ---------------------------------------------------------------- v1

function parseLine(bytes: Buffer): ProxyHeaderResult {
  const end = bytes.indexOf(0x0a);
  if (end === -1) return bytes.length < maxLineBytes ? needMore : refuse('the PROXY line is too long');
  if (end >= maxLineBytes) return refuse('the PROXY line is too long');
  if (bytes[end - 1] !== 0x0d) return refuse('the PROXY line does not end with CR LF');
  const line = bytes.toString('latin1', 0, end - 1);
  if (line.includes('\r')) return refuse('the PROXY line has a CR in it');
  const length = end + 1;
  // The rest of an UNKNOWN line is to be ignored (2.1).
  if (line === 'PROXY UNKNOWN' || line.startsWith('PROXY UNKNOWN ')) {
    return { kind: 'header', version: 'v1', length, addresses: null };
  }
  const [, family, from = '', to = '', fromPort = '', toPort = '', ...more] = line.split(' ');
  if (family !== 'TCP4' && family !== 'TCP6') return refuse('the PROXY line names no family that is known');
  const isAddress = family === 'TCP4' ? isIPv4 : isPlainIPv6;
  if (!isAddress(from) || !isAddress(to)) return refuse(`the PROXY line has no valid ${family} addresses`);
  if (!isPort(fromPort) || !isPort(toPort) || more.length > 0) {
    return refuse('the PROXY line has no valid ports');
  }
  const source = { address: from, port: Number(fromPort) };
  const destination = { address: to, port: Number(toPort) };
  return { kind: 'header', version: 'v1', length, addresses: { source, destination } };
}

function isPlainIPv6(text: string): boolean {
  return isIPv6(text) && !text.includes('%');
}

function isPort(text: string): boolean {
  return /^(0|[1-9]\d{0,4})$/.test(text) && Number(text) <= 65_535;
}

// ---------------------------------------------------------------- v2

function parseBinary(bytes: Buffer): ProxyHeaderResult {
  if (bytes.length > 12 && bytes[12] !== 0x20 && bytes[12] !== 0x21) {
    return refuse('the PROXY header has an unknown version or command');
  }
  if (bytes.length < 16) return needMore;
  const isLocal = bytes[12] === 0x20;
  const family = bytes[13]!;
  const length = 16 + bytes.readUInt16BE(14);
  if (length > maxHeaderBytes) return refuse(`the PROXY header is longer than ${maxHeaderBytes} bytes`);
  const addressBytes = isLocal ? 0 : addressSizes.get(family);
  if (addressBytes === undefined) return refuse('the PROXY header is for no TCP connection');
  if (length < 16 + addressBytes) return refuse('the PROXY header is too short for its addresses');
  if (bytes.length < length) return needMore;
  const header = bytes.subarray(0, length);
  if (isLocal || family === 0) return { kind: 'header', version: 'v2', length, addresses: null };
  const problem = checkExtensions(header, 16 + addressBytes);
  if (problem !== null) return refuse(problem);
  return { kind: 'header', version: 'v2', length, addresses: readAddresses(header, family) };
}

/** By family and transport; unspecified, TCP over IPv4 and IPv6, and UNIX streams. */
const addressSizes: ReadonlyMap<number, number> = new Map([
  [0x00, 0],
  [0x11, 12],
  [0x21, 36],
  [0x31, 216],
]);

function readAddresses(header: Buffer, family: number): ProxyHeader['addresses'] {
  if (family === 0x31) return null;
  const size = family === 0x11 ? 4 : 16;
  const text = (start: number) =>
    size === 4 ? header.subarray(start, start + 4).join('.') : ipv6Text(header.subarray(start, start + 16));
  return {
    source: { address: text(16), port: header.readUInt16BE(16 + 2 * size) },
    destination: { address: text(16 + size), port: header.readUInt16BE(18 + 2 * size) },
  };
}

/** As RFC 5952 writes it; an IPv4 address inside as IPv4, so that rules for IPv4 hold for it. */
function ipv6Text(bytes: Buffer): string {
  if (bytes.subarray(0, 10).every((byte) => byte === 0) && bytes.readUInt16BE(10) === 0xffff) {
    return bytes.subarray(12).join('.');
  }
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16));
  const host = new URL(`http://[${groups.join(':')}]/`).hostname;
  return host.slice(1, -1);
}

/** Type, length, value, one after the other (2.2.2–2.2.6). Only the checksum means something to us. */
function checkExtensions(header: Buffer, start: number): string | null {
  let position = start;
  let hasChecksum = false;
  while (position < header.length) {
    if (position + 3 > header.length) return 'the PROXY header ends inside an extension';
    const type = header[position]!;
    const value = position + 3;
    const size = header.readUInt16BE(position + 1);
    if (value + size > header.length) return 'the PROXY header ends inside an extension';
    if (type === checksumType) {
      if (hasChecksum || size !== 4) return 'the PROXY header has no single valid checksum';
      hasChecksum = true;
      if (crc32c(header, value) !== header.readUInt32BE(value))
        return 'the checksum of the PROXY header is wrong';
    }
    position = value + size;
  }
  return null;
}

const checksumType = 0x03;

const crcTable = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value >>> 0;
});

/** CRC-32C of the header with the four bytes at `skipped` read as zeros. */
export function crc32c(header: Buffer, skipped: number): number {
  let crc = 0xffffffff;
  for (let index = 0; index < header.length; index++) {
    const byte = index >= skipped && index < skipped + 4 ? 0 : header[index]!;
    crc = (crc >>> 8) ^ crcTable[(crc ^ byte) & 0xff]!;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

function startsAlike(bytes: Buffer, prefix: Buffer): boolean {
  const length = Math.min(bytes.length, prefix.length);
  return bytes.subarray(0, length).equals(prefix.subarray(0, length));
}

function refuse(reason: string): ProxyHeaderResult {
  return { kind: 'refused', reason };
}
