// A reader of pcapng of its own: what we write is checked by something that shares no code with the writer.

export interface ReadPacket {
  readonly interfaceId: number;
  /** Microseconds since 1970. */
  readonly at: number;
  readonly comments: readonly string[];
  readonly isInbound: boolean;
  readonly from: string;
  readonly to: string;
  readonly seq: number;
  readonly ack: number;
  readonly flags: {
    readonly fin: boolean;
    readonly syn: boolean;
    readonly rst: boolean;
    readonly ack: boolean;
  };
  readonly payload: Buffer;
}

export interface ReadPcapng {
  readonly comment: string;
  readonly application: string;
  readonly interfaces: readonly string[];
  /** Text of the decryption secrets block; '' = none. */
  readonly keyLog: string;
  readonly packets: readonly ReadPacket[];
}

/** Throws on anything that is not as the formats say, wrong checksums included. */
export function readPcapng(file: Buffer): ReadPcapng {
  let comment = '';
  let application = '';
  let keyLog = '';
  const interfaces: string[] = [];
  const packets: ReadPacket[] = [];
  for (let at = 0; at < file.length; ) {
    const type = file.readUInt32LE(at);
    const length = file.readUInt32LE(at + 4);
    check(length % 4 === 0 && length >= 12, `block length ${length}`);
    check(file.readUInt32LE(at + length - 4) === length, 'the two lengths of a block differ');
    const body = file.subarray(at + 8, at + length - 4);
    if (at === 0) check(type === 0x0a0d0d0a, 'no section header first');
    if (type === 0x0a0d0d0a) {
      check(body.readUInt32LE(0) === 0x1a2b3c4d, 'byte order');
      const options = readOptions(body.subarray(16));
      comment = text(options, 1)[0] ?? '';
      application = text(options, 4)[0] ?? '';
    } else if (type === 1) {
      check(body.readUInt16LE(0) === 101, 'link type is not raw IP');
      const options = readOptions(body.subarray(8));
      check(options.find(({ code }) => code === 9)?.value[0] === 6, 'times are not microseconds');
      interfaces.push(text(options, 2)[0] ?? '');
    } else if (type === 10) {
      check(body.readUInt32LE(0) === 0x544c534b, 'secrets of another kind');
      check(packets.length === 0, 'secrets after packets');
      keyLog += body.subarray(8, 8 + body.readUInt32LE(4)).toString('latin1');
    } else if (type === 6) packets.push(readPacket(body, interfaces.length));
    else throw new Error(`unknown block ${type}`);
    at += length;
  }
  return { comment, application, interfaces, keyLog, packets };
}

function readPacket(body: Buffer, interfaces: number): ReadPacket {
  const interfaceId = body.readUInt32LE(0);
  check(interfaceId < interfaces, `packet of interface ${interfaceId}`);
  const at = body.readUInt32LE(4) * 2 ** 32 + body.readUInt32LE(8);
  const length = body.readUInt32LE(12);
  check(body.readUInt32LE(16) === length, 'a cut packet');
  const options = readOptions(body.subarray(20 + Math.ceil(length / 4) * 4));
  const flags = options.find(({ code }) => code === 2)!.value.readUInt32LE(0);
  return {
    interfaceId,
    at,
    comments: text(options, 1),
    isInbound: (flags & 3) === 1,
    ...readIp(body.subarray(20, 20 + length)),
  };
}

function readIp(ip: Buffer): Omit<ReadPacket, 'interfaceId' | 'at' | 'comments' | 'isInbound'> {
  const version = ip[0]! >> 4;
  if (version === 4) {
    check(ip.readUInt16BE(2) === ip.length, 'length of the IPv4 packet');
    check(onesSum(ip.subarray(0, 20)) === 0xffff, 'IPv4 checksum');
    const ends = [ip.subarray(12, 16), ip.subarray(16, 20)] as const;
    const pseudo = Buffer.concat([...ends, Buffer.from([0, 6]), be16(ip.length - 20)]);
    return readTcp(ip.subarray(20), pseudo, ends.map((end) => end.join('.')) as [string, string]);
  }
  check(version === 6 && ip[6] === 6, 'neither IPv4 nor IPv6 with TCP');
  check(ip.readUInt16BE(4) === ip.length - 40, 'length of the IPv6 packet');
  const ends = [ip.subarray(8, 24), ip.subarray(24, 40)] as const;
  const pseudo = Buffer.concat([
    ...ends,
    Buffer.from([0, 0]),
    be16(ip.length - 40),
    Buffer.from([0, 0, 0, 6]),
  ]);
  return readTcp(ip.subarray(40), pseudo, ends.map((end) => end.toString('hex')) as [string, string]);
}

