// One request head: parsed in one strict pass by offsets, read lazily. The object is reused for all requests of a
// connection, so it must not be kept beyond its request; what must outlive it keeps `raw`.
import { latin1Text } from '../latin1';
import type { RequestView } from '../routing/requestView';
import { carriageReturn, lineFeed, space, targetCharacters, tokenCharacters } from './characters';
import { ConnectionOptions } from './connectionOptions';
import { FieldId } from './fieldId';
import { FieldIndex } from './fieldIndex';
import type { ProxyLines } from './forwardedRequestHead';
import { Framing } from './framing';
import { hostnameOf, portOf } from './hostField';
import { badMessage, needMore, type Refusal, refused } from './refusal';

const badMethod = badMessage('the request line does not start with a method and one space');
const badTarget = badMessage('the request target is missing or has a character that is not allowed');
const badLine = badMessage('the request line does not end with an HTTP version and CR LF');
const badForm = badMessage('the form of the request target does not fit the method');
const missingHost = badMessage('the Host header is missing');
const severalHosts = badMessage('more than one Host header');
const badHost = badMessage('the Host header is not a valid host name');
const differentHost = badMessage('the host in the request target differs from the Host header');
const notForProxy = badMessage(
  'this is a forward proxy: it takes absolute http:// targets and CONNECT, so set it as the proxy of the client',
);
const secureTarget = badMessage('https through a forward proxy begins with CONNECT');
const badAuthority = badMessage('CONNECT needs a host and a port as its target');
const connectContent = badMessage('CONNECT has no content');
const badVersion: Refusal = {
  status: 505,
  code: 'unsupported_version',
  message: 'only HTTP/1.0 and HTTP/1.1 are spoken here',
};
const connectMethod: Refusal = {
  status: 501,
  code: 'not_implemented',
  message: 'CONNECT is not for a reverse proxy',
};
const badExpectation: Refusal = {
  status: 417,
  code: 'expectation_failed',
  message: 'the only expectation that is known is 100-continue',
};

const extraFields = (1 << FieldId.expect) | (1 << FieldId.upgrade);

export class RequestHead implements RequestView {
  /** The head as it came, with the empty line, latin1. */
  raw = '';
  readonly fields = new FieldIndex();
  readonly framing = new Framing();
  readonly connection = new ConnectionOptions();
  /** 0 or 1. */
  minorVersion = 1;
  method = '';
  /** In origin form: path and query, or "*". */
  target = '';
  /** The target came in absolute form, so the request line must be written anew. */
  isAbsoluteForm = false;
  /** Set by who owns the connection: the head is for a forward proxy, so its target says where to go. */
  isForProxy = false;
  /** Of a forward proxy. */
  destinationPort = 0;
  /** Host as sent; '' = none (HTTP/1.0 only). */
  host = '';
  hostname = '';
  expectsContinue = false;
  /** The one protocol that the client offers to switch to; '' = none. */
  upgrade = '';
  /** Set when `parse` returned `refused`. */
  refusal: Refusal = badMethod;
  /** Kept for the next request of the connection by who writes the forwarded head. */
  lastLines: ProxyLines | null = null;

  #methodEnd = 0;
  #targetEnd = 0;
  #queryAt = -1;
  #lastHost = '';
  #lastHostname: string | null = '';

  /**
   * Parses the head at start…end. Returns the offset behind it, `needMore`, or `refused`: then `refusal` says why.
   * Pure apart from filling this object.
   */
  parse(buffer: Buffer, start: number, end: number): number {
    let position = start;
    // RFC 9112 2.2: at least one empty line before the request line should be ignored.
    if (end - position >= 2 && buffer[position] === carriageReturn && buffer[position + 1] === lineFeed)
      position += 2;
    const origin = position;
    position = this.#scanRequestLine(buffer, origin, end);
    if (position < 0) return position;
    const fields = this.fields;
    position = fields.scan(buffer, position, end, origin);
    if (position === refused) this.refusal = fields.refusal;
    if (position < 0) return position;
    this.raw = latin1Text(buffer, origin, position);
    const refusal = this.#interpret();
    if (refusal === null) return position;
    this.refusal = refusal;
    return refused;
  }

