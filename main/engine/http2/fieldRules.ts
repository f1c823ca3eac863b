// Which fields a message of HTTP/2 may have (RFC 9113 8.2), checked before anything is translated to HTTP/1.1: what
// passes here cannot become two lines, another field or framing there.
import { latin1Text } from '../latin1';
import type { FieldBlock } from './fieldBlock';

/** tchar without upper case (RFC 9110 5.6.2, RFC 9113 8.2.1). */
const nameBytes = Uint8Array.from({ length: 256 }, (_, code) =>
  /^[!#$%&'*+.^_`|~0-9a-z-]$/.test(String.fromCharCode(code)) ? 1 : 0,
);

const connectionFields: ReadonlySet<string> = new Set([
  'connection',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
]);
/** By length: the first letters of those, as bits from "a". Most names are told apart by this alone. */
const firstLetters = new Int32Array(32);
for (const name of connectionFields) firstLetters[name.length]! |= 1 << (name.charCodeAt(0) - 0x61);

/** The name at start…end, in lower case, belongs to a connection of HTTP/1.1 and must not travel (RFC 9113 8.2.2). */
export function isConnectionField(bytes: Uint8Array, start: number, end: number): boolean {
  const length = end - start;
  const first = bytes[start]! - 0x61;
  if (length > 31 || first < 0 || first > 25 || (firstLetters[length]! & (1 << first)) === 0) return false;
  return connectionFields.has(latin1Text(bytes, start, end));
}

/** A field that is no pseudo-header and that may travel. */
export function isFieldValid(fields: FieldBlock, index: number): boolean {
  const { bytes } = fields;
  const start = fields.nameStart(index);
  const end = fields.nameEnd(index);
  if (end === start) return false;
  for (let position = start; position < end; position++) if (nameBytes[bytes[position]!] !== 1) return false;
  if (!isValueValid(fields, index)) return false;
  if (fields.isNamed(index, 'te')) return fields.value(index) === 'trailers';
  return !isConnectionField(bytes, start, end);
}

/** No control character, and no white space at either end (RFC 9113 8.2.1). */
export function isValueValid(fields: FieldBlock, index: number): boolean {
  const { bytes } = fields;
  const start = fields.valueStart(index);
  const end = fields.valueEnd(index);
  for (let position = start; position < end; position++) {
    const byte = bytes[position]!;
    if ((byte < 0x20 && byte !== 0x09) || byte === 0x7f) return false;
  }
  return end === start || (!isBlank(bytes[start]!) && !isBlank(bytes[end - 1]!));
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x09;
}
