// A real engine with filters on its one route, in front of a real HTTP origin whose answers the test decides.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FilterDocument, HttpRouteDocument, WorkspaceDocument } from '../../main/contract/config';
import type { EngineOptions } from '../../main/engine/engine';
import { EngineHarness, TestClient } from './engineHarness';

export type Answer = (request: IncomingMessage, response: ServerResponse, count: number) => void;

export interface Answered {
  readonly status: number;
  readonly head: string;
  readonly body: Buffer;
  header(name: string): string | undefined;
}

export class CacheHarness {
  private constructor(
    readonly engine: EngineHarness,
    readonly origin: Server,
    readonly document: WorkspaceDocument,
    /** Those that reached the origin. */
    readonly requests: readonly IncomingMessage[],
  ) {}

  static async start(
    filters: FilterDocument[],
    answer: Answer,
    options: { readonly engine?: EngineOptions; readonly route?: Partial<HttpRouteDocument> } = {},
  ): Promise<CacheHarness> {
    const requests: IncomingMessage[] = [];
    const origin = createServer((request, response) => {
      requests.push(request);
      // Tests move the engine's clock, not the origin's.
      response.sendDate = false;
      answer(request, response, requests.length);
    });
    await new Promise<void>((done) => origin.listen(0, '127.0.0.1', done));
    const { port } = origin.address() as AddressInfo;
    const document: WorkspaceDocument = {
      schemaVersion: 1,
      listeners: [{ id: 'web', port: 0, protocol: 'http' }],
      routes: [
        {
          id: 'all',
          kind: 'http',
          listeners: ['web'],
          filters,
          backends: [{ pool: 'origin' }],
          ...options.route,
        },
      ],
      pools: [{ id: 'origin', endpoints: [{ address: '127.0.0.1', port }] }],
    };
    const harness = new CacheHarness(new EngineHarness(options.engine), origin, document, requests);
    await harness.engine.run(document);
    return harness;
  }

  connect(): Promise<TestClient> {
    return TestClient.connect(this.engine.port('web'));
  }

  /** One request on a connection of its own, read to its end. */
  async ask(path = '/', headers: Record<string, string> = {}, method = 'GET'): Promise<Answered> {
    const client = await this.connect();
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    client.socket.write(
      `${method} ${path} HTTP/1.1\r\nHost: a.test\r\n${lines.join('')}Connection: close\r\n\r\n`,
    );
    await client.until(() => client.hasEnded || client.isClosed);
    client.socket.destroy();
    return parseAnswer(Buffer.concat(client.received));
  }

  /** The origin is gone from now on. */
  stopOrigin(): Promise<void> {
    return new Promise((done) => {
      this.origin.close(() => done());
      this.origin.closeAllConnections();
    });
  }

  async close(): Promise<void> {
    await this.engine.close();
    if (this.origin.listening) await this.stopOrigin();
  }
}

export function parseAnswer(bytes: Buffer): Answered {
  const headEnd = bytes.indexOf('\r\n\r\n') + 4;
  const head = bytes.toString('latin1', 0, headEnd);
  const header = (name: string) => {
    const found = new RegExp(`^${name}: (.*)\r$`, 'gim');
    const values = [...head.matchAll(found)].map((match) => match[1]!);
    return values.length === 0 ? undefined : values.join(', ');
  };
  const rest = bytes.subarray(headEnd);
  const body = header('transfer-encoding') === 'chunked' ? dechunked(rest) : rest;
  return { status: Number(head.slice(9, 12)), head, body, header };
}

/** Throws when the body is cut. */
function dechunked(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  let position = 0;
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', position);
    if (lineEnd === -1) throw new Error('the chunked body is cut');
    const size = Number.parseInt(bytes.toString('latin1', position, lineEnd), 16);
    if (size === 0) return Buffer.concat(parts);
    parts.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    position = lineEnd + 2 + size + 2;
  }
}
