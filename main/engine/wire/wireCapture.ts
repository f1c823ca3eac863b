// The wire as it was: bytes of both legs below TLS, and the keys of the TLS that ends here. Kept only while capture is full
// (headers and bodies) and somebody watches; in memory only, never in an event, a log or the workspace, and dropped the
// moment capture is switched off. Looked at once for each new connection, never for each read while it is off.
import type { Socket } from 'node:net';
import type { Leg } from '../../contract/flowEvent';
import type { FlowEmitter } from '../flowEmitter';
import { RecordedConnection, type WireConnection, type WireMark, weightOf } from './wireConnection';
import { WireTap } from './wireTap';

export interface WireLimits {
  /** Of each connection, from its beginning, in bytes. */
  readonly bytesPerConnection: number;
  /** Of all together; the oldest that are closed go first. */
  readonly bytes: number;
  readonly connections: number;
}

const defaultLimits: WireLimits = {
  bytesPerConnection: 8 * 1024 * 1024,
  bytes: 64 * 1024 * 1024,
  connections: 2000,
};

export interface TappedConnection {
  readonly connectionId: number;
  readonly leg: Leg;
  readonly listener: string;
  readonly pool: string | null;
}

export class WireCapture {
  readonly limits: WireLimits;
  readonly #connections = new Map<number, RecordedConnection>();
  /** Those of them that are closed, the oldest first. */
  readonly #closed = new Set<RecordedConnection>();
  #bytes = 0;
  #isFullCapture = false;

  constructor(
    private readonly emitter: FlowEmitter,
    limits: Partial<WireLimits> = {},
  ) {
    this.limits = { ...defaultLimits, ...limits };
  }

  /** Connections that begin now are kept. */
  get isOn(): boolean {
    return this.#isFullCapture && this.emitter.isWatched;
  }

  get isFullCapture(): boolean {
    return this.#isFullCapture;
  }

  /** Off forgets everything, the keys too. */
  setFullCapture(isFull: boolean): void {
    this.#isFullCapture = isFull;
    if (isFull) return;
    for (const connection of this.#connections.values()) connection.drop();
    this.#connections.clear();
    this.#closed.clear();
    this.#bytes = 0;
  }

  /** null = nothing was kept of it, or no longer. */
  connection(id: number): WireConnection | null {
    return this.#connections.get(id) ?? null;
  }

  /**
   * Begins with the first byte of this socket: call it before anything is read or written. null = capture is off, or more
   * connections are open than are kept.
   */
  tap(socket: Socket, { connectionId, leg, listener, pool }: TappedConnection): WireTap | null {
    if (!this.isOn) return null;
    if (this.#connections.size >= this.limits.connections && !this.#forgetOldest()) return null;
    const { emitter } = this;
    const connection = new RecordedConnection(connectionId, leg, listener, pool, emitter.now());
    this.#connections.set(connectionId, connection);
    return new WireTap(socket, connection, {
      now: () => emitter.now(),
      keep: (mark) => this.#keep(connection, mark),
      onClosed: () => {
        connection.isClosed = true;
        if (!connection.isDropped) this.#closed.add(connection);
      },
    });
  }

  #keep(connection: RecordedConnection, mark: WireMark): void {
    if (connection.isDropped) return;
    const weight = weightOf(mark);
    // The end of a connection is always told.
    if (mark.kind === 'bytes') {
      connection.isFull ||= connection.weight + weight > this.limits.bytesPerConnection;
      connection.isFull ||= !this.#makeRoom(weight);
      if (connection.isFull) {
        connection.lostBytes[mark.sender] += mark.data.length;
        return;
      }
    }
    connection.add(mark);
    this.#bytes += weight;
  }

  #makeRoom(bytes: number): boolean {
    while (this.#bytes + bytes > this.limits.bytes) if (!this.#forgetOldest()) return false;
    return true;
  }

  #forgetOldest(): boolean {
    for (const oldest of this.#closed) {
      this.#closed.delete(oldest);
      this.#connections.delete(oldest.id);
      this.#bytes -= oldest.weight;
      oldest.drop();
      return true;
    }
    return false;
  }
}
