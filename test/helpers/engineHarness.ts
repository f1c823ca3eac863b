// A real engine with a workspace, and its events to wait for. Everything is closed by `close`.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { WorkspaceDocument } from '../../main/contract/config';
import type { FlowEvent, FlowEventKind, FlowEventOf } from '../../main/contract/flowEvent';
import { parseWorkspace } from '../../main/contract/validateConfig';
import type { CertificateMap } from '../../main/engine/certificateContexts';
import { type ApplyOutcome, Engine, type EngineOptions } from '../../main/engine/engine';
import type { FlowReader } from '../../main/engine/flowReader';

export class EngineHarness {
  readonly engine: Engine;
  readonly events: FlowEvent[] = [];
  readonly #reader: FlowReader;
  readonly #waiting = new Set<() => void>();
  #revision = 0;

  constructor(options: EngineOptions = {}) {
    this.engine = new Engine({ ...options, emitter: { wakeAfterMs: 1, ...options.emitter } });
    this.#reader = this.engine.emitter.openReader({ from: 'now', onWake: () => this.#read() });
  }

  /** Applies a document that must be without errors. */
  apply(document: WorkspaceDocument, certificates: CertificateMap = new Map()): Promise<ApplyOutcome> {
    const { workspace, issues } = parseWorkspace(document);
    if (workspace === null) throw new Error(`bad test workspace: ${JSON.stringify(issues)}`);
    return this.engine.apply({ revision: ++this.#revision, workspace, certificates });
  }

  async run(document: WorkspaceDocument, certificates?: CertificateMap): Promise<void> {
    const outcome = await this.apply(document, certificates);
    if (!outcome.ok) throw new Error(`not applied: ${JSON.stringify(outcome.issues)}`);
  }

  port(listener: string): number {
    return this.engine.listeners().find(({ id }) => id === listener)!.port;
  }

  /** The first event of that kind, now or later, for which `accepts` holds. */
  async waitFor<Kind extends FlowEventKind>(
    kind: Kind,
    accepts: (event: FlowEventOf<Kind>) => boolean = () => true,
  ): Promise<FlowEventOf<Kind>> {
    for (;;) {
      const found = this.events.find(
        (event): event is FlowEventOf<Kind> => event.kind === kind && accepts(event as FlowEventOf<Kind>),
      );
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  /** Events of one flow in order, without what differs from run to run. */
  story(flowId: number): Record<string, unknown>[] {
    return this.events
      .filter((event) => event.flowId === flowId)
      .map(({ seq, at, wallTime, flowId: _flow, connectionId, ...rest }) => stripVolatile(rest));
  }

  async close(): Promise<void> {
    await this.engine.close({ drainMs: 0 });
    this.#reader.close();
  }

  #read(): void {
    this.events.push(...this.#reader.read());
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }
}

function stripVolatile(event: Record<string, unknown>): Record<string, unknown> {
  const { remote, local, client, durationMicroseconds, ...rest } = event;
  return rest;
}

/** A TCP server on a free loopback port. */
export class TestServer {
  readonly sockets = new Set<Socket>();

  private constructor(readonly server: Server) {}

  static async start(
    onConnection: (socket: Socket) => void,
    address = '127.0.0.1',
    port = 0,
  ): Promise<TestServer> {
    const started = new TestServer(createServer({ allowHalfOpen: true }));
    started.server.on('connection', (socket) => {
      started.sockets.add(socket);
      socket.on('error', () => started.sockets.delete(socket));
      socket.on('close', () => started.sockets.delete(socket));
      onConnection(socket);
    });
    started.server.listen(port, address);
    await once(started.server, 'listening');
    return started;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }
}

/** A port on which nothing listens (for the moment). */
export async function freePort(): Promise<number> {
  const server = await TestServer.start(() => undefined);
  const { port } = server;
  await server.close();
  return port;
}

/** A connected client that keeps what it reads. */
export class TestClient {
  readonly received: Buffer[] = [];
  #length = 0;
  hasEnded = false;
  error: NodeJS.ErrnoException | null = null;
  isClosed = false;
  readonly #waiting = new Set<() => void>();

  private constructor(readonly socket: Socket) {
    socket.on('data', (bytes) => {
      this.received.push(bytes);
      this.#length += bytes.length;
      this.#wake();
    });
    socket.on('end', () => {
      this.hasEnded = true;
      this.#wake();
    });
    socket.on('error', (error) => {
      this.error = error;
      this.#wake();
    });
    socket.on('close', () => {
      this.isClosed = true;
      this.#wake();
    });
  }

  static async connect(port: number): Promise<TestClient> {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    await once(socket, 'connect');
    return new TestClient(socket);
  }

  get length(): number {
    return this.#length;
  }

  get text(): string {
    return Buffer.concat(this.received).toString('latin1');
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }
}
