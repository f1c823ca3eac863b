// What happens while something is sent, as events with their times, at most so many.
import { clientBounds } from '../../contract/clientRequest';
import type { ClientEvent, ClientTls, RepeatSummary } from '../../contract/clientResult';
import type { SocketAddress } from '../../contract/flowEvent';
import { type ExchangeWatch, rounded } from './exchange';
import type { WebSocketWatch } from './webSocketSession';

type Untimed<Event> = Event extends unknown ? Omit<Event, 'atMs'> : never;

export class SendLog {
  /** Events that were only counted. */
  untold = 0;
  #told = 0;
  readonly #startedAt = performance.now();

  constructor(private readonly onEvent: (event: ClientEvent) => void) {}

  atMs(): number {
    return rounded(performance.now() - this.#startedAt);
  }

  connected(connection: number, clientPort: number, peer: SocketAddress): void {
    this.#tell({ kind: 'connected', connection, clientPort, peer });
  }

  secured(connection: number, tls: ClientTls): void {
    this.#tell({ kind: 'secured', connection, tls });
  }

  closed(connection: number, by: 'client' | 'server', detail: string): void {
    this.#tell({ kind: 'closed', connection, by, detail });
  }

  /** Progress is the newest state, not a part of the story: it is always told. */
  progress(summary: RepeatSummary): void {
    this.onEvent({ kind: 'progress', atMs: this.atMs(), connection: 0, summary });
  }

  watch(connection: number, touch: () => void): ExchangeWatch {
    return {
      touch,
      requested: (stream, streamId) => this.#tell({ kind: 'requested', connection, stream, streamId }),
      sent: (stream, piece, of, bytes) => this.#tell({ kind: 'sent', connection, stream, piece, of, bytes }),
      received: (stream, bytes) => {
        if (bytes > 0) this.#tell({ kind: 'received', connection, stream, bytes });
      },
      informational: (stream, { status, headers }) =>
        this.#tell({ kind: 'informational', connection, stream, status, headers }),
      head: (stream, head) => this.#tell({ kind: 'head', connection, stream, ...head }),
      gaveUp: (stream, detail) => this.#tell({ kind: 'gaveUp', connection, stream, detail }),
      // What is kept of a body has a bound of its own.
      body: (stream, text) => this.onEvent({ kind: 'body', atMs: this.atMs(), connection, stream, text }),
    };
  }

  webSocketWatch(connection: number, touch: () => void): WebSocketWatch {
    return {
      ...this.watch(connection, touch),
      message: (event) => this.#tell({ kind: 'message', connection, ...event }),
      closed: (by, detail) => this.closed(connection, by, detail),
    };
  }

  #tell(event: Untimed<ClientEvent>): void {
    if (this.#told >= clientBounds.events) {
      this.untold++;
      return;
    }
    this.#told++;
    this.onEvent({ ...event, atMs: this.atMs() } as ClientEvent);
  }
}
