// The fields of a request on an HTTP/2 stream, checked (RFC 9113 8.2, 8.3; RFC 8441) and written as a request head of
// HTTP/1.1, which the strict parser then reads like any other: what it refuses is answered, what is refused here is
// malformed and resets the stream.
import type { FieldBlock } from '../http2/fieldBlock';
import { isFieldValid, isValueValid } from '../http2/fieldRules';

const colon = 0x3a;
const versionLine = Buffer.from(' HTTP/1.1\r\nhost: ', 'latin1');
const upgradeLines = Buffer.from('connection: upgrade\r\nupgrade: ', 'latin1');
const keyLine = Buffer.from('\r\nsec-websocket-key: ', 'latin1');
const cookieName = Buffer.from('cookie: ', 'latin1');
const lineEnd = Buffer.from('\r\n', 'latin1');
const getMethod = Buffer.from('GET', 'latin1');

const pseudoNames = [':method', ':scheme', ':authority', ':path', ':protocol'] as const;
const [METHOD, SCHEME, AUTHORITY, PATH, PROTOCOL] = [0, 1, 2, 3, 4] as const;

export class Http2RequestText {
  bytes: Buffer = Buffer.allocUnsafeSlow(2048);
  length = 0;
  /** Why `write` returned false. */
  problem = '';
  /** Extended CONNECT: the protocol asked for; '' = a plain request. */
  protocol = '';
  /** Where each pseudo-header stands in the block; −1 = it does not. */
  readonly #pseudo = new Int32Array(pseudoNames.length);
  readonly #cookies: number[] = [];

  /** False = malformed. `newWebSocketKey` makes the one that an extended CONNECT does not have. */
  write(fields: FieldBlock, newWebSocketKey: () => string): boolean {
    this.length = 0;
    this.protocol = '';
    const firstRegular = this.#readPseudo(fields);
    if (firstRegular === -1) return false;
    const hostIndex = this.#checkRegular(fields, firstRegular);
    if (hostIndex === -2 || !this.#writeStart(fields, hostIndex)) return false;
    this.#writeRegular(fields, firstRegular, hostIndex);
    if (this.protocol !== '') {
      this.#put(upgradeLines, 0, upgradeLines.length);
      this.#put(Buffer.from(this.protocol, 'latin1'), 0, this.protocol.length);
      this.#put(keyLine, 0, keyLine.length);
      const key = newWebSocketKey();
      this.#put(Buffer.from(key, 'latin1'), 0, key.length);
      this.#put(lineEnd, 0, 2);
    }
    this.#put(lineEnd, 0, 2);
    return true;
  }

  /** Returns where the other fields begin, −1 = malformed. */
  #readPseudo(fields: FieldBlock): number {
    const pseudo = this.#pseudo.fill(-1);
    let index = 0;
    for (; index < fields.count && fields.bytes[fields.nameStart(index)] === colon; index++) {
      const which = whichPseudo(fields, index);
      if (which === -1) return this.#refuse('a pseudo-header that requests do not have');
      if (pseudo[which] !== -1) return this.#refuse(`${pseudoNames[which]} more than once`);
      if (!isValueValid(fields, index))
        return this.#refuse(`${pseudoNames[which]} has a character that is not allowed`);
      pseudo[which] = index;
    }
    if (pseudo[METHOD] === -1) return this.#refuse('no :method');
    const isConnect = this.#is(fields, METHOD, 'CONNECT');
    if (pseudo[PROTOCOL] !== -1) {
      if (!isConnect) return this.#refuse(':protocol without CONNECT');
      this.protocol = fields.value(pseudo[PROTOCOL]!);
      if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/.test(this.protocol))
        return this.#refuse('not a valid :protocol');
    } else if (isConnect) {
      if (pseudo[SCHEME] !== -1 || pseudo[PATH] !== -1) return this.#refuse('CONNECT with :scheme or :path');
      if (pseudo[AUTHORITY] === -1) return this.#refuse('CONNECT without :authority');
      return index;
    }
    if (pseudo[SCHEME] === -1 || pseudo[PATH] === -1) return this.#refuse('no :scheme or no :path');
    if (!this.#is(fields, SCHEME, 'https') && !this.#is(fields, SCHEME, 'http'))
      return this.#refuse('an unknown :scheme');
    const first = fields.bytes[fields.valueStart(pseudo[PATH]!)];
    const isPath = first === 0x2f || this.#is(fields, PATH, '*');
    return isPath && !this.#isEmpty(fields, PATH) ? index : this.#refuse(':path does not begin with "/"');
  }

