// Conditional requests: what a client asks of a stored response (RFC 9111 4.3.2), and what the cache asks of an
// endpoint about one (4.3.1).
import { type ByteRange, parseByteRange } from './byteRange';
import { isSameStrongTag, isStrongTag, listHasTag } from './entityTag';
import { parseHttpDate } from './httpDate';
import type { ResponseFacts, StoredResponse } from './storedResponse';

/** The client's fields; undefined = absent. */
export interface ClientConditions {
  readonly ifNoneMatch: string | undefined;
  readonly ifModifiedSince: string | undefined;
  readonly ifRange: string | undefined;
  readonly range: string | undefined;
}

/** Whether the client has it already and is to be told 304. */
export function isNotModified(
  { ifNoneMatch, ifModifiedSince }: ClientConditions,
  facts: ResponseFacts,
  now: number,
): boolean {
  // If-None-Match goes before If-Modified-Since (RFC 9110 13.2.2).
  if (ifNoneMatch !== undefined) {
    return facts.etag === null ? ifNoneMatch.trim() === '*' : listHasTag(ifNoneMatch, facts.etag);
  }
  if (ifModifiedSince === undefined) return false;
  const since = parseHttpDate(ifModifiedSince, now);
  if (since === null) return false;
  // Without Last-Modified, Date stands in for it (RFC 9111 4.3.2).
  return (facts.lastModifiedAt ?? facts.dateAt) <= since;
}

export type RangeAnswer = ByteRange | 'whole' | 'unsatisfiable';

/** Which part of `length` stored bytes the client is to get. */
export function rangeWanted(
  { range, ifRange }: ClientConditions,
  facts: ResponseFacts,
  length: number,
): RangeAnswer {
  if (range === undefined) return 'whole';
  if (ifRange !== undefined && !isSameRepresentation(ifRange, facts)) return 'whole';
  const wanted = parseByteRange(range, length);
  return wanted === 'ignored' ? 'whole' : wanted;
}

/** If-Range (RFC 9110 13.1.5): a strong tag, or exactly the Last-Modified when that is a strong validator. */
function isSameRepresentation(ifRange: string, facts: ResponseFacts): boolean {
  const { etag, lastModified, lastModifiedAt, dateAt } = facts;
  if (isStrongTag(ifRange) || ifRange.startsWith('W/'))
    return etag !== null && isSameStrongTag(ifRange, etag);
  // A date is strong when it lies a second or more before Date (RFC 9110 8.8.2.2).
  return lastModified === ifRange && lastModifiedAt !== null && dateAt - lastModifiedAt >= 1000;
}

/** Fields of the client that must not reach the endpoint when the cache asks for itself. */
export const conditionNames: readonly string[] = [
  'if-none-match',
  'if-modified-since',
  'if-match',
  'if-unmodified-since',
  'if-range',
  'range',
];

/** Field lines that ask whether a stored response is still right; '' = it has no validator. */
export function validatorLines({ endpointTag, facts }: StoredResponse): string {
  const { lastModified } = facts;
  const tag = endpointTag === null ? '' : `If-None-Match: ${endpointTag}\r\n`;
  return lastModified === null ? tag : `${tag}If-Modified-Since: ${lastModified}\r\n`;
}
