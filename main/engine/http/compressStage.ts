// Compresses the body of a response while it passes, on zlib's threads. What waits to be compressed is bounded by
// pausing the endpoint, what is compressed by pausing the compressor while the client does not read.
import type { Transform } from 'node:stream';
import zlib from 'node:zlib';
import type { ContentCoding } from '../filter/contentCoding';
import type { BodyStage, StagedResponse } from './bodyStage';

/** Bytes waiting for the compressor at which the endpoint is paused, and below which it goes on. */
const fullBytes = 262_144;
const emptyBytes = 65_536;
/** Each has up to about 1.5 MB of state; a response beyond that is sent as it is. */
const maxCompressors = 128;

let compressors = 0;

export function canCompressAnother(): boolean {
  return compressors < maxCompressors;
}

interface Compressor {
  readonly stream: Transform & { flush(kind: number): void };
  /** Makes what was written so far readable for the client. */
  readonly flushKind: number;
}

export class CompressStage implements BodyStage {
  bytesIn = 0;
  bytesOut = 0;
  isFull = false;
  readonly #compressor: Compressor;
  #waitingBytes = 0;
  #hasEnded = false;
  #isClosed = false;

  /** `flushes`: what comes must be seen by the client at once (server-sent events and whatever else trickles). */
  constructor(
    coding: ContentCoding,
    private readonly flushes: boolean,
    private readonly response: StagedResponse,
    private readonly next: BodyStage,
    private readonly onDone: (bytesIn: number, bytesOut: number) => void,
  ) {
    compressors++;
    this.#compressor = newCompressor(coding);
    const { stream } = this.#compressor;
    stream.on('data', (bytes: Buffer) => this.#passOn(bytes));
    stream.on('end', () => this.#finish());
    stream.on('error', (error: Error) => {
      if (!this.#isClosed) this.response.onStagedError(error);
    });
  }

  take(buffer: Buffer, start: number, end: number): void {
    const length = end - start;
    if (length === 0 || this.#isClosed) return;
    this.bytesIn += length;
    this.#waitingBytes += length;
    this.#compressor.stream.write(Buffer.from(buffer.subarray(start, end)), () => this.#wrote(length));
    if (this.#waitingBytes < fullBytes) return;
    this.isFull = true;
    this.response.pauseEndpoint();
  }

  end(): void {
    this.#hasEnded = true;
    this.#compressor.stream.end();
  }

  onDrain(): void {
    this.next.onDrain();
    if (!this.#isClosed && this.#compressor.stream.isPaused()) this.#compressor.stream.resume();
  }

  close(): void {
    if (!this.#isClosed) {
      this.#isClosed = true;
      compressors--;
      this.#compressor.stream.destroy();
    }
    this.next.close();
  }

  #wrote(length: number): void {
    this.#waitingBytes -= length;
    if (this.#isClosed || this.#hasEnded) return;
    if (this.flushes && this.#waitingBytes === 0) this.#compressor.stream.flush(this.#compressor.flushKind);
    if (!this.isFull || this.#waitingBytes > emptyBytes) return;
    this.isFull = false;
    if (!this.response.isCongested()) this.response.resumeEndpoint();
  }

  #passOn(bytes: Buffer): void {
    if (this.#isClosed) return;
    this.bytesOut += bytes.length;
    this.next.take(bytes, 0, bytes.length);
    if (this.response.isCongested()) this.#compressor.stream.pause();
  }

  #finish(): void {
    if (this.#isClosed) return;
    this.onDone(this.bytesIn, this.bytesOut);
    this.next.end();
  }
}

/** Node 20 has no zstd; `availableCodings` leaves it out there, so it is never asked for. */
interface ZstdZlib {
  createZstdCompress(options: { params: Record<number, number> }): Compressor['stream'];
  readonly constants: { readonly ZSTD_c_compressionLevel: number; readonly ZSTD_e_flush: number };
}

function newCompressor(coding: ContentCoding): Compressor {
  const { constants } = zlib;
  if (coding === 'gzip') {
    return { stream: zlib.createGzip({ level: 5 }), flushKind: constants.Z_SYNC_FLUSH };
  }
  if (coding === 'br') {
    // Quality 4 costs about what gzip costs; a window of 256 KB keeps the state small.
    const params = { [constants.BROTLI_PARAM_QUALITY]: 4, [constants.BROTLI_PARAM_LGWIN]: 18 };
    return { stream: zlib.createBrotliCompress({ params }), flushKind: constants.BROTLI_OPERATION_FLUSH };
  }
  const zstd = zlib as unknown as ZstdZlib;
  const params = { [zstd.constants.ZSTD_c_compressionLevel]: 3 };
  return { stream: zstd.createZstdCompress({ params }), flushKind: zstd.constants.ZSTD_e_flush };
}
