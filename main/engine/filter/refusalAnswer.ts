import { STATUS_CODES } from 'node:http';
import type { RawHeaders } from '../../contract/flowEvent';
import type { FilterAnswer } from './filterKind';

/** A filter turns the request away: a readable code in a header and plain words, as all of the proxy's own errors. */
export function refusalAnswer(
  status: number,
  code: string,
  message: string,
  headers: RawHeaders = [],
): FilterAnswer {
  return {
    status,
    headers: [['content-type', 'text/plain; charset=utf-8'], ['x-hopscope-error', code], ...headers],
    body: `${status} ${STATUS_CODES[status] ?? ''}: ${message} (${code})\n`,
  };
}
