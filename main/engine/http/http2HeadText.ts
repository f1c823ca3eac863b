// Heads that travel over HTTP/2, as events keep them: a first line in the manner of HTTP/1.1, then every field as it
// travels, pseudo-headers too. What can be made of a text that is kept anyway is not kept: it is made here when
// somebody reads.

import { FieldBlock, mostFieldBytes } from '../http2/fieldBlock';
import { latin1Text } from '../latin1';
import { responseFields } from './http2HeadFields';
import { Http2RequestText } from './http2RequestText';

const read = new FieldBlock(mostFieldBytes);
const requestText = new Http2RequestText();

/** Only of fields that were found valid. */
export function describeRequest(fields: FieldBlock): string {
  let method = '';
  let path = '';
  for (let index = 0; index < fields.count && index < 5; index++) {
    if (fields.isNamed(index, ':method')) method = fields.value(index);
    else if (fields.isNamed(index, ':path')) path = fields.value(index);
    else if (path === '' && fields.isNamed(index, ':authority')) path = fields.value(index);
  }
  return `${method} ${path} HTTP/2\r\n${fields.text}\r\n`;
}

export function describeResponse(fields: FieldBlock): string {
  return `HTTP/2 ${fields.value(0)} \r\n${fields.text}\r\n`;
}

/** A response that was kept in the form of HTTP/1.1, as it travelled on its stream. */
export function travelledResponse(text: string): string {
  return text.startsWith('HTTP/2') ? text : describeResponse(responseFields(text));
}

/** A request in the form of HTTP/1.1, also where it was kept as it travelled. */
export function http1Request(text: string): string {
  const lineEnd = text.indexOf('\r\n');
  if (!text.startsWith(' HTTP/2', lineEnd - 7)) return text;
  read.clear();
  for (let start = lineEnd + 2; ; ) {
    const end = text.indexOf('\r\n', start);
    if (end <= start) break;
    const colonAt = text.indexOf(':', start + 1);
    read.add(text.slice(start, colonAt), text.slice(colonAt + 2, end));
    start = end + 2;
  }
  return requestText.write(read, () => '') ? latin1Text(requestText.bytes, 0, requestText.length) : text;
}
