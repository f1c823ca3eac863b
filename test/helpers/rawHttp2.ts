// A client that speaks HTTP/2 frame by frame over a real socket: it sends what a test says, right or wrong.

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { ByteWriter } from '../../main/engine/http2/byteWriter';
import { FieldBlock, mostFieldBytes } from '../../main/engine/http2/fieldBlock';
import { clientPreface, Flag, FrameType } from '../../main/engine/http2/frame';
import { HpackDecoder } from '../../main/engine/http2/hpackDecoder';
import { HpackEncoder } from '../../main/engine/http2/hpackEncoder';

export interface ReceivedFrame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
  /** HEADERS only: "name: value". */
  readonly fields: readonly string[];
}

export function frame(
  type: number,
  flags: number,
  stream: number,
  payload: Uint8Array | string = '',
): Buffer {
  const bytes = Buffer.from(payload as string);
  const head = Buffer.alloc(9);
  head.writeUIntBE(bytes.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream >>> 0, 5);
  return Buffer.concat([head, bytes]);
}

export function uint32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value >>> 0, index * 4);
  return bytes;
}

export function settings(...pairs: (readonly [number, number])[]): Buffer {
  const payload = Buffer.alloc(pairs.length * 6);
  pairs.forEach(([setting, value], index) => {
    payload.writeUInt16BE(setting, index * 6);
    payload.writeUInt32BE(value >>> 0, index * 6 + 2);
  });
  return frame(FrameType.settings, 0, 0, payload);
}

export const getFields = [':method: GET', ':scheme: http', ':path: /', ':authority: a.test'] as const;
export const postFields = [':method: POST', ...getFields.slice(1)] as const;

export class RawHttp2 {
  readonly frames: ReceivedFrame[] = [];
  readonly encoder = new HpackEncoder();
  isClosed = false;
  readonly #decoder = new HpackDecoder();
  #unread = Buffer.alloc(0);
  readonly #waiting = new Set<() => void>();

  private constructor(readonly socket: Socket) {
    socket.on('data', (bytes: Buffer) => this.#read(bytes));
    socket.on('error', () => this.#wake());
    socket.on('close', () => {
      this.isClosed = true;
      this.#wake();
    });
  }

  /** Connected, with nothing sent. */
  static async connect(port: number, isTls = false): Promise<RawHttp2> {
    if (!isTls) {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true });
      await once(socket, 'connect');
      return new RawHttp2(socket);
    }
    const socket = connectTls({ port, host: '127.0.0.1', ALPNProtocols: ['h2'], rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    return new RawHttp2(socket);
  }

  /** With the prefaces exchanged and acknowledged. */
  static async open(port: number, isTls = false): Promise<RawHttp2> {
    const client = await RawHttp2.connect(port, isTls);
    client.send(clientPreface, settings());
    await client.until(({ type, flags }) => type === FrameType.settings && flags === Flag.ack);
    client.send(frame(FrameType.settings, Flag.ack, 0));
    return client;
  }

  send(...parts: readonly Uint8Array[]): void {
    this.socket.write(Buffer.concat(parts));
  }

  block(lines: readonly string[]): Buffer {
    const out = new ByteWriter(256);
    this.encoder.begin(out);
    const fields = fieldsOf(lines);
    for (let index = 0; index < fields.count; index++) this.encoder.field(fields, index, out);
    return Buffer.from(out.take());
  }

  headers(
    stream: number,
    lines: readonly string[] = getFields,
    flags: number = Flag.endHeaders | Flag.endStream,
  ) {
    return frame(FrameType.headers, flags, stream, this.block(lines));
  }

  /** The first frame, already there or to come, that is accepted; undefined = the connection closed before. */
  async until(accepts: (frame: ReceivedFrame) => boolean): Promise<ReceivedFrame | undefined> {
    for (;;) {
      const found = this.frames.find(accepts);
      if (found !== undefined || this.isClosed) return found;
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  /** The status that a stream was answered with. */
  async status(stream: number): Promise<string | undefined> {
    const head = await this.until((each) => each.type === FrameType.headers && each.stream === stream);
    return head?.fields[0];
  }

  async untilClosed(): Promise<void> {
    while (!this.isClosed) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  /** Code of the GOAWAY; undefined = the connection closed without one. */
  async goawayCode(): Promise<number | undefined> {
    return (await this.until(({ type }) => type === FrameType.goaway))?.payload.readUInt32BE(4);
  }

  /** Code of the RST_STREAM of a stream, or of a GOAWAY. */
  async resetCode(stream: number): Promise<number | undefined> {
    const found = await this.until(
      (each) =>
        each.type === FrameType.goaway || (each.type === FrameType.rstStream && each.stream === stream),
    );
    return found?.payload.readUInt32BE(found.type === FrameType.goaway ? 4 : 0);
  }

  /** The connection still answers. */
  async isAlive(): Promise<boolean> {
    const payload = Buffer.from(`alive${String(this.frames.length).padStart(3, '0').slice(-3)}`);
    this.send(frame(FrameType.ping, 0, 0, payload));
    const answer = await this.until(
      ({ type, flags, payload: echoed }) =>
        type === FrameType.ping && flags === Flag.ack && echoed.equals(payload),
    );
    return answer !== undefined;
  }

  /** DATA that came on a stream so far. */
  data(stream: number): Buffer {
    const parts = this.frames.filter((each) => each.type === FrameType.data && each.stream === stream);
    return Buffer.concat(parts.map(({ payload }) => payload));
  }

  close(): void {
    this.socket.destroy();
  }

  #read(bytes: Buffer): void {
    let unread = Buffer.concat([this.#unread, bytes]);
    while (unread.length >= 9) {
      const length = unread.readUIntBE(0, 3);
      if (unread.length < 9 + length) break;
      const payload = Buffer.from(unread.subarray(9, 9 + length));
      this.#take({ type: unread[3]!, flags: unread[4]!, stream: unread.readUInt32BE(5), payload });
      unread = unread.subarray(9 + length);
    }
    this.#unread = Buffer.from(unread);
    this.#wake();
  }

  #take(received: Omit<ReceivedFrame, 'fields'>): void {
    const fields = new FieldBlock();
    if (received.type === FrameType.headers) {
      this.#decoder.decode(received.payload, 0, received.payload.length, fields);
    }
    this.frames.push({ ...received, fields: fields.text.split('\r\n').slice(0, -1) });
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }
}

/** Of "name: value", in any case of the name. */
export function fieldsOf(lines: readonly string[]): FieldBlock {
  const fields = new FieldBlock(mostFieldBytes);
  for (const line of lines) {
    const colonAt = line.indexOf(':', 1);
    fields.add(line.slice(0, colonAt).toLowerCase(), line.slice(colonAt + 1).trim());
  }
  return fields;
}
