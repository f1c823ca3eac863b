// The response head as the client gets it: the endpoint's bytes minus what must not travel, plus our lines.
import type { HeaderEdits } from '../compiledConfig';
import { FieldId } from './fieldId';
import type { ResponseHead } from './responseHead';

export interface ResponseForwarding {
  readonly edits: HeaderEdits | null;
  /** The body is framed as chunked on the way to the client. */
  readonly isChunked: boolean;
  /** Content-Length means something: a body of known length follows, or HEAD and 304 describe one. */
  readonly keepsLength: boolean;
  readonly closesAfter: boolean;
  /** An HTTP/1.0 client has to be told that the connection stays open. */
  readonly saysKeepAlive: boolean;
  /** Whole lines of ours, each with its line end. */
  readonly ownLines: string;
  /** The response switches protocols. */
  readonly isUpgrade: boolean;
  /** The endpoint speaks HTTP/2. */
  readonly isFromHttp2?: boolean;
}

export function forwardedResponseHead(head: ResponseHead, forwarding: ResponseForwarding): string {
  const { raw, fields } = head;
  const { edits } = forwarding;
  const { namedFields } = head.connection;
  const isPlainLine = head.minorVersion === 1 && raw.charCodeAt(12) === 0x20;
  let text = isPlainLine ? '' : `HTTP/1.1 ${head.status} ${head.reason}\r\n`;
  let keptFrom = isPlainLine ? 0 : head.statusLineEnd;
  const keepsLength = forwarding.keepsLength && head.framing.isLengthCanonical;
  for (let index = 0; index < fields.count; index++) {
    const id = fields.id(index);
    if (id === FieldId.contentLength) {
      if (keepsLength) continue;
    } else if (!isHopByHop(id)) {
      if (edits === null && namedFields === null) continue;
      const name = fields.name(raw, index).toLowerCase();
      if (edits?.removedNames.has(name) !== true && namedFields?.has(name) !== true) continue;
    }
    const start = fields.start(index);
    if (start > keptFrom) text += raw.slice(keptFrom, start);
    keptFrom = fields.lineEnd(index);
  }
  text += raw.slice(keptFrom, fields.endOfFields);
  if (forwarding.keepsLength && !keepsLength && head.framing.contentLength !== -1) {
    text += `Content-Length: ${head.framing.contentLength}\r\n`;
  }
  if (forwarding.isChunked) text += 'Transfer-Encoding: chunked\r\n';
  if (forwarding.isUpgrade) text += `Connection: upgrade\r\nUpgrade: ${head.upgrade}\r\n`;
  else if (forwarding.closesAfter) text += 'Connection: close\r\n';
  else if (forwarding.saysKeepAlive) text += 'Connection: keep-alive\r\n';
  const via =
    edits?.removedNames.has('via') === true
      ? ''
      : forwarding.isFromHttp2 === true
        ? 'Via: 2 hopscope\r\n'
        : 'Via: 1.1 hopscope\r\n';
  return `${text}${via}${forwarding.ownLines}${edits === null ? '' : edits.appendedLines}\r\n`;
}

function isHopByHop(id: number): boolean {
  return (
    id === FieldId.connection ||
    id === FieldId.keepAlive ||
    id === FieldId.proxyConnection ||
    id === FieldId.transferEncoding ||
    id === FieldId.te ||
    id === FieldId.upgrade ||
    id === FieldId.http2Settings
  );
}
