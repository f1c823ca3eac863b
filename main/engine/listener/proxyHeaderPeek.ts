// Reads a connection's PROXY header and gives back what came behind it. Bounded by the parser in bytes and by the
// header timeout in time.
import type { Socket } from 'node:net';
import type { EngineContext } from '../engineContext';
import type { Ticking } from '../ticker';
import { type AcceptedVersions, type ProxyHeader, parseProxyHeader } from './proxyProtocol';

export type ProxyPeekResult =
  | ProxyHeader
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'gone' };

export class ProxyHeaderPeek implements Ticking {
  #bytes: Buffer = Buffer.alloc(0);
  readonly #deadline: number;

  /** `onDone` is called once, with the socket paused. */
  constructor(
    private readonly context: EngineContext,
    private readonly socket: Socket,
    private readonly accepts: AcceptedVersions,
    timeoutMs: number,
    private readonly onDone: (result: ProxyPeekResult) => void,
  ) {
    this.#deadline = context.emitter.now() + timeoutMs * 1000;
    context.ticker.add(this);
    socket.on('data', this.#onData);
    socket.on('end', this.#onGone);
    socket.on('close', this.#onGone);
  }

  /** Stops without telling. */
  cancel(): void {
    this.context.ticker.delete(this);
    this.socket.off('data', this.#onData);
    this.socket.off('end', this.#onGone);
    this.socket.off('close', this.#onGone);
  }

  onTick(now: number): void {
    if (now >= this.#deadline) this.#finish({ kind: 'timeout' });
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    const result = parseProxyHeader(this.#bytes, this.accepts);
    if (result.kind !== 'needMore') this.#finish(result);
  };

  readonly #onGone = (): void => this.#finish({ kind: 'gone' });

  #finish(result: ProxyPeekResult): void {
    this.cancel();
    this.socket.pause();
    if (result.kind === 'header' && result.length < this.#bytes.length) {
      this.socket.unshift(this.#bytes.subarray(result.length));
    }
    this.onDone(result);
  }
}
