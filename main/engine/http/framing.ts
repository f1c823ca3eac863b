// How long a message body is. RFC 9112 6, with every ambiguity refused: two servers must never see two messages.

import { trimBlanks } from './characters';
import { FieldId } from './fieldId';
import type { FieldIndex } from './fieldIndex';
import { badMessage, type Refusal } from './refusal';

const bothFramings = badMessage('Content-Length and Transfer-Encoding together');
const badLength = badMessage('Content-Length is not a plain decimal number');
const differentLengths = badMessage('several Content-Lengths that differ');
const badEncoding = badMessage('Transfer-Encoding is not exactly "chunked", once');
const encodingInOldVersion = badMessage('Transfer-Encoding in an HTTP/1.0 message');

const framingFields = (1 << FieldId.contentLength) | (1 << FieldId.transferEncoding);

/** What the framing fields of one head say. Reused from message to message. */
export class Framing {
  /** -1 = no Content-Length. */
  contentLength = -1;
  isChunked = false;
  /** The Content-Length lines can be passed on as they are: one line, no list, no leading zeros. */
  isLengthCanonical = true;

  /** Returns why the message must be refused, or null. `raw` is the head as latin1 text. */
  read(raw: string, fields: FieldIndex, minorVersion: number): Refusal | null {
    this.contentLength = -1;
    this.isChunked = false;
    this.isLengthCanonical = true;
    if ((fields.present & framingFields) === 0) return null;
    for (let index = 0; index < fields.count; index++) {
      const id = fields.id(index);
      if (id === FieldId.contentLength) {
        const refusal = this.#readLength(fields.value(raw, index));
        if (refusal !== null) return refusal;
      } else if (id === FieldId.transferEncoding) {
        if (this.isChunked || fields.value(raw, index).toLowerCase() !== 'chunked') return badEncoding;
        this.isChunked = true;
      }
    }
    if (!this.isChunked) return null;
    if (minorVersion === 0) return encodingInOldVersion;
    return this.contentLength === -1 ? null : bothFramings;
  }

  #readLength(value: string): Refusal | null {
    if (this.contentLength !== -1 || value.includes(',')) this.isLengthCanonical = false;
    for (const part of value.includes(',') ? value.split(',') : [value]) {
      const digits = trimBlanks(part);
      const length = parseLength(digits);
      if (length === -1) return badLength;
      if (this.contentLength !== -1 && this.contentLength !== length) return differentLengths;
      if (digits.length > 1 && digits.charCodeAt(0) === 0x30) this.isLengthCanonical = false;
      this.contentLength = length;
    }
    return null;
  }
}

/** 1*DIGIT up to 2^53 − 1; -1 = not that. */
function parseLength(digits: string): number {
  if (digits.length === 0 || digits.length > 16) return -1;
  let length = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = digits.charCodeAt(index) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    length = length * 10 + digit;
  }
  return length <= Number.MAX_SAFE_INTEGER ? length : -1;
}
