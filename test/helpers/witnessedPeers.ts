// Peers whose sockets are witnessed, around a real engine; all are closed together.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket, connect as tcpConnect } from 'node:net';
import type { WorkspaceDocument } from '../../main/contract/config';
import { EngineHarness } from './engineHarness';
import { WireWitness } from './wireWitness';

export interface WitnessedEndpoint {
  readonly port: number;
  /** In the order in which they were opened. */
  readonly connections: readonly WireWitness[];
  /** Waits for it. */
  connection(index?: number): Promise<WireWitness>;
}

export class WitnessedPeers {
  readonly #open: { close(): unknown }[] = [];

  closeLater(closable: { close(): unknown }): void {
    this.#open.push(closable);
  }

  /** Newest first. */
  async close(): Promise<void> {
    for (const each of this.#open.splice(0).reverse()) await each.close();
  }

  /** `onConnection` answers by itself; without it the test does. */
  async endpoint(
    server: Server = createServer({ allowHalfOpen: true }),
    onConnection: (connection: WireWitness) => void = () => undefined,
  ): Promise<WitnessedEndpoint> {
    const connections: WireWitness[] = [];
    const waiting: (() => void)[] = [];
    const event = 'setSecureContext' in server ? 'secureConnection' : 'connection';
    server.on(event, (socket: Socket) => {
      const witness = new WireWitness(socket);
      connections.push(witness);
      onConnection(witness);
      for (const wake of waiting.splice(0)) wake();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.closeLater({
      close: () => {
        for (const { socket } of connections) socket.destroy();
        server.close();
      },
    });
    return {
      port: (server.address() as AddressInfo).port,
      connections,
      async connection(index = 0) {
        while (connections.length <= index) await new Promise<void>((resolve) => waiting.push(resolve));
        return connections[index]!;
      },
    };
  }

  async engine(
    document: Omit<WorkspaceDocument, 'schemaVersion'>,
    certificates = new Map(),
  ): Promise<EngineHarness> {
    const harness = new EngineHarness();
    this.closeLater(harness);
    await harness.run({ schemaVersion: 1, ...document }, certificates);
    return harness;
  }

  async client(port: number): Promise<WireWitness> {
    const socket = tcpConnect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    await once(socket, 'connect');
    this.closeLater({ close: () => socket.destroy() });
    return new WireWitness(socket);
  }
}

/** Question and answer in turn, so that each is one read of the proxy. */
export async function talk(
  asking: WireWitness,
  answering: WireWitness,
  sizes: readonly (readonly [number, number])[],
) {
  let asked = answering.received.length;
  let answered = asking.received.length;
  for (const [question, answer] of sizes) {
    asked += question;
    answered += answer;
    asking.write(Buffer.alloc(question, 97));
    await answering.untilReceived(asked);
    answering.write(Buffer.alloc(answer, 98));
    await asking.untilReceived(answered);
  }
}
