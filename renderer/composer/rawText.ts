// Bytes as people type and read them: text with escapes, or hex.
import type { ComposedRaw } from './composed';

export type RawBytes =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'problem'; readonly message: string };

const simple: Readonly<Record<string, number>> = { r: 13, n: 10, t: 9, '0': 0, '\\': 92 };
const breaks = { crlf: [13, 10], lf: [10], none: [] } as const;

export function rawBytesOf({ format, text, lineBreak }: ComposedRaw): RawBytes {
  return format === 'hex' ? bytesOfHex(text) : bytesOfEscapes(text, breaks[lineBreak]);
}

function bytesOfHex(text: string): RawBytes {
  const digits = text.replace(/0x|[\s,:]/gi, '');
  const wrong = /[^0-9a-f]/i.exec(digits);
  if (wrong !== null) return { kind: 'problem', message: `"${wrong[0]}" is no hex digit (0–9, a–f).` };
  if (digits.length % 2 === 1)
    return { kind: 'problem', message: 'Hex comes in pairs of digits; one is alone.' };
  return {
    kind: 'bytes',
    bytes: Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)),
  };
}

function bytesOfEscapes(text: string, lineBreak: readonly number[]): RawBytes {
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  for (const part of text.match(/\\x[0-9a-fA-F]{2}|\\[\s\S]?|\r?\n|[^\\\r\n]+|\r/g) ?? []) {
    if (part === '\n' || part === '\r\n') bytes.push(...lineBreak);
    else if (!part.startsWith('\\')) for (const byte of encoder.encode(part)) bytes.push(byte);
    else if (part.length === 4) bytes.push(Number.parseInt(part.slice(2), 16));
    else {
      const byte = simple[part.slice(1)];
      if (byte === undefined) {
        return {
          kind: 'problem',
          message: `"${part}" is no escape: use \\r \\n \\t \\0 \\xHH, and \\\\ for a backslash.`,
        };
      }
      bytes.push(byte);
    }
  }
  return { kind: 'bytes', bytes: Uint8Array.from(bytes) };
}

/** Text with escapes that `rawBytesOf` reads back to the same bytes; CR LF becomes a line break. */
export function escapesOf(bytes: Uint8Array): string {
  let text = '';
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index]!;
    if (byte === 13 && bytes[index + 1] === 10) {
      text += '\n';
      index++;
    } else if (byte === 92) text += '\\\\';
    else if (byte >= 0x20 && byte < 0x7f) text += String.fromCharCode(byte);
    else if (byte === 13) text += '\\r';
    else if (byte === 10) text += '\\n';
    else if (byte === 9) text += '\\t';
    else text += `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return text;
}
