// Reads the first TLS message of a client without a TLS library (RFC 8446 4.1.2, RFC 6066 3, RFC 7301). Pure and
// incremental: call it again with more bytes after `needMore`. A hello may span TCP segments and TLS records at any
// byte. Everything that it reads was written by a stranger, so every length is checked and the whole is bounded.
import { isIP } from 'node:net';
import { ByteReader } from './byteReader';

export interface ClientHello {
  /** Lower case, without a final dot; null = no SNI, or one that names no host (an IP address, illegal characters). */
  readonly serverName: string | null;
  readonly alpn: readonly string[];
  readonly versions: readonly string[];
  /** Of the key shares; of supported_groups when there are none (TLS 1.2). GREASE left out. */
  readonly groups: readonly string[];
  /** An encrypted_client_hello extension is there, real or GREASE: then `serverName` is only the outer name. */
  readonly encryptedClientHello: boolean;
  /** Of the handshake message, without record headers. */
  readonly bytes: number;
}

export type ClientHelloResult =
  /** `atLeast`: with fewer bytes in total the answer will still be `needMore`. */
  | { readonly kind: 'needMore'; readonly atLeast: number }
  | { readonly kind: 'notTls'; readonly reason: string }
  | { readonly kind: 'hello'; readonly hello: ClientHello };

/** Larger hellos are refused. Post-quantum ones have about 1.8 KB. */
export const maxHelloBytes = 64 * 1024;
const maxRecords = 4096;
const maxRecordBytes = 16_384;
const maxListed = 64;
const [handshakeType, clientHelloType] = [22, 1] as const;

/** `bytes` = everything that the client has sent so far. */
export function parseClientHello(bytes: Uint8Array): ClientHelloResult {
  const fragments: Uint8Array[] = [];
  let gathered = 0;
  let wanted = 4;
  let position = 0;
  for (let records = 0; records < maxRecords; records++) {
    const problem = headerProblem(bytes, position);
    if (problem !== null) return notTls(problem);
    if (bytes.length < position + 5) return { kind: 'needMore', atLeast: position + 5 };
    const length = bytes[position + 3]! * 256 + bytes[position + 4]!;
    if (length === 0 || length > maxRecordBytes) return notTls(`a TLS record of ${length} bytes`);
    if (gathered === 0 && bytes.length > position + 5 && bytes[position + 5] !== clientHelloType) {
      return notTls(`handshake message ${bytes[position + 5]} instead of a ClientHello`);
    }
    if (bytes.length < position + 5 + length) return { kind: 'needMore', atLeast: position + 5 + length };
    fragments.push(bytes.subarray(position + 5, position + 5 + length));
    gathered += length;
    position += 5 + length;
    if (wanted === 4 && gathered >= 4) {
      const head = joined(fragments, gathered);
      wanted = 4 + head[1]! * 65_536 + head[2]! * 256 + head[3]!;
      if (wanted > maxHelloBytes) return notTls(`a ClientHello of more than ${maxHelloBytes} bytes`);
    }
    if (wanted > 4 && gathered >= wanted) return parseBody(joined(fragments, gathered).subarray(4, wanted));
    if (wanted === 4 && gathered >= 4) return notTls('an empty ClientHello');
  }
  return notTls(`a ClientHello in more than ${maxRecords} records`);
}

/** Judges as many bytes of a record header as there are, so that other protocols are recognised at their first byte. */
function headerProblem(bytes: Uint8Array, position: number): string | null {
  if (bytes.length > position && bytes[position] !== handshakeType) {
    return position === 0
      ? 'does not begin like TLS'
      : `record type ${bytes[position]} inside the ClientHello`;
  }
  if (bytes.length > position + 1 && bytes[position + 1] !== 3) return 'does not begin like TLS';
  return null;
}

function parseBody(body: Uint8Array): ClientHelloResult {
  const reader = new ByteReader(body);
  const legacyVersion = reader.uint16();
  reader.skip(32);
  if (reader.vector8().length > 32) reader.fail();
  const ciphers = reader.vector16();
  if (ciphers.length < 2 || ciphers.length % 2 !== 0) reader.fail();
  if (reader.vector8().length < 1) reader.fail();
  const extensions = reader.remaining === 0 ? new Map<number, Uint8Array>() : readExtensions(reader);
  if (extensions === null || reader.hasFailed || reader.remaining > 0)
    return notTls('a malformed ClientHello');
  return { kind: 'hello', hello: summarize(legacyVersion, extensions, body.length + 4) };
}

/** null = malformed. An extension that comes twice makes the hello ambiguous: two readers may see two names. */
function readExtensions(reader: ByteReader): Map<number, Uint8Array> | null {
  const list = new ByteReader(reader.vector16());
  const extensions = new Map<number, Uint8Array>();
  while (list.remaining > 0) {
    const type = list.uint16();
    const data = list.vector16();
    if (list.hasFailed || extensions.has(type)) return null;
    extensions.set(type, data);
  }
  return extensions;
}

