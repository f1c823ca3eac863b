// What one request and its response have in common over HTTP/1.1 and HTTP/2.
import { clientBounds } from '../../contract/clientRequest';
import type { ClientResponse } from '../../contract/clientResult';
import type { RawHeaders } from '../../contract/flowEvent';
import { decodedBody } from './decodedBody';
import { KeptBody } from './keptBody';
import type { ReadHead } from './responseReader';

/** Told while it happens; what nobody wants to know is left out. */
export interface ExchangeWatch {
  /** HTTP/2 only. */
  requested?(stream: number, streamId: number): void;
  sent?(stream: number, piece: number, of: number, bytes: number): void;
  received?(stream: number, bytes: number): void;
  informational?(stream: number, head: ReadHead): void;
  head?(stream: number, head: ReadHead): void;
  body?(stream: number, text: string): void;
  /** It was given up on purpose. */
  gaveUp?(stream: number, detail: string): void;
  /** Something was written or read: the idle time starts anew. */
  touch?(): void;
}

export interface ExchangeOutcome {
  readonly response: ClientResponse;
  /** The connection can carry another request. */
  readonly isReusable: boolean;
  /** The server says that it did nothing with the request. */
  readonly isUnprocessed: boolean;
  /** On purpose; the response's `problem` says when. */
  readonly isGivenUp: boolean;
}

/** The response of one exchange as it grows. */
export class GrowingResponse {
  readonly #startedAt = performance.now();
  readonly #kept: KeptBody;
  readonly #informational: { readonly status: number; readonly headers: RawHeaders }[] = [];
  #head: ReadHead | null = null;
  #firstByteMs: number | null = null;
  #streamId: number | null = null;

  constructor(
    private readonly stream: number,
    private readonly watch: ExchangeWatch,
    keptBytes: number = clientBounds.keptBodyBytes,
  ) {
    this.#kept = new KeptBody(keptBytes);
  }

  get status(): number {
    return this.#head?.status ?? 0;
  }

  /** More came than a response may have. */
  get isTooLong(): boolean {
    return this.#kept.bytes > clientBounds.responseBytes;
  }

  requested(streamId: number): void {
    this.#streamId = streamId;
    this.watch.requested?.(this.stream, streamId);
  }

  sent(piece: number, of: number, bytes: number): void {
    this.watch.touch?.();
    this.watch.sent?.(this.stream, piece, of, bytes);
  }

  received(bytes: number): void {
    this.#firstByteMs ??= performance.now() - this.#startedAt;
    this.watch.touch?.();
    this.watch.received?.(this.stream, bytes);
  }

  informational(head: ReadHead): void {
    if (this.#informational.length < 20) {
      this.#informational.push({ status: head.status, headers: head.headers });
    }
    this.watch.informational?.(this.stream, head);
  }

  head(head: ReadHead): void {
    this.#head = head;
    this.watch.head?.(this.stream, head);
  }

  body(bytes: Buffer): void {
    const text = this.#kept.add(bytes);
    if (text !== '') this.watch.body?.(this.stream, text);
  }

  finish(problem: string | null, trailers: RawHeaders): ClientResponse {
    const head = this.#head;
    return {
      stream: this.stream,
      streamId: this.#streamId,
      status: head?.status ?? 0,
      reason: head?.reason ?? '',
      version: head?.version ?? '',
      headers: head?.headers ?? [],
      trailers,
      ...this.#kept.content(),
      decodedBody: head === null || this.#kept.isCut ? null : decodedBody(head.headers, this.#kept.kept),
      bodyBytes: this.#kept.bytes,
      isBodyCut: this.#kept.isCut,
      informational: this.#informational,
      firstByteMs: rounded(this.#firstByteMs),
      endMs: problem === null ? rounded(performance.now() - this.#startedAt) : null,
      problem,
    };
  }
}

export const tooLong = `the response is longer than ${clientBounds.responseBytes / 1_048_576} MiB: it was cut`;

/** To a hundredth of a millisecond. */
export function rounded<Ms extends number | null>(ms: Ms): Ms {
  return (ms === null ? null : Math.round(ms * 100) / 100) as Ms;
}
