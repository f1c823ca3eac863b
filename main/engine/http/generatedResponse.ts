// Responses that the proxy makes itself: short, plain words, nothing of its inside.
import { STATUS_CODES } from 'node:http';
import type { FlowFailureCode, RawHeaders } from '../../contract/flowEvent';
import type { HeaderEdits } from '../compiledConfig';

export interface GeneratedResponse {
  readonly status: number;
  readonly headers: RawHeaders;
  /** UTF-8 text. */
  readonly body: string;
}

export function errorResponse(status: number, code: FlowFailureCode, message: string): GeneratedResponse {
  return {
    status,
    headers: [
      ['content-type', 'text/plain; charset=utf-8'],
      ['x-hopscope-error', code],
    ],
    body: `${status} ${STATUS_CODES[status] ?? ''}: ${message} (${code})\n`,
  };
}

const framedHere: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'transfer-encoding',
  'keep-alive',
  'date',
]);

/** The head, ready to send; its body is `Buffer.from(response.body)` unless the status has none. */
export function generatedHead(
  response: GeneratedResponse,
  bodyLength: number,
  edits: HeaderEdits | null,
  closesAfter: boolean,
  saysKeepAlive: boolean,
): string {
  const { status } = response;
  let text = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Unknown'}\r\nDate: ${new Date().toUTCString()}\r\n`;
  let hasType = false;
  for (const [name, value] of response.headers) {
    const key = name.toLowerCase();
    if (framedHere.has(key) || edits?.removedNames.has(key) === true) continue;
    if (key === 'content-type') hasType = true;
    text += `${name}: ${value}\r\n`;
  }
  if (!isBodilessStatus(status)) {
    if (bodyLength > 0 && !hasType) text += 'content-type: text/plain; charset=utf-8\r\n';
    text += `content-length: ${bodyLength}\r\n`;
  }
  if (closesAfter) text += 'connection: close\r\n';
  else if (saysKeepAlive) text += 'connection: keep-alive\r\n';
  return `${text}${edits === null ? '' : edits.appendedLines}\r\n`;
}

export function isBodilessStatus(status: number): boolean {
  return status < 200 || status === 204 || status === 304;
}