function summarize(
  legacyVersion: number,
  extensions: ReadonlyMap<number, Uint8Array>,
  bytes: number,
): ClientHello {
  const versions = uint16List(extensions.get(43), 'vector8');
  const shares = keyShareGroups(extensions.get(51));
  const groups = shares.length > 0 ? shares : uint16List(extensions.get(10), 'vector16');
  return {
    serverName: readServerName(extensions.get(0)),
    alpn: readAlpn(extensions.get(16)),
    versions: (versions.length > 0 ? versions : [legacyVersion]).map((code) => nameOf(versionNames, code)),
    groups: groups.map((code) => nameOf(groupNames, code)),
    encryptedClientHello: extensions.has(0xfe0d),
    bytes,
  };
}

function readServerName(data: Uint8Array | undefined): string | null {
  if (data === undefined) return null;
  const list = new ByteReader(new ByteReader(data).vector16());
  while (list.remaining > 0) {
    const type = list.uint8();
    const name = list.vector16();
    if (list.hasFailed) return null;
    if (type === 0) return cleanServerName(Buffer.from(name).toString('latin1'));
  }
  return null;
}

const namePattern = /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/;

function cleanServerName(raw: string): string | null {
  const name = (raw.endsWith('.') ? raw.slice(0, -1) : raw).toLowerCase();
  if (name.length === 0 || name.length > 253 || isIP(name) !== 0 || !namePattern.test(name)) return null;
  return name;
}

function readAlpn(data: Uint8Array | undefined): string[] {
  const names: string[] = [];
  if (data === undefined) return names;
  const list = new ByteReader(new ByteReader(data).vector16());
  while (list.remaining > 0 && names.length < maxListed) {
    const name = list.vector8();
    if (list.hasFailed) break;
    const isGrease = name.length === 2 && name[0] === name[1] && (name[0]! & 0x0f) === 0x0a;
    if (!isGrease)
      names.push(
        Buffer.from(name)
          .toString('latin1')
          .replace(/[^\x21-\x7e]/g, '?'),
      );
  }
  return names;
}

function keyShareGroups(data: Uint8Array | undefined): number[] {
  const groups: number[] = [];
  if (data === undefined) return groups;
  const list = new ByteReader(new ByteReader(data).vector16());
  while (list.remaining > 0 && groups.length < maxListed) {
    const group = list.uint16();
    list.vector16();
    if (list.hasFailed) break;
    if (!isGrease(group)) groups.push(group);
  }
  return groups;
}

function uint16List(data: Uint8Array | undefined, prefix: 'vector8' | 'vector16'): number[] {
  const codes: number[] = [];
  if (data === undefined) return codes;
  const list = new ByteReader(new ByteReader(data)[prefix]());
  while (list.remaining > 1 && codes.length < maxListed) {
    const code = list.uint16();
    if (!isGrease(code)) codes.push(code);
  }
  return codes;
}

/** Reserved values that clients sprinkle in so that servers learn to ignore the unknown (RFC 8701). */
function isGrease(code: number): boolean {
  return (code & 0x0f0f) === 0x0a0a && code >> 8 === (code & 0xff);
}

function nameOf(names: Readonly<Record<number, string>>, code: number): string {
  return names[code] ?? `0x${code.toString(16).padStart(4, '0')}`;
}

const versionNames: Readonly<Record<number, string>> = {
  768: 'SSLv3',
  769: 'TLSv1.0',
  770: 'TLSv1.1',
  771: 'TLSv1.2',
  772: 'TLSv1.3',
};

const groupNames: Readonly<Record<number, string>> = {
  23: 'secp256r1',
  24: 'secp384r1',
  25: 'secp521r1',
  29: 'x25519',
  30: 'x448',
  256: 'ffdhe2048',
  257: 'ffdhe3072',
  258: 'ffdhe4096',
  512: 'MLKEM512',
  513: 'MLKEM768',
  514: 'MLKEM1024',
  4587: 'SecP256r1MLKEM768',
  4588: 'X25519MLKEM768',
  4589: 'SecP384r1MLKEM1024',
  25497: 'X25519Kyber768Draft00',
  25498: 'SecP256r1Kyber768Draft00',
};

function joined(fragments: Uint8Array[], length: number): Uint8Array {
  if (fragments.length === 1) return fragments[0]!;
  const whole = Buffer.concat(fragments, length);
  fragments.length = 0;
  fragments.push(whole);
  return whole;
}

function notTls(reason: string): ClientHelloResult {
  return { kind: 'notTls', reason };
}
