// A step that the body of a response takes on its way from where it comes (an endpoint, the cache) to the client. Steps
// form a chain in the order of the route's filters, the one nearest to the endpoint first.

export interface BodyStage {
  /** It has more than it should: no more is read from the endpoint until the exchange is told to go on. */
  readonly isFull: boolean;
  /** Bytes of the body without framing. The buffer is read into again: what is kept must be copied. */
  take(buffer: Buffer, start: number, end: number): void;
  /** That was all; the next step hears of it when everything was passed on, which may be later. */
  end(): void;
  /** The client takes bytes again. */
  onDrain(): void;
  /** The response is over, complete or not. */
  close(): void;
}

/** Who is at the end of the chain. Implemented by the exchange. */
export interface StagedResponse {
  onStagedBytes(bytes: Buffer): void;
  onStagedEnd(): void;
  onStagedError(error: Error): void;
  /** More than enough waits for the client to read. */
  isCongested(): boolean;
  pauseEndpoint(): void;
  resumeEndpoint(): void;
}

/** The end of the chain. */
export class ClientStage implements BodyStage {
  readonly isFull = false;

  constructor(private readonly response: StagedResponse) {}

  take(buffer: Buffer, start: number, end: number): void {
    const isWhole = start === 0 && end === buffer.length;
    if (end > start) this.response.onStagedBytes(isWhole ? buffer : buffer.subarray(start, end));
  }

  end(): void {
    this.response.onStagedEnd();
  }

  onDrain(): void {
    // Nothing waits here.
  }

  close(): void {
    // Nothing is held here.
  }
}
