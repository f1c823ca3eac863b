// The fields of a response on an HTTP/2 stream, checked (RFC 9113 8.2, 8.3.2) and written as a response head of
// HTTP/1.1, which the strict parser then reads like any other.
import { STATUS_CODES } from 'node:http';
import type { FieldBlock } from '../http2/fieldBlock';
import { isFieldValid } from '../http2/fieldRules';
import type { AskedTunnel } from './upstreamLink';

export class Http2ResponseText {
  bytes: Buffer = Buffer.allocUnsafeSlow(2048);
  length = 0;
  status = 0;
  /** −1 = the head says nothing of it, or nothing that is a number; the parser judges that. */
  contentLength = -1;
  /** Why `write` returned false. */
  problem = '';

  /** False = malformed. `tunnel`: what the request asked for; then a 2xx is written as the 101 that says the same. */
  write(fields: FieldBlock, tunnel: AskedTunnel | null): boolean {
    if (fields.isTooLarge) return this.#refuse('the head is too long');
    const status = fields.count > 0 && fields.name(0) === ':status' ? fields.value(0) : '';
    if (!/^[1-5]\d\d$/.test(status)) return this.#refuse('no valid :status');
    if (status === '101') return this.#refuse('101, which HTTP/2 does not have');
    this.status = Number(status);
    this.contentLength = -1;
    for (let index = 1; index < fields.count; index++) {
      if (!isFieldValid(fields, index))
        return this.#refuse('a field that must not be in a message of HTTP/2');
      if (fields.isNamed(index, 'content-length')) this.contentLength = lengthOf(fields.value(index));
    }
    const isSwitch = tunnel !== null && status.startsWith('2');
    const line = isSwitch
      ? `HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: ${tunnel.protocol}\r\n${tunnel.acceptLine}`
      : `HTTP/1.1 ${status} ${STATUS_CODES[this.status] ?? ''}\r\n`;
    const from = fields.count > 1 ? fields.nameStart(1) : fields.length;
    this.length = line.length + fields.length - from + 2;
    if (this.length > this.bytes.length) this.bytes = Buffer.allocUnsafeSlow(this.length * 2);
    const at = this.bytes.write(line, 'latin1');
    fields.bytes.copy(this.bytes, at, from, fields.length);
    this.bytes[this.length - 2] = 13;
    this.bytes[this.length - 1] = 10;
    return true;
  }

  #refuse(problem: string): false {
    this.problem = problem;
    return false;
  }
}

function lengthOf(value: string): number {
  return /^\d{1,15}$/.test(value) ? Number(value) : -1;
}
