// A WebSocket on a stream of HTTP/2 (RFC 8441), for a library that knows HTTP/1.1 only: its Upgrade becomes an extended CONNECT,
// the answer becomes the 101 that it waits for. All that follows passes through as it is.
import { createHash } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import { type ClientHttp2Stream, constants } from 'node:http2';
import { Duplex } from 'node:stream';
import type { WebSocketMessage } from '../../contract/clientRequest';
import type { Http2Client } from './http2Exchange';
import { grouped, pairs } from './http2Fields';
import type { ReadHead } from './responseReader';
import { SendError } from './sendError';

/** RFC 6455 1.3. */
const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const maxHeadBytes = 65_536;

export interface Http2WebSocketLine {
  readonly socket: Duplex;
  /** The response as it travelled; null = there is none yet. */
  head(): ReadHead | null;
  /** 0 = it has no number yet. */
  readonly streamId: number;
}

/** Rejects with a `SendError` where the server does not take WebSockets on its streams. */
export async function openHttp2WebSocketLine(
  client: Http2Client,
  message: WebSocketMessage,
  scheme: 'http' | 'https',
  signal: AbortSignal,
): Promise<Http2WebSocketLine> {
  const settings = await client.settings(signal);
  if (settings.enableConnectProtocol !== true) {
    throw new SendError(
      'the server takes no WebSocket over HTTP/2: its SETTINGS have no ENABLE_CONNECT_PROTOCOL (RFC 8441). Choose HTTP/1.1',
    );
  }
  return new UpgradeLine(client, message, scheme);
}

class UpgradeLine extends Duplex implements Http2WebSocketLine {
  readonly socket = this;
  /** What was written before the empty line; null = the request is out. */
  #request: Buffer | null = Buffer.alloc(0);
  #stream: ClientHttp2Stream | null = null;
  #head: ReadHead | null = null;

  constructor(
    private readonly client: Http2Client,
    private readonly message: WebSocketMessage,
    private readonly scheme: 'http' | 'https',
  ) {
    super();
  }

  head(): ReadHead | null {
    return this.#head;
  }

  get streamId(): number {
    return this.#stream?.id ?? 0;
  }

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#request === null) {
      this.#stream?.write(bytes, done);
      return;
    }
    const text = Buffer.concat([this.#request, bytes]);
    const end = text.indexOf('\r\n\r\n');
    if (end === -1 && text.length <= maxHeadBytes) {
      this.#request = text;
      done();
      return;
    }
    this.#request = null;
    this.#connect(text.toString('latin1', 0, end));
    done();
  }

  override _final(done: (error?: Error | null) => void): void {
    if (this.#stream === null) done();
    else this.#stream.end(done);
  }

  override _read(): void {
    this.#stream?.resume();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#stream?.close(constants.NGHTTP2_CANCEL);
    this.client.close();
    done(error);
  }

  #connect(request: string): void {
    const key = /^sec-websocket-key: (\S+)$/im.exec(request)?.[1] ?? '';
    const { message } = this;
    const own = new Set(['host', 'connection', 'upgrade', 'sec-websocket-key']);
    const host = message.headers.find(([name]) => name.toLowerCase() === 'host')?.[1] ?? message.hostname;
    const stream = this.client.session.request(
      {
        ':method': 'CONNECT',
        ':protocol': 'websocket',
        ':scheme': this.scheme,
        ':authority': host,
        ':path': message.path,
        ...grouped(message.headers.filter(([name]) => !own.has(name.toLowerCase()))),
        'sec-websocket-version': '13',
        ...(message.protocols.length === 0 ? {} : { 'sec-websocket-protocol': message.protocols.join(', ') }),
      },
      { endStream: false },
    );
    this.#stream = stream;
    stream.on('response', (headers, _flags, raw?: string[]) => {
      const fields = pairs(raw ?? []);
      this.#head = { status: Number(headers[':status']), reason: '', version: 'HTTP/2', headers: fields };
      this.push(answerText(this.#head, key));
    });
    stream.on('data', (bytes: Buffer) => {
      if (!this.push(bytes)) stream.pause();
    });
    stream.on('end', () => this.push(null));
    stream.on('error', (error: Error) => this.destroy(error));
    stream.on('close', () => {
      if (!stream.readableEnded && !this.destroyed) this.destroy(new Error(this.client.reasonOf(stream)));
    });
  }
}

/** The answer of HTTP/1.1 that says the same; what is shown is the one that travelled. */
function answerText({ status, headers }: ReadHead, key: string): string {
  const fields = headers.filter(([name]) => name.startsWith('sec-websocket-'));
  const accept = createHash('sha1').update(`${key}${guid}`).digest('base64');
  const lines =
    status === 200
      ? [
          'HTTP/1.1 101 Switching Protocols',
          'Upgrade: websocket',
          'Connection: Upgrade',
          `Sec-WebSocket-Accept: ${accept}`,
          ...fields.map(([name, value]) => `${name}: ${value}`),
        ]
      : [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, 'Connection: close'];
  return `${lines.join('\r\n')}\r\n\r\n`;
}
