// A real engine with one HTTP listener, and an origin whose every connection is scripted by the test.
import type { Socket } from 'node:net';
import type { HttpRouteDocument, PoolDocument, WorkspaceDocument } from '../../main/contract/config';
import type { EngineOptions } from '../../main/engine/engine';
import { EngineHarness, TestClient, TestServer } from './engineHarness';

/** One connection that the proxy made to the origin. */
export class OriginConnection {
  received = '';
  hasEnded = false;
  isClosed = false;
  readonly #waiting = new Set<() => void>();

  constructor(readonly socket: Socket) {
    socket.on('data', (bytes) => {
      this.received += bytes.toString('latin1');
      this.#wake();
    });
    socket.on('end', () => {
      this.hasEnded = true;
      this.#wake();
    });
    socket.on('close', () => {
      this.isClosed = true;
      this.#wake();
    });
  }

  async until(condition: (connection: this) => boolean): Promise<this> {
    while (!condition(this)) await new Promise<void>((resolve) => this.#waiting.add(resolve));
    return this;
  }

  /** A whole head has come, and this after it. */
  untilReceived(text: string): Promise<this> {
    return this.until(({ received }) => received.includes(text));
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }
}

export class HttpHarness {
  readonly connections: OriginConnection[] = [];
  readonly #waiting = new Set<() => void>();

  private constructor(
    readonly engine: EngineHarness,
    readonly origin: TestServer,
  ) {}

  static async start(
    options: Parameters<HttpHarness['document']>[0] = {},
    engine: EngineOptions = {},
  ): Promise<HttpHarness> {
    let started: HttpHarness | null = null;
    const origin = await TestServer.start((socket) => started?.onConnection(socket));
    started = new HttpHarness(new EngineHarness(engine), origin);
    await started.engine.run(started.document(options));
    return started;
  }

  document(options: {
    readonly route?: Partial<HttpRouteDocument>;
    readonly pool?: Partial<PoolDocument>;
    readonly limits?: Record<string, number>;
  }): WorkspaceDocument {
    const { route, pool, limits } = options;
    return {
      schemaVersion: 1,
      listeners: [{ id: 'web', port: 0, protocol: 'http', ...(limits === undefined ? {} : { limits }) }],
      routes: [{ id: 'all', kind: 'http', listeners: ['web'], backends: [{ pool: 'origin' }], ...route }],
      pools: [{ id: 'origin', endpoints: [{ address: '127.0.0.1', port: this.origin.port }], ...pool }],
    };
  }

  connect(): Promise<TestClient> {
    return TestClient.connect(this.engine.port('web'));
  }

  /** The n-th connection that the origin got, counted from 1. */
  async originConnection(number: number): Promise<OriginConnection> {
    while (this.connections.length < number) await new Promise<void>((resolve) => this.#waiting.add(resolve));
    return this.connections[number - 1]!;
  }

  async close(): Promise<void> {
    await this.engine.close();
    await this.origin.close();
  }

  private onConnection(socket: Socket): void {
    this.connections.push(new OriginConnection(socket));
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }
}

export const ok = (body: string, extra = '') =>
  `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n${extra}\r\n${body}`;

export const get = (path = '/', extra = '') => `GET ${path} HTTP/1.1\r\nHost: a.test\r\n${extra}\r\n`;

export const post = (body: string, extra = '') =>
  `POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: ${body.length}\r\n${extra}\r\n${body}`;
