// ClientHellos built by hand, so that tests can say exactly which bytes travel.

export interface HelloParts {
  /** Raw bytes of the name; null = no server_name extension. */
  readonly serverName?: string | null;
  readonly alpn?: readonly string[];
  readonly versions?: readonly number[];
  readonly keyShares?: readonly (readonly [group: number, bytes: number])[];
  readonly groups?: readonly number[];
  /** Further extensions: type and data. */
  readonly extra?: readonly (readonly [type: number, data: Buffer])[];
  readonly withoutExtensions?: boolean;
  readonly sessionIdBytes?: number;
}

const grease = 0x3a3a;

export function u16(value: number): Buffer {
  return Buffer.from([value >> 8, value & 0xff]);
}

/** Bytes behind a length of one or two bytes. */
export function vector(lengthBytes: 1 | 2, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([lengthBytes === 1 ? Buffer.from([body.length]) : u16(body.length), body]);
}

export function serverNameExtension(name: string): Buffer {
  return vector(2, Buffer.from([0]), vector(2, Buffer.from(name, 'latin1')));
}

/** The handshake message, without record headers. */
export function helloMessage(parts: HelloParts = {}): Buffer {
  const { serverName = 'bank.example.test', alpn = [], versions = [grease, 0x0304, 0x0303] } = parts;
  const { keyShares = [[29, 32]], groups = [grease, 29, 23], extra = [] } = parts;
  const extensions: (readonly [number, Buffer])[] = [[grease, Buffer.alloc(0)]];
  if (serverName !== null) extensions.push([0, serverNameExtension(serverName)]);
  if (alpn.length > 0)
    extensions.push([16, vector(2, ...alpn.map((name) => vector(1, Buffer.from(name, 'latin1'))))]);
  if (groups.length > 0) extensions.push([10, vector(2, ...groups.map(u16))]);
  if (versions.length > 0) extensions.push([43, vector(1, ...versions.map(u16))]);
  if (keyShares.length > 0) {
    const shares = [[grease, 1] as const, ...keyShares].map(([group, length]) =>
      Buffer.concat([u16(group), vector(2, Buffer.alloc(length, 7))]),
    );
    extensions.push([51, vector(2, ...shares)]);
  }
  extensions.push(...extra);
  const body = Buffer.concat([
    u16(0x0303),
    Buffer.alloc(32, 9),
    vector(1, Buffer.alloc(parts.sessionIdBytes ?? 32, 5)),
    vector(2, u16(grease), u16(0x1301), u16(0xc02b)),
    vector(1, Buffer.from([0])),
    parts.withoutExtensions === true
      ? Buffer.alloc(0)
      : vector(2, ...extensions.map(([type, data]) => Buffer.concat([u16(type), vector(2, data)]))),
  ]);
  return Buffer.concat([
    Buffer.from([1, body.length >> 16, (body.length >> 8) & 0xff, body.length & 0xff]),
    body,
  ]);
}

/** One or several TLS records of at most `recordBytes`. */
export function records(message: Buffer, recordBytes = 16_384): Buffer {
  const parts: Buffer[] = [];
  for (let start = 0; start < message.length; start += recordBytes) {
    const fragment = message.subarray(start, start + recordBytes);
    parts.push(Buffer.from([22, 3, 1]), u16(fragment.length), fragment);
  }
  return Buffer.concat(parts);
}
