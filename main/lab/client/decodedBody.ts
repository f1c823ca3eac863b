// A compressed response as people want to read it: bounded, since a few bytes can stand for very many.

import * as zlib from 'node:zlib';
import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';
import type { RawHeaders } from '../../contract/flowEvent';

const bound = { maxOutputLength: 1_048_576 };

/** Newer versions of Node.js have it. */
const zstd = (zlib as { readonly zstdDecompressSync?: (bytes: Buffer, options: object) => Buffer })
  .zstdDecompressSync;

/** By content coding (RFC 9110 8.4.1). */
const decoders: Readonly<Record<string, ((bytes: Buffer) => Buffer) | undefined>> = {
  gzip: (bytes) => gunzipSync(bytes, bound),
  'x-gzip': (bytes) => gunzipSync(bytes, bound),
  // Some servers send it without the zlib header that RFC 9110 8.4.1.2 asks for.
  deflate: (bytes) =>
    ((bytes[0] ?? 0) & 0x0f) === 8 ? inflateSync(bytes, bound) : inflateRawSync(bytes, bound),
  br: (bytes) => brotliDecompressSync(bytes, bound),
  zstd: zstd === undefined ? undefined : (bytes) => zstd(bytes, bound),
};

/** As UTF-8 text; null = no coding, an unknown or broken one, more than 1 MiB, or no text. */
export function decodedBody(headers: RawHeaders, bytes: Buffer): string | null {
  const codings = headers
    .filter(([name]) => name.toLowerCase() === 'content-encoding')
    .flatMap(([, value]) => value.toLowerCase().split(','))
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity');
  if (codings.length === 0 || codings.length > 3 || bytes.length === 0) return null;
  try {
    let decoded = bytes;
    for (const coding of codings.reverse()) {
      const decode = decoders[coding];
      if (decode === undefined) return null;
      decoded = decode(decoded);
    }
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(decoded);
  } catch {
    return null;
  }
}
