// Which fields a message of HTTP/2 may have (RFC 9113 8.2), checked before anything is translated to HTTP/1.1: what
// passes here cannot become two lines, another field or framing there.
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
/** First letters of those and of "te". */
const suspectFirsts = new Set([...'chkptu'].map((letter) => letter.charCodeAt(0)));

/** A field that is no pseudo-header and that may travel. */
export function isFieldValid(fields: FieldBlock, index: number): boolean {
  const { bytes } = fields;
  const start = fields.nameStart(index);
  const end = fields.nameEnd(index);
  if (end === start) return false;
  for (let position = start; position < end; position++) if (nameBytes[bytes[position]!] !== 1) return false;
  if (!isValueValid(fields, index)) return false;
  if (!suspectFirsts.has(bytes[start]!)) return true;
  const name = fields.name(index);
  // RFC 9113 8.2.2
  return name === 'te' ? fields.value(index) === 'trailers' : !connectionFields.has(name);
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
