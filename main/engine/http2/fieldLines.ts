// Field lines of HTTP/1.1, as the phases of an exchange make them, as fields of HTTP/2: names in lower case, no white
// space around values (RFC 9113 8.2.1), nothing that belongs to a connection (8.2.2).
import { writeLatin1 } from '../latin1';
import type { FieldBlock } from './fieldBlock';
import { isConnectionField } from './fieldRules';

const [carriageReturn, colon, space, tab] = [0x0d, 0x3a, 0x20, 0x09] as const;

/** A text is read at once, so one place is enough for all. */
let source = Buffer.allocUnsafeSlow(4096);

/** The bytes of a latin1 text; valid until the next call. */
export function bytesOfText(text: string): Buffer {
  if (text.length > source.length) source = Buffer.allocUnsafeSlow(text.length * 2);
  writeLatin1(source, text, 0);
  return source;
}

/** Adds the field lines from `start` up to an empty line or `end`, but not the fields `left` (names in lower case). */
export function addFieldLines(
  fields: FieldBlock,
  bytes: Uint8Array,
  start: number,
  end: number,
  left: readonly string[],
): void {
  let position = start;
  while (position < end && bytes[position] !== carriageReturn)
    position = addLine(fields, bytes, position, end, left);
}

/** Where the value of a field begins in those lines, −1 = there is none. `name` in lower case. */
export function findValue(bytes: Uint8Array, start: number, end: number, name: string): number {
  const first = name.charCodeAt(0);
  let position = start;
  while (position < end && bytes[position] !== carriageReturn) {
    if ((bytes[position]! | 0x20) === first && isNamed(bytes, position, name))
      return behindBlanks(bytes, position + name.length + 1, end);
    position = endOfLine(bytes, position, end) + 2;
  }
  return -1;
}

/** Where the line ends that has `position` in it, its CR LF left out. */
export function endOfLine(bytes: Uint8Array, position: number, end: number): number {
  let at = position;
  while (at < end && bytes[at] !== carriageReturn) at++;
  return at;
}

/** Returns where the next line begins. */
function addLine(
  fields: FieldBlock,
  bytes: Uint8Array,
  start: number,
  end: number,
  left: readonly string[],
): number {
  const lineEnd = endOfLine(bytes, start, end);
  const next = lineEnd + 2;
  if (!fields.makeRoom(lineEnd - start, 0)) return next;
  const { bytes: out, length: at } = fields;
  let position = start;
  let byte = bytes[position]!;
  while (byte !== colon && position < lineEnd) {
    out[at + position - start] = byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte;
    byte = bytes[++position]!;
  }
  const nameLength = position - start;
  if (isConnectionField(out, at, at + nameLength)) return next;
  for (let index = 0; index < left.length; index++) if (isNamed(bytes, start, left[index]!)) return next;
  const valueStart = behindBlanks(bytes, position + 1, lineEnd);
  let valueEnd = lineEnd;
  while (valueEnd > valueStart && isBlank(bytes[valueEnd - 1]!)) valueEnd--;
  const shift = at + nameLength + 2 - valueStart;
  for (let index = valueStart; index < valueEnd; index++) out[shift + index] = bytes[index]!;
  fields.commit(nameLength, Math.max(valueEnd - valueStart, 0));
  return next;
}

function isNamed(bytes: Uint8Array, start: number, name: string): boolean {
  if (bytes[start + name.length] !== colon) return false;
  for (let index = 0; index < name.length; index++)
    if ((bytes[start + index]! | 0x20) !== (name.charCodeAt(index) | 0x20)) return false;
  return true;
}

function behindBlanks(bytes: Uint8Array, start: number, end: number): number {
  let position = start;
  while (position < end && isBlank(bytes[position]!)) position++;
  return position;
}

function isBlank(byte: number): boolean {
  return byte === space || byte === tab;
}