  /** Returns the index of Host, −1 = none, −2 = malformed. */
  #checkRegular(fields: FieldBlock, from: number): number {
    let hostIndex = -1;
    this.#cookies.length = 0;
    for (let index = from; index < fields.count; index++) {
      if (!isFieldValid(fields, index)) {
        this.#refuse('a field that must not be in a message of HTTP/2');
        return -2;
      }
      if (fields.isNamed(index, 'host')) {
        if (hostIndex !== -1) {
          this.#refuse('more than one Host');
          return -2;
        }
        hostIndex = index;
      } else if (fields.isNamed(index, 'cookie')) this.#cookies.push(index);
    }
    return hostIndex;
  }

  /** The request line, and Host from :authority, which must be the same where both are (RFC 9113 8.3.1). */
  #writeStart(fields: FieldBlock, hostIndex: number): boolean {
    const authority = this.#pseudo[AUTHORITY]!;
    if (authority !== -1 && hostIndex !== -1) {
      if (fields.value(authority).toLowerCase() !== fields.value(hostIndex).toLowerCase()) {
        this.problem = ':authority and Host differ';
        return false;
      }
    }
    const host = authority !== -1 ? authority : hostIndex;
    if (this.protocol === '') this.#putValue(fields, this.#pseudo[METHOD]!);
    else this.#put(getMethod, 0, getMethod.length);
    this.#put(separator, 1, 2);
    this.#putValue(fields, this.#pseudo[this.#pseudo[PATH] === -1 ? AUTHORITY : PATH]!);
    this.#put(versionLine, 0, host === -1 ? versionLine.length - 'host: '.length : versionLine.length);
    if (host !== -1) {
      this.#putValue(fields, host);
      this.#put(lineEnd, 0, 2);
    }
    return true;
  }

  #writeRegular(fields: FieldBlock, from: number, hostIndex: number): void {
    const cookies = this.#cookies;
    const hasCrumbs = cookies.length > 1;
    let keptFrom = from < fields.count ? fields.nameStart(from) : fields.length;
    for (let index = from; index < fields.count && (hostIndex !== -1 || hasCrumbs); index++) {
      if (index !== hostIndex && !(hasCrumbs && cookies.includes(index))) continue;
      this.#put(fields.bytes, keptFrom, fields.nameStart(index));
      keptFrom = fields.valueEnd(index) + 2;
    }
    this.#put(fields.bytes, keptFrom, fields.length);
    if (!hasCrumbs) return;
    // The crumbs of a cookie are one field in HTTP/1.1 (RFC 9113 8.2.3).
    this.#put(cookieName, 0, cookieName.length);
    cookies.forEach((index, position) => {
      if (position > 0) this.#put(separator, 0, 2);
      this.#putValue(fields, index);
    });
    this.#put(lineEnd, 0, 2);
  }

  #is(fields: FieldBlock, which: number, text: string): boolean {
    const index = this.#pseudo[which]!;
    const start = fields.valueStart(index);
    if (fields.valueEnd(index) - start !== text.length) return false;
    for (let at = 0; at < text.length; at++)
      if (fields.bytes[start + at] !== text.charCodeAt(at)) return false;
    return true;
  }

  #isEmpty(fields: FieldBlock, which: number): boolean {
    const index = this.#pseudo[which]!;
    return fields.valueEnd(index) === fields.valueStart(index);
  }

  #putValue(fields: FieldBlock, index: number): void {
    this.#put(fields.bytes, fields.valueStart(index), fields.valueEnd(index));
  }

  #put(source: Uint8Array, start: number, end: number): void {
    const needed = this.length + end - start;
    if (needed > this.bytes.length) {
      const grown = Buffer.allocUnsafeSlow(needed * 2);
      this.bytes.copy(grown, 0, 0, this.length);
      this.bytes = grown;
    }
    const { bytes, length } = this;
    for (let index = start; index < end; index++) bytes[length + index - start] = source[index]!;
    this.length = needed;
  }

  #refuse(problem: string): -1 {
    this.problem = problem;
    return -1;
  }
}

const separator = Buffer.from('; ', 'latin1');

/** Of `pseudoNames`; −1 = none of them. */
function whichPseudo(fields: FieldBlock, index: number): number {
  for (let which = 0; which < pseudoNames.length; which++)
    if (fields.isNamed(index, pseudoNames[which]!)) return which;
  return -1;
}
