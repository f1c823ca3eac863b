// One response head from an endpoint: as strict as requests, because what a lenient proxy passes on is what splits
// responses. The object is reused for all responses of an upstream connection.
import { latin1Text } from '../latin1';
import { carriageReturn, lineFeed, space, valueCharacters } from './characters';
import { ConnectionOptions } from './connectionOptions';
import { FieldId } from './fieldId';
import { FieldIndex } from './fieldIndex';
import { Framing } from './framing';
import { badMessage, needMore, type Refusal, refused } from './refusal';

const badStatusLine = badMessage('the status line is not that of an HTTP/1.x response');

export class ResponseHead {
  /** The head as it came, with the empty line, latin1. */
  raw = '';
  readonly fields = new FieldIndex();
  readonly framing = new Framing();
  readonly connection = new ConnectionOptions();
  minorVersion = 1;
  status = 0;
  /** Value of Upgrade; '' = none. */
  upgrade = '';
  /** Set when `parse` returned `refused`. */
  refusal: Refusal = badStatusLine;
  /** Where the status line ends, with its CR LF. */
  statusLineEnd = 0;

  /** Parses the head at start…end. Returns the offset behind it, `needMore`, or `refused`: then `refusal` says why. */
  parse(buffer: Buffer, start: number, end: number): number {
    let position = this.#scanStatusLine(buffer, start, end);
    if (position < 0) return position;
    const fields = this.fields;
    position = fields.scan(buffer, position, end, start);
    if (position === refused) this.refusal = fields.refusal;
    if (position < 0) return position;
    this.raw = latin1Text(buffer, start, position);
    this.connection.read(this.raw, fields);
    this.#readUpgrade();
    const refusal = this.framing.read(this.raw, fields, this.minorVersion);
    if (refusal === null) return position;
    this.refusal = refusal;
    return refused;
  }

  get reason(): string {
    return this.raw.slice(13, this.statusLineEnd - 2);
  }

  /** No body follows whatever the framing fields say (RFC 9112 6.3). */
  isBodiless(requestMethod: string): boolean {
    return requestMethod === 'HEAD' || this.status < 200 || this.status === 204 || this.status === 304;
  }

  /** The endpoint allows the connection to be used again, as far as the head tells. */
  get isPersistent(): boolean {
    const { hasClose, hasKeepAlive } = this.connection;
    return this.minorVersion === 1 ? !hasClose : hasKeepAlive && !hasClose;
  }

  #scanStatusLine(buffer: Uint8Array, start: number, end: number): number {
    const prefix = 'HTTP/1.';
    for (let index = 0; index < prefix.length; index++) {
      if (start + index >= end) return needMore;
      if (buffer[start + index] !== prefix.charCodeAt(index)) return this.#refuseLine();
    }
    if (end - start < 14) return needMore;
    const minor = buffer[start + 7]! - 0x30;
    const hundreds = buffer[start + 9]! - 0x30;
    const tens = buffer[start + 10]! - 0x30;
    const ones = buffer[start + 11]! - 0x30;
    const isStatus = hundreds >= 1 && hundreds <= 5 && tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9;
    if ((minor !== 0 && minor !== 1) || buffer[start + 8] !== space || !isStatus) return this.#refuseLine();
    this.minorVersion = minor;
    this.status = hundreds * 100 + tens * 10 + ones;
    let position = start + 12;
    // Some servers leave out the space when there is no reason; the line that is passed on has it.
    if (buffer[position] !== space && buffer[position] !== carriageReturn) return this.#refuseLine();
    while (position < end && valueCharacters[buffer[position]!] === 1) position++;
    if (position < end && buffer[position] !== carriageReturn) return this.#refuseLine();
    if (position + 1 >= end) return needMore;
    if (buffer[position + 1] !== lineFeed) return this.#refuseLine();
    this.statusLineEnd = position + 2 - start;
    return position + 2;
  }

  #readUpgrade(): void {
    this.upgrade = '';
    if (!this.connection.hasUpgrade || !this.fields.has(FieldId.upgrade)) return;
    for (let index = 0; index < this.fields.count; index++) {
      if (this.fields.id(index) === FieldId.upgrade) this.upgrade = this.fields.value(this.raw, index);
    }
  }

  #refuseLine(): number {
    this.refusal = badStatusLine;
    return refused;
  }
}
