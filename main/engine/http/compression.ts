// Decides whether one response is compressed, and what its head says then. The body's part is compressStage.ts.
import type { RawHeaders } from '../../contract/flowEvent';
import { responseDirectives } from '../cache/cacheControl';
import { fieldValue, hasField } from '../cache/responseFields';
import type { HeaderEdits } from '../compiledConfig';
import {
  type ContentCoding,
  chooseCoding,
  isCompressibleType,
  variesByEncoding,
  weakened,
} from '../filter/contentCoding';
import type { CompressSettings } from '../filter/filterKind';
import { canCompressAnother } from './compressStage';
import type { RequestHead } from './requestHead';

/** The compress filter of the route, for one exchange. */
export interface Compression {
  /** Index into the route's compiled filters. */
  readonly position: number;
  readonly settings: CompressSettings;
}

export interface CompressiblePart {
  readonly status: number;
  readonly headers: RawHeaders;
  /** −1 = not known beforehand. */
  readonly length: number;
  /** A response to HEAD, or a status without content. */
  readonly isBodiless: boolean;
}

export interface CompressionPlan {
  /** null = the body goes as it is. */
  readonly coding: ContentCoding | null;
  /** Of the response head; null = nothing to change. */
  readonly edits: HeaderEdits | null;
  /** In words, for the filter's event. */
  readonly reason: string;
}

export function planCompression(
  request: RequestHead,
  { settings }: Compression,
  response: CompressiblePart,
): CompressionPlan {
  const coding = chooseCoding(request.header('accept-encoding'), settings.encodings);
  if (response.status === 304) return planNotModified(request, response, coding);
  const reason = whyNotWorthwhile(request, settings, response);
  if (reason !== null) return { coding: null, edits: null, reason };
  // Who asks otherwise may get another answer, compressed or not (RFC 9110 12.5.5).
  const vary = variesByEncoding(response.headers) ? '' : 'Vary: Accept-Encoding\r\n';
  const varying = vary === '' ? null : { removedNames: noNames, appendedLines: vary };
  if (coding === null) return { coding, edits: varying, reason: 'the client accepts none of the encodings' };
  if (!response.isBodiless && !canCompressAnother()) {
    return { coding: null, edits: varying, reason: 'too many responses are being compressed at once' };
  }
  const etag = fieldValue(response.headers, 'etag');
  const tagLine = etag === undefined ? '' : `ETag: ${weakened(etag)}\r\n`;
  const edits = {
    removedNames: ofIdentity,
    appendedLines: `Content-Encoding: ${coding}\r\n${tagLine}${vary}`,
  };
  return { coding, edits, reason: `compressed with ${coding}` };
}

const noNames: ReadonlySet<string> = new Set();

/** Fields that hold only for the bytes before; a strong validator goes with them and comes back as a weak one. */
const ofIdentity: ReadonlySet<string> = new Set([
  'accept-ranges',
  'content-digest',
  'content-encoding',
  'content-length',
  'content-md5',
  'etag',
]);

/** null = it is worthwhile for a client that can read it. */
function whyNotWorthwhile(
  request: RequestHead,
  { minBytes }: CompressSettings,
  { status, headers, length, isBodiless }: CompressiblePart,
): string | null {
  if (request.minorVersion === 0) return 'HTTP/1.0 clients get the body as it is';
  if (status === 206 || hasField(headers, 'content-range')) return 'a part of the content stays as it is';
  if (status === 204 || status === 205) return 'there is no content';
  const coded = fieldValue(headers, 'content-encoding')?.trim().toLowerCase();
  if (coded !== undefined && coded !== '' && coded !== 'identity')
    return `it is encoded with ${coded} already`;
  if (responseDirectives(fieldValue(headers, 'cache-control')).noTransform)
    return 'the response says no-transform';
  const type = fieldValue(headers, 'content-type');
  if (!isCompressibleType(type)) return `${type ?? 'content without a type'} is not worth compressing`;
  if (length === -1 && isBodiless) return null;
  if (length !== -1 && length < minBytes) return `${length} bytes are fewer than ${minBytes}`;
  return null;
}

/** The tag that the client knows is the weak one of the compressed form: a 304 names that one (RFC 9110 15.4.5). */
function planNotModified(
  request: RequestHead,
  { headers }: CompressiblePart,
  coding: ContentCoding | null,
): CompressionPlan {
  const etag = fieldValue(headers, 'etag');
  const known = request.header('if-none-match');
  const isOurs = coding !== null && etag?.startsWith('"') === true && known?.includes(`W/${etag}`) === true;
  const reason = 'there is no content';
  if (!isOurs) return { coding: null, edits: null, reason };
  const vary = variesByEncoding(headers) ? '' : 'Vary: Accept-Encoding\r\n';
  const appendedLines = `ETag: ${weakened(etag)}\r\n${vary}`;
  return { coding: null, edits: { removedNames: new Set(['etag']), appendedLines }, reason };
}