function readTcp(
  tcp: Buffer,
  pseudo: Buffer,
  [from, to]: [string, string],
): Omit<ReadPacket, 'interfaceId' | 'at' | 'comments' | 'isInbound'> {
  check(onesSum(Buffer.concat([pseudo, tcp])) === 0xffff, 'TCP checksum');
  const flags = tcp[13]!;
  return {
    from: `${from} ${tcp.readUInt16BE(0)}`,
    to: `${to} ${tcp.readUInt16BE(2)}`,
    seq: tcp.readUInt32BE(4),
    ack: tcp.readUInt32BE(8),
    flags: {
      fin: (flags & 1) !== 0,
      syn: (flags & 2) !== 0,
      rst: (flags & 4) !== 0,
      ack: (flags & 16) !== 0,
    },
    payload: tcp.subarray((tcp[12]! >> 4) * 4),
  };
}

export interface ReadStream {
  readonly opener: string;
  readonly server: string;
  readonly interfaceId: number;
  /** Bytes of each side in order. */
  readonly fromOpener: Buffer;
  readonly fromServer: Buffer;
  /** "opener FIN", "server RST"… in order. */
  readonly ends: readonly string[];
  /** Bytes that the numbers count and that are not there. */
  readonly missing: number;
  readonly largestPayload: number;
}

/** Puts the TCP connections together as a receiver would, and throws where one could not be. */
export function readStreams(packets: readonly ReadPacket[], hasHoles = false): ReadStream[] {
  const connections = new Map<string, ReadPacket[]>();
  for (const packet of packets) {
    const key = [packet.from, packet.to].sort().join(' ');
    connections.set(key, [...(connections.get(key) ?? []), packet]);
  }
  return [...connections.values()].map((each) => readStream(each, hasHoles));
}

function readStream(packets: readonly ReadPacket[], hasHoles: boolean): ReadStream {
  const [syn, synAck, ack] = packets;
  check(syn!.flags.syn && !syn!.flags.ack && synAck!.flags.syn && synAck!.flags.ack, 'no handshake');
  check(
    synAck!.ack === syn!.seq + 1 && ack!.seq === syn!.seq + 1 && ack!.ack === synAck!.seq + 1,
    'handshake',
  );
  const next = { opener: syn!.seq + 1, server: synAck!.seq + 1 };
  const bytes = { opener: [] as Buffer[], server: [] as Buffer[] };
  const ends: string[] = [];
  let missing = 0;
  for (const packet of packets.slice(3)) {
    const side = packet.from === syn!.from ? 'opener' : 'server';
    const other = side === 'opener' ? 'server' : 'opener';
    check(packet.seq >= next[side], `${side} repeats ${packet.seq}, expected ${next[side]}`);
    missing += packet.seq - next[side];
    check(
      !packet.flags.ack || packet.ack === next[other] || (hasHoles && packet.ack > next[other]),
      `${side} acknowledges ${packet.ack} of ${next[other]}`,
    );
    bytes[side].push(packet.payload);
    next[side] = packet.seq + packet.payload.length + (packet.flags.fin ? 1 : 0);
    if (packet.flags.fin) ends.push(`${side} FIN`);
    if (packet.flags.rst) ends.push(`${side} RST`);
  }
  return {
    opener: syn!.from,
    server: syn!.to,
    interfaceId: syn!.interfaceId,
    fromOpener: Buffer.concat(bytes.opener),
    fromServer: Buffer.concat(bytes.server),
    ends,
    missing,
    largestPayload: Math.max(...packets.map(({ payload }) => payload.length)),
  };
}

interface Option {
  readonly code: number;
  readonly value: Buffer;
}

function readOptions(bytes: Buffer): Option[] {
  const options: Option[] = [];
  for (let at = 0; at + 4 <= bytes.length; ) {
    const [code, length] = [bytes.readUInt16LE(at), bytes.readUInt16LE(at + 2)];
    if (code === 0) {
      check(at + 4 === bytes.length, 'bytes after the last option');
      return options;
    }
    options.push({ code, value: bytes.subarray(at + 4, at + 4 + length) });
    at += 4 + Math.ceil(length / 4) * 4;
  }
  throw new Error('options without an end');
}

function text(options: readonly Option[], code: number): string[] {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  return options.filter((option) => option.code === code).map(({ value }) => decoder.decode(value));
}

function onesSum(bytes: Buffer): number {
  let total = 0;
  for (let at = 0; at < bytes.length; at += 2) total += (bytes[at]! << 8) + (bytes[at + 1] ?? 0);
  while (total > 0xffff) total = (total & 0xffff) + Math.floor(total / 0x10000);
  return total;
}

function be16(value: number): Buffer {
  return Buffer.from([value >> 8, value & 0xff]);
}

function check(holds: boolean, message: string): asserts holds {
  if (!holds) throw new Error(`not a capture as it should be: ${message}`);
}
