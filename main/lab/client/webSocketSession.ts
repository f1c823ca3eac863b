// A WebSocket (RFC 6455) on a connection of ours: its messages live, both ways.
import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import { AppError } from '../../contract/appError';
import type { ClientMessage, WebSocketMessage } from '../../contract/clientRequest';
import type { ClientEvent } from '../../contract/clientResult';
import { type ExchangeWatch, GrowingResponse } from './exchange';
import type { ReadHead } from './responseReader';

type MessageEvent = Omit<Extract<ClientEvent, { kind: 'message' }>, 'atMs' | 'connection' | 'kind'>;

export interface WebSocketWatch extends ExchangeWatch {
  message(event: MessageEvent): void;
  closed(by: 'client' | 'server', detail: string): void;
}

/** Of a text message, told. */
const toldText = 65_536;
const maxMessageBytes = 16 * 1024 * 1024;
const maxBufferedBytes = 16 * 1024 * 1024;

/** What a WebSocket runs on. */
export interface WebSocketLine {
  readonly socket: Duplex;
  /** The response as it travelled, where that is not what the library sees. */
  head?(): ReadHead | null;
  /** Of HTTP/2. */
  readonly streamId?: number;
}

export class WebSocketSession {
  readonly #socket: WebSocket;
  readonly #response: GrowingResponse;
  #closing: 'client' | 'server' | null = null;
  #isOpen = false;
  #received = 0;
  #problem: string | null = null;

  constructor(
    private readonly line: WebSocketLine,
    private readonly message: WebSocketMessage,
    private readonly watch: WebSocketWatch,
  ) {
    this.#response = new GrowingResponse(0, watch);
    const own = new Set(['host']);
    const headers = Object.fromEntries(
      message.headers.filter(([name]) => !own.has(name.toLowerCase())).map(([name, value]) => [name, value]),
    );
    const host = message.headers.find(([name]) => name.toLowerCase() === 'host')?.[1] ?? message.hostname;
    this.#socket = new WebSocket(`ws://localhost${message.path}`, [...message.protocols], {
      // It is open, and secured where it is to be.
      createConnection: () => line.socket,
      headers: { ...headers, Host: host },
      perMessageDeflate: false,
      maxPayload: maxMessageBytes,
    });
  }

  /** Resolves when it is over: with why it failed in words, or null. */
  run(signal: AbortSignal): Promise<string | null> {
    const socket = this.#socket;
    return new Promise((resolve) => {
      const finish = (problem: string | null) => {
        signal.removeEventListener('abort', cancel);
        socket.terminate();
        resolve(this.#problem ?? problem);
      };
      const cancel = () => finish('cancelled');
      signal.addEventListener('abort', cancel, { once: true });
      if (signal.aborted) queueMicrotask(cancel);
      socket.on('upgrade', ({ statusCode, statusMessage, rawHeaders, httpVersion }) => {
        this.#takeHead(statusCode, statusMessage, rawHeaders, httpVersion);
      });
      socket.on('unexpected-response', (_request, answer) => {
        this.#takeHead(answer.statusCode, answer.statusMessage, answer.rawHeaders, answer.httpVersion);
        this.#problem = `the server did not open a WebSocket but answered ${answer.statusCode} ${answer.statusMessage}`;
        answer.on('data', (bytes: Buffer) => this.#response.body(bytes));
        answer.on('end', () => finish(null));
        answer.on('error', () => finish(null));
      });
      socket.on('open', () => this.#start());
      socket.on('message', (data: Buffer, isBinary) => this.#take(data, isBinary));
      socket.on('ping', (data) => this.#tell('received', 'ping', data));
      socket.on('pong', (data) => this.#tell('received', 'pong', data));
      socket.on('error', (error) =>
        finish(this.#isOpen ? `the WebSocket broke: ${error.message}` : error.message),
      );
      socket.on('close', (code, reason) => {
        const said = reason.length === 0 ? String(code) : `${code} ${reason.toString('utf8')}`;
        const detail = code === 1006 ? 'without a close frame' : code === 1005 ? 'without a code' : said;
        this.watch.closed(this.#closing ?? 'server', detail);
        finish(
          code === 1006 && this.#closing === null ? 'the connection was closed without a close frame' : null,
        );
      });
    });
  }

  response(problem: string | null) {
    return this.#response.finish(problem, []);
  }

  /** Throws `unavailable` while it is not open, and when the other side does not keep up. */
  send(message: ClientMessage): void {
    const socket = this.#socket;
    if (socket.readyState !== WebSocket.OPEN) {
      throw new AppError('unavailable', 'the WebSocket is not open: connect it again, then send');
    }
    if (socket.bufferedAmount > maxBufferedBytes) {
      throw new AppError('unavailable', 'more than 16 MiB wait to be read by the other side');
    }
    if (message.kind === 'close') this.#close(message.code, message.reason);
    else if (message.kind === 'ping') {
      socket.ping();
      this.#tell('sent', 'ping', Buffer.alloc(0));
    } else {
      const isText = message.kind === 'text';
      const bytes = isText ? Buffer.from(message.text, 'utf8') : Buffer.from(message.data, 'base64');
      socket.send(bytes, { binary: !isText });
      this.#tell('sent', message.kind, bytes);
    }
  }

  #start(): void {
    this.#isOpen = true;
    for (const text of this.message.messages) this.send({ kind: 'text', text });
    if (this.message.closeAfter === 0) this.#close(1000, '');
  }

  #take(data: Buffer, isBinary: boolean): void {
    this.#received++;
    this.#tell('received', isBinary ? 'binary' : 'text', data);
    if (this.#received === this.message.closeAfter) this.#close(1000, '');
  }

  #close(code: number, reason: string): void {
    this.#closing = 'client';
    this.#socket.close(code, reason);
    this.#tell('sent', 'close', Buffer.from(`${code} ${reason}`.trim(), 'utf8'));
  }

  #tell(direction: MessageEvent['direction'], type: MessageEvent['type'], data: Buffer): void {
    this.watch.touch?.();
    const text = type === 'binary' ? '' : data.toString('utf8').slice(0, toldText);
    this.watch.message({ direction, type, text, bytes: data.length });
  }

  #takeHead(
    status: number | undefined,
    reason: string | undefined,
    raw: readonly string[],
    version: string,
  ): void {
    const headers: [string, string][] = [];
    for (let index = 0; index + 1 < raw.length; index += 2) headers.push([raw[index]!, raw[index + 1]!]);
    this.#response.received(0);
    const seen = { status: status ?? 0, reason: reason ?? '', version: `HTTP/${version}`, headers };
    if (this.line.streamId !== undefined) this.#response.requested(this.line.streamId);
    this.#response.head(this.line.head?.() ?? seen);
  }
}
