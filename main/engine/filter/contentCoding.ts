// Which content coding a client gets (RFC 9110 12.5.3), and which responses are worth one.
import zlib from 'node:zlib';
import type { Filter } from '../../contract/config';
import type { RawHeaders } from '../../contract/flowEvent';

export type ContentCoding = Extract<Filter, { type: 'compress' }>['encodings'][number];

/** What this Node can compress with: zstd needs 22.15 or 23.8. */
export const availableCodings: ReadonlySet<ContentCoding> = new Set<ContentCoding>(
  'createZstdCompress' in zlib ? ['zstd', 'br', 'gzip'] : ['br', 'gzip'],
);

/**
 * The coding that the client likes most; among equals the first of `offered`. null = none, the content stays as it is.
 * A client that says nothing of codings gets none.
 */
export function chooseCoding(
  acceptEncoding: string | undefined,
  offered: readonly ContentCoding[],
): ContentCoding | null {
  if (acceptEncoding === undefined) return null;
  const wishes = qualities(acceptEncoding);
  const others = wishes.get('*') ?? 0;
  let best: ContentCoding | null = null;
  // Unless it is named, content as it is comes after every coding that is acceptable.
  let bestQuality = wishes.get('identity') ?? 0;
  for (const coding of offered) {
    if (!availableCodings.has(coding)) continue;
    const quality = wishes.get(coding) ?? (coding === 'gzip' ? wishes.get('x-gzip') : undefined) ?? others;
    if (quality === 0 || quality < bestQuality) continue;
    if (quality === bestQuality && best !== null) continue;
    best = coding;
    bestQuality = quality;
  }
  return best;
}

/** By lower-case name, 0…1. What is no quality counts as 0: then the coding is not used. */
function qualities(acceptEncoding: string): Map<string, number> {
  const wishes = new Map<string, number>();
  for (const member of acceptEncoding.split(',').slice(0, 32)) {
    const [name, ...parameters] = member.split(';').map((part) => part.trim().toLowerCase());
    if (name === undefined || name === '') continue;
    const weight = parameters.find((parameter) => /^q\s*=/.test(parameter));
    const text = weight?.replace(/^q\s*=\s*/, '');
    const quality = text === undefined ? 1 : /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(text) ? Number(text) : 0;
    wishes.set(name, quality);
  }
  return wishes;
}

/** Text in all its forms; pictures, video, archives and PDFs are compressed already. */
const compressible =
  /^(text\/.+|.+\/.+\+(json|xml|text|yaml)|application\/(json|javascript|ecmascript|x-javascript|xml|wasm|x-ndjson|jsonl?|ld\+json|graphql|sql|yaml|toml|rtf|x-www-form-urlencoded|manifest\+json|vnd\.ms-fontobject|x-font-ttf)|font\/(ttf|otf|collection)|image\/(svg\+xml|bmp|x-icon|vnd\.microsoft\.icon))$/;

export function isCompressibleType(contentType: string | undefined): boolean {
  if (contentType === undefined) return false;
  return compressible.test(contentType.split(';', 1)[0]!.trim().toLowerCase());
}

/** Field changes that tell the client of the coding; `strong` validators become weak (RFC 9110 8.8.3). */
export function weakened(etag: string): string {
  return etag.startsWith('"') ? `W/${etag}` : etag;
}

/** Whether Vary names Accept-Encoding, or everything. */
export function variesByEncoding(headers: RawHeaders): boolean {
  return headers.some(
    ([name, value]) => name.toLowerCase() === 'vary' && /(^|,)\s*(\*|accept-encoding)\s*(,|$)/i.test(value),
  );
}
