// Captured bodies as HAR writes them. Without capture there is a size, never a text.

import type { Direction, FlowEvent, RawHeaders } from '../../../main/contract/flowEvent';
import { base64OfBytes } from '../../components/base64';
import { type CapturedBody, capturedBodies } from '../capturedBytes';
import { headerValue } from './harFields';
import type { HarContent, HarPostData } from './harTypes';

/** null = no body was captured. */
export function harPostData(headers: RawHeaders, events: readonly FlowEvent[]): HarPostData | null {
  const body = bodyOf(events, 'request');
  if (body === null || body.bytes.length === 0) return null;
  const text = wholeText(body.bytes);
  const comments = [
    ...cutComment(body),
    ...(text === null ? ['the body is no UTF-8 text; _base64 has its bytes'] : []),
  ];
  return {
    mimeType: headerValue(headers, 'content-type') ?? 'application/octet-stream',
    params: [],
    text: text ?? '',
    ...(text === null ? { _base64: base64OfBytes(body.bytes) } : {}),
    ...(comments.length === 0 ? {} : { comment: comments.join('; ') }),
  };
}

export function harContent(headers: RawHeaders, events: readonly FlowEvent[]): HarContent {
  const mimeType = headerValue(headers, 'content-type') ?? 'x-unknown';
  const end = events.findLast((event) => event.kind === 'response.end' && event.leg === 'downstream');
  const body = bodyOf(events, 'response');
  const size = end?.kind === 'response.end' ? end.bodyBytes : (body?.totalBytes ?? 0);
  const encoding = headerValue(headers, 'content-encoding');
  const comments = [
    ...(encoding === null || size === 0 ? [] : [`size and text are as they travelled, in ${encoding}`]),
    ...(size === 0 || body !== null ? [] : ['the body was not captured']),
  ];
  if (body === null) {
    return { size, mimeType, ...(comments.length === 0 ? {} : { comment: comments.join('; ') }) };
  }
  comments.push(...cutComment(body));
  if (body.leg === 'upstream' && body.totalBytes !== size) {
    comments.push(`the text is the body as the endpoint sent it, ${body.totalBytes} bytes`);
  }
  const text = wholeText(body.bytes);
  return {
    size,
    mimeType,
    ...(text === null ? { text: base64OfBytes(body.bytes), encoding: 'base64' as const } : { text }),
    ...(comments.length === 0 ? {} : { comment: comments.join('; ') }),
  };
}

/** Of a body that was told on both legs, the client's side. */
function bodyOf(events: readonly FlowEvent[], direction: Direction): CapturedBody | null {
  const bodies = capturedBodies(events).filter((body) => body.direction === direction);
  return bodies.find((body) => body.leg === 'downstream') ?? bodies[0] ?? null;
}

function cutComment(body: CapturedBody): string[] {
  const kept = body.bytes.length;
  return kept === body.totalBytes ? [] : [`${kept} of ${body.totalBytes} bytes were captured`];
}

/** null = the bytes are no UTF-8, so text would lie. */
function wholeText(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
