// Real servers to route to, started and stopped one by one on loopback ports that stay the same where they are free.
import type { AddressInfo, Server, Socket } from 'node:net';
import { type SampleName, type SampleServer, sampleNames } from '../contract/sampleApi';
import { type SampleKind, sampleAddress } from './samples/sample';
import { sampleKinds } from './samples/sampleKinds';
import { portsToTry, samplePorts } from './samples/samplePorts';

/** What "Try it with sample servers" starts. */
export const demoSamples: readonly SampleName[] = ['apple', 'banana', 'echo', 'sealed'];

export class SampleServers {
  readonly #samples: ReadonlyMap<SampleName, RunnableSample>;

  constructor() {
    this.#samples = new Map(sampleNames.map((name) => [name, new RunnableSample(name, sampleKinds[name])]));
  }

  /** All of them, whether they run or not. */
  list(): readonly SampleServer[] {
    return [...this.#samples.values()].map((sample) => sample.describe());
  }

  /** Certificates (PEM) of authorities that a client must trust to speak with the running samples. */
  trustedCertificates(): readonly string[] {
    return [...this.#samples.values()].flatMap(({ trusted }) => trusted ?? []);
  }

  /** Starts those that do not run, and returns them as they stand. Never rejects: one that cannot run says why. */
  async start(names: readonly SampleName[] = demoSamples): Promise<readonly SampleServer[]> {
    const samples = names.map((name) => this.#samples.get(name)!);
    await Promise.all(samples.map((sample) => sample.start()));
    return samples.map((sample) => sample.describe());
  }

  /** Cuts their connections. */
  async stop(names: readonly SampleName[] = sampleNames): Promise<void> {
    await Promise.all(names.map((name) => this.#samples.get(name)!.stop()));
  }
}

interface Running {
  readonly server: Server;
  readonly sockets: ReadonlySet<Socket>;
  readonly trusted: string | undefined;
  readonly close: (() => void) | undefined;
}

class RunnableSample {
  #running: Running | null = null;
  #isStarting = false;
  #problem: string | null = null;
  #served = 0;
  #port: number;
  /** One after the other: a stop waits for the start before it. */
  #queue: Promise<void> = Promise.resolve();

  constructor(
    private readonly name: SampleName,
    private readonly sample: SampleKind,
  ) {
    this.#port = samplePorts[name];
  }

  get trusted(): string | undefined {
    return this.#running?.trusted;
  }

  describe(): SampleServer {
    const { kind, about } = this.sample;
    return {
      name: this.name,
      kind,
      state: this.#state(),
      address: sampleAddress,
      port: this.#port,
      usualPort: samplePorts[this.name],
      about,
      hint: this.sample.hint(this.#port),
      served: this.#served,
      openConnections: this.#running?.sockets.size ?? 0,
      problem: this.#problem,
    };
  }

  start(): Promise<void> {
    return this.#enqueue(async () => {
      if (this.#running !== null) return;
      this.#isStarting = true;
      try {
        this.#running = await this.#open();
        this.#problem = null;
      } catch (error) {
        this.#problem = error instanceof Error ? error.message : String(error);
      } finally {
        this.#isStarting = false;
      }
    });
  }

  stop(): Promise<void> {
    return this.#enqueue(async () => {
      const running = this.#running;
      this.#running = null;
      this.#problem = null;
      if (running === null) return;
      running.close?.();
      const closed = new Promise<void>((resolve) => running.server.close(() => resolve()));
      for (const socket of running.sockets) socket.destroy();
      await closed;
    });
  }

  #state(): SampleServer['state'] {
    if (this.#isStarting) return 'starting';
    if (this.#running !== null) return 'running';
    return this.#problem === null ? 'stopped' : 'failed';
  }

  #enqueue(work: () => Promise<void>): Promise<void> {
    this.#queue = this.#queue.then(work);
    return this.#queue;
  }

  async #open(): Promise<Running> {
    const { server, trusted, close } = await this.sample.open(() => {
      this.#served += 1;
    });
    server.maxConnections = this.sample.maxConnections;
    const sockets = new Set<Socket>();
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => sockets.delete(socket));
    });
    // The last one first: endpoints may lead to it meanwhile.
    await listenOnFirst(server, [this.#port, ...portsToTry(this.name)]);
    this.#port = (server.address() as AddressInfo).port;
    return { server, sockets, trusted, close };
  }
}

async function listenOnFirst(server: Server, ports: readonly number[]): Promise<void> {
  for (const port of ports) {
    try {
      await listen(server, port);
      return;
    } catch (error) {
      // Somebody else has the port, e.g. another Hopscope.
      const { code } = error as NodeJS.ErrnoException;
      if (port === 0 || (code !== 'EADDRINUSE' && code !== 'EACCES')) throw error;
    }
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: sampleAddress, port, exclusive: true }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
