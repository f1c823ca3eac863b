// The few header fields that the proxy itself acts on, told apart without making strings.

export const FieldId = {
  other: 0,
  host: 1,
  contentLength: 2,
  transferEncoding: 3,
  connection: 4,
  keepAlive: 5,
  proxyConnection: 6,
  te: 7,
  upgrade: 8,
  expect: 9,
  http2Settings: 10,
  forwardedFor: 11,
  forwardedProto: 12,
  forwardedHost: 13,
  trailer: 14,
  /** A name with "_" or "." that some servers read as a field that only the proxy may set. */
  lookAlike: 15,
  /** Said by the proxy only, of a certificate that it verified. */
  clientSubject: 16,
  forwardedPort: 17,
  forwarded: 18,
  realIp: 19,
} as const;

const byName: ReadonlyMap<string, number> = new Map([
  ['host', FieldId.host],
  ['content-length', FieldId.contentLength],
  ['transfer-encoding', FieldId.transferEncoding],
  ['connection', FieldId.connection],
  ['keep-alive', FieldId.keepAlive],
  ['proxy-connection', FieldId.proxyConnection],
  ['te', FieldId.te],
  ['upgrade', FieldId.upgrade],
  ['expect', FieldId.expect],
  ['http2-settings', FieldId.http2Settings],
  ['x-forwarded-for', FieldId.forwardedFor],
  ['x-forwarded-proto', FieldId.forwardedProto],
  ['x-forwarded-host', FieldId.forwardedHost],
  ['x-forwarded-port', FieldId.forwardedPort],
  ['forwarded', FieldId.forwarded],
  ['x-real-ip', FieldId.realIp],
  ['trailer', FieldId.trailer],
  ['x-client-certificate-subject', FieldId.clientSubject],
]);

interface Candidate {
  readonly id: number;
  readonly bytes: readonly number[];
}

// By length, then by first letter: nearly every other field is ruled out by one look.
const candidates: readonly (readonly Candidate[])[] = Array.from({ length: 18 }, (_, length) =>
  [...byName]
    .filter(([name]) => name.length === length)
    .map(([name, id]) => ({ id, bytes: [...Buffer.from(name)] })),
);

const clientSubjectName = [...Buffer.from('x-client-certificate-subject')];

/** The id of the field whose name stands at start…end of the buffer, any case. `isOdd` = it has "_" or ".". */
export function fieldIdAt(buffer: Uint8Array, start: number, end: number, isOdd: boolean): number {
  if (isOdd) return isLookAlike(buffer, start, end) ? FieldId.lookAlike : FieldId.other;
  const length = end - start;
  if (length > 17) {
    const isSubject = length === clientSubjectName.length && isSameName(buffer, start, clientSubjectName);
    return isSubject ? FieldId.clientSubject : FieldId.other;
  }
  const sameLength = candidates[length]!;
  for (let index = 0; index < sameLength.length; index++) {
    const { id, bytes } = sameLength[index]!;
    if (isSameName(buffer, start, bytes)) return id;
  }
  return FieldId.other;
}

function isSameName(buffer: Uint8Array, start: number, lowerCase: readonly number[]): boolean {
  for (let index = 0; index < lowerCase.length; index++) {
    const byte = buffer[start + index]!;
    const folded = byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte;
    if (folded !== lowerCase[index]) return false;
  }
  return true;
}

/**
 * CGI-like servers read "X_Forwarded_For" and "X-Forwarded.For" as X-Forwarded-For, and "Content_Length" as framing:
 * what only the proxy may say must not be said that way by a client.
 */
function isLookAlike(buffer: Uint8Array, start: number, end: number): boolean {
  if (end - start > 40) return false;
  let name = '';
  for (let index = start; index < end; index++) {
    const byte = buffer[index]!;
    name += byte === 0x5f || byte === 0x2e ? '-' : String.fromCharCode(byte);
  }
  name = name.toLowerCase();
  return byName.has(name) || name.startsWith('x-forwarded-') || name === 'x-real-ip' || name === 'forwarded';
}