  /** After a refused head: nothing of an earlier request may speak for this one. */
  forget(): void {
    this.raw = '';
    this.method = '';
    this.minorVersion = 1;
  }

  get path(): string {
    return this.#queryAt === -1 ? this.target : this.target.slice(0, this.#queryAt);
  }

  get query(): string {
    return this.#queryAt === -1 ? '' : this.target.slice(this.#queryAt + 1);
  }

  header(name: string): string | undefined {
    return this.fields.find(this.raw, name);
  }

  /** Where the request line ends, with its CR LF. */
  get requestLineEnd(): number {
    return this.#targetEnd + ' HTTP/1.x\r\n'.length;
  }

  /** The client allows the connection to be used again (RFC 9112 9.3). */
  get isPersistent(): boolean {
    const { hasClose, hasKeepAlive } = this.connection;
    return this.minorVersion === 1 ? !hasClose : hasKeepAlive && !hasClose;
  }

  get hasBody(): boolean {
    return this.framing.isChunked || this.framing.contentLength > 0;
  }

  #scanRequestLine(buffer: Uint8Array, origin: number, end: number): number {
    let position = origin;
    while (position < end && tokenCharacters[buffer[position]!] === 1) position++;
    if (position >= end) return position - origin > 64 ? this.#refuse(badMethod) : needMore;
    if (buffer[position] === carriageReturn && position === origin && position + 1 === end) return needMore;
    if (buffer[position] !== space || position === origin) return this.#refuse(badMethod);
    this.#methodEnd = position - origin;
    const targetStart = ++position;
    while (position < end && targetCharacters[buffer[position]!] === 1) position++;
    if (position >= end) return needMore;
    if (buffer[position] !== space || position === targetStart) {
      const isOldVersion = buffer[position] === carriageReturn && position > targetStart;
      return this.#refuse(isOldVersion ? badVersion : badTarget);
    }
    this.#targetEnd = position - origin;
    return this.#scanVersion(buffer, position + 1, end);
  }

  #scanVersion(buffer: Uint8Array, start: number, end: number): number {
    const prefix = 'HTTP/';
    for (let index = 0; index < prefix.length; index++) {
      if (start + index >= end) return needMore;
      if (buffer[start + index] !== prefix.charCodeAt(index)) return this.#refuse(badLine);
    }
    if (start + 10 > end) return needMore;
    const major = buffer[start + 5]! - 0x30;
    const minor = buffer[start + 7]! - 0x30;
    const isVersion = buffer[start + 6] === 0x2e && major >= 0 && major <= 9 && minor >= 0 && minor <= 9;
    if (!isVersion || buffer[start + 8] !== carriageReturn || buffer[start + 9] !== lineFeed) {
      return this.#refuse(badLine);
    }
    if (major !== 1 || minor > 1) return this.#refuse(badVersion);
    this.minorVersion = minor;
    return start + 10;
  }

  #interpret(): Refusal | null {
    const { raw, fields } = this;
    this.method = methodText(raw, this.#methodEnd);
    this.connection.read(raw, fields);
    this.expectsContinue = false;
    this.upgrade = '';
    const refusal =
      this.framing.read(raw, fields, this.minorVersion) ?? this.#readHost() ?? this.#readTarget();
    return refusal ?? this.#readExtras();
  }

  #readHost(): Refusal | null {
    const { raw, fields } = this;
    let count = 0;
    for (let index = 0; index < fields.count; index++) {
      if (fields.id(index) !== FieldId.host) continue;
      if (++count > 1) return severalHosts;
      this.host = fields.value(raw, index);
    }
    if (count === 0) {
      if (this.minorVersion === 1) return missingHost;
      this.host = '';
      this.hostname = '';
      return null;
    }
    if (this.host !== this.#lastHost) {
      this.#lastHost = this.host;
      this.#lastHostname = hostnameOf(this.host);
    }
    if (this.#lastHostname === null || this.host === '') return badHost;
    this.hostname = this.#lastHostname;
    return null;
  }

  #readTarget(): Refusal | null {
    const target = this.raw.slice(this.#methodEnd + 1, this.#targetEnd);
    this.isAbsoluteForm = false;
    if (this.method === 'CONNECT') return this.isForProxy ? this.#readAuthorityForm(target) : connectMethod;
    if (this.isForProxy && !/^http:/i.test(target))
      return /^https:/i.test(target) ? secureTarget : notForProxy;
    if (target.charCodeAt(0) === 0x2f) this.target = target;
    else if (target === '*') {
      if (this.method !== 'OPTIONS') return badForm;
      this.target = target;
    } else {
      const refusal = this.#readAbsoluteForm(target);
      if (refusal !== null) return refusal;
    }
    this.#queryAt = this.target.indexOf('?');
    return null;
  }

  /** RFC 9112 3.2.2; the host must be the one in Host, so that no two servers disagree on it. */
  #readAbsoluteForm(target: string): Refusal | null {
    const match = /^https?:\/\/([^/?]*)(.*)$/i.exec(target);
    if (match === null) return badForm;
    const authority = match[1]!;
    const rest = match[2]!;
    if (hostnameOf(authority) === null) return badHost;
    if (this.host === '') {
      this.host = authority;
      this.hostname = hostnameOf(authority)!;
    } else if (authority.toLowerCase() !== this.host.toLowerCase()) return differentHost;
    this.isAbsoluteForm = true;
    this.destinationPort = portOf(authority) ?? 80;
    if (rest === '') this.target = this.method === 'OPTIONS' ? '*' : '/';
    else this.target = rest.startsWith('/') ? rest : `/${rest}`;
    return null;
  }

  /** RFC 9112 3.2.3; Host, which goes to nobody, may lack the port but must name the same host. */
  #readAuthorityForm(target: string): Refusal | null {
    const hostname = hostnameOf(target);
    const port = portOf(target);
    if (hostname === null || port === null || port === 0) return badAuthority;
    if (this.host !== '' && this.hostname !== hostname) return differentHost;
    if (this.hasBody) return connectContent;
    this.host = target;
    this.hostname = hostname;
    this.destinationPort = port;
    this.target = target;
    this.#queryAt = -1;
    return null;
  }

  #readExtras(): Refusal | null {
    const { raw, fields } = this;
    if ((fields.present & extraFields) === 0) return null;
    for (let index = 0; index < fields.count; index++) {
      const id = fields.id(index);
      if (id === FieldId.expect) {
        // HTTP/1.0 clients cannot wait for a 100, RFC 9110 10.1.1.
        if (fields.value(raw, index).toLowerCase() !== '100-continue') return badExpectation;
        this.expectsContinue = this.minorVersion === 1;
      } else if (id === FieldId.upgrade && this.connection.hasUpgrade) {
        this.upgrade = this.upgrade === '' ? fields.value(raw, index) : 'several';
      }
    }
    if (this.upgrade !== '' && !this.#isUpgradeAllowed()) this.upgrade = '';
    return null;
  }

  /** h2c would let a client speak past the proxy on a connection that the proxy takes for HTTP/1.1. */
  #isUpgradeAllowed(): boolean {
    if (this.minorVersion === 0 || this.hasBody) return false;
    return (
      /^[!#$%&'*+.^_`|~0-9A-Za-z/-]{1,64}$/.test(this.upgrade) &&
      !/^(h2c?|several|tls\/.*)$/i.test(this.upgrade)
    );
  }

  #refuse(refusal: Refusal): number {
    this.refusal = refusal;
    return refused;
  }
}

function methodText(raw: string, end: number): string {
  if (end === 3 && raw.charCodeAt(0) === 0x47 && raw.charCodeAt(1) === 0x45 && raw.charCodeAt(2) === 0x54)
    return 'GET';
  return raw.slice(0, end);
}
