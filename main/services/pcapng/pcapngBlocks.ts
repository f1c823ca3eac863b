// The blocks of a pcapng file: draft-ietf-opsawg-pcapng. Little-endian throughout; the section header says so.

const BlockType = {
  sectionHeader: 0x0a0d0d0a,
  interface: 1,
  enhancedPacket: 6,
  decryptionSecrets: 10,
} as const;
const OptionCode = { comment: 1 } as const;
/** Raw IPv4 or IPv6 without a link layer: nothing has to be made up for one. */
const linkTypeRaw = 101;
/** Key log as NSS writes it. */
const secretsTypeTls = 0x544c534b;
/** Longest comment, in characters. */
const maxComment = 2000;

export interface PcapngOption {
  readonly code: number;
  readonly value: Uint8Array;
}

export function sectionHeader(texts: {
  readonly comment: string;
  readonly hardware: string;
  readonly os: string;
  readonly application: string;
}): Buffer<ArrayBuffer> {
  const head = Buffer.alloc(16);
  head.writeUInt32LE(0x1a2b3c4d, 0);
  head.writeUInt16LE(1, 4);
  head.writeUInt16LE(0, 6);
  head.writeBigInt64LE(-1n, 8); // length of the section: not given
  return block(BlockType.sectionHeader, [
    head,
    options([
      commentOption(texts.comment),
      { code: 2, value: textBytes(texts.hardware) },
      { code: 3, value: textBytes(texts.os) },
      { code: 4, value: textBytes(texts.application) },
    ]),
  ]);
}

/** Times of its packets are microseconds. */
export function interfaceDescription(name: string, description: string): Buffer<ArrayBuffer> {
  const head = Buffer.alloc(8);
  head.writeUInt16LE(linkTypeRaw, 0);
  return block(BlockType.interface, [
    head,
    options([
      { code: 2, value: textBytes(name) },
      { code: 3, value: textBytes(description) },
      { code: 9, value: Buffer.from([6]) }, // 10^-6 s
    ]),
  ]);
}

/** Must stand before the packets that it opens. */
export function tlsSecrets(keyLog: string): Buffer<ArrayBuffer> {
  const data = Buffer.from(keyLog, 'latin1');
  const head = Buffer.alloc(8);
  head.writeUInt32LE(secretsTypeTls, 0);
  head.writeUInt32LE(data.length, 4);
  return block(BlockType.decryptionSecrets, [head, data, padding(data.length)]);
}

export function enhancedPacket(packet: {
  readonly interfaceId: number;
  /** Microseconds since 1970. */
  readonly at: number;
  readonly bytes: Uint8Array;
  /** As Hopscope saw it: read from or written to the socket. */
  readonly isInbound: boolean;
  readonly comments: readonly string[];
}): Buffer<ArrayBuffer> {
  const { bytes, at } = packet;
  const head = Buffer.alloc(20);
  head.writeUInt32LE(packet.interfaceId, 0);
  head.writeUInt32LE(Math.floor(at / 2 ** 32), 4);
  head.writeUInt32LE(at % 2 ** 32, 8);
  head.writeUInt32LE(bytes.length, 12);
  head.writeUInt32LE(bytes.length, 16);
  const flags = Buffer.alloc(4);
  flags.writeUInt32LE(packet.isInbound ? 1 : 2, 0);
  const written = [...packet.comments.map(commentOption), { code: 2, value: flags }];
  return block(BlockType.enhancedPacket, [head, bytes, padding(bytes.length), options(written)]);
}

function commentOption(text: string): PcapngOption {
  return { code: OptionCode.comment, value: textBytes(text) };
}

/** What a stranger wrote is shown, not obeyed: control characters and halves of pairs become ␦. */
function textBytes(text: string): Buffer<ArrayBuffer> {
  const clean = [...text.slice(0, maxComment)]
    .map((character) => (isPlain(character) ? character : '␦'))
    .join('');
  return Buffer.from(clean, 'utf8');
}

function isPlain(character: string): boolean {
  if (character === '\n') return true;
  return !/[\p{Cc}\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u.test(character);
}

function options(list: readonly PcapngOption[]): Buffer<ArrayBuffer> {
  const parts = list.flatMap(({ code, value }) => {
    const head = Buffer.alloc(4);
    head.writeUInt16LE(code, 0);
    head.writeUInt16LE(value.length, 2);
    return [head, value, padding(value.length)];
  });
  return Buffer.concat([...parts, Buffer.alloc(4)]);
}

function block(type: number, parts: readonly Uint8Array[]): Buffer<ArrayBuffer> {
  const length = 12 + parts.reduce((sum, part) => sum + part.length, 0);
  const head = Buffer.alloc(8);
  head.writeUInt32LE(type, 0);
  head.writeUInt32LE(length, 4);
  const end = Buffer.alloc(4);
  end.writeUInt32LE(length, 0);
  return Buffer.concat([head, ...parts, end]);
}

function padding(length: number): Buffer<ArrayBuffer> {
  return Buffer.alloc((4 - (length % 4)) % 4);
}
