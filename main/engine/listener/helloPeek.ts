// Reads a client's first bytes until they are a whole ClientHello or can no longer become one.
import type { Socket } from 'node:net';
import type { EngineContext } from '../engineContext';
import type { Ticking } from '../ticker';
import { type ClientHelloResult, parseClientHello } from './clientHello';

export type PeekResult =
  | Exclude<ClientHelloResult, { readonly kind: 'needMore' }>
  | { readonly kind: 'timeout' }
  /** The client left or reset. */
  | { readonly kind: 'gone'; readonly reason: 'end' | 'reset' };

export class HelloPeek implements Ticking {
  readonly #chunks: Buffer[] = [];
  #length = 0;
  #wanted = 1;
  readonly #deadline: number;

  /** `onDone` is called once, with the socket paused, and every byte that was read. */
  constructor(
    private readonly context: EngineContext,
    private readonly socket: Socket,
    timeoutMs: number,
    private readonly onDone: (result: PeekResult, bytes: Buffer) => void,
  ) {
    this.#deadline = context.emitter.now() + timeoutMs * 1000;
    context.ticker.add(this);
    socket.on('data', this.#onData);
    socket.on('end', this.#onEnd);
    socket.on('error', this.#onGone);
    socket.on('close', this.#onGone);
    // A PROXY header was read before.
    if (socket.isPaused()) socket.resume();
  }

  /** Stops without telling. */
  cancel(): void {
    this.context.ticker.delete(this);
    this.socket.off('data', this.#onData);
    this.socket.off('end', this.#onEnd);
    this.socket.off('close', this.#onGone);
    this.socket.off('error', this.#onGone);
  }

  onTick(now: number): void {
    if (now >= this.#deadline) this.#finish({ kind: 'timeout' });
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    // A first byte that is not TLS is refused at once, whatever `wanted` says later.
    if (this.#length < this.#wanted) return;
    const bytes = this.#gathered();
    const result = parseClientHello(bytes);
    if (result.kind === 'needMore') this.#wanted = result.atLeast;
    else this.#finish(result);
  };

  readonly #onEnd = (): void => this.#finish({ kind: 'gone', reason: 'end' });

  readonly #onGone = (): void => this.#finish({ kind: 'gone', reason: 'reset' });

  #gathered(): Buffer {
    if (this.#chunks.length === 1) return this.#chunks[0]!;
    const whole = Buffer.concat(this.#chunks, this.#length);
    this.#chunks.length = 0;
    this.#chunks.push(whole);
    return whole;
  }

  #finish(result: PeekResult): void {
    const bytes = this.#length === 0 ? Buffer.alloc(0) : this.#gathered();
    this.cancel();
    this.socket.pause();
    this.onDone(result, bytes);
  }
}
