// The corpus of ClientHellos through a tls listener: each goes whole and unchanged to the endpoint of its name, or nowhere.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HelloCase, helloCases } from '../corpus/clientHellos';
import { EngineHarness, TestClient, TestServer } from '../helpers/engineHarness';

const corpus = helloCases();
const routes = { bank: ['bank.example.test'], shop: ['*.shop.test'], any: [] } as const;
let harness: EngineHarness;
const received: { route: string; bytes: Buffer }[] = [];
const servers: TestServer[] = [];

beforeAll(async () => {
  harness = new EngineHarness();
  for (const route of Object.keys(routes)) {
    servers.push(
      await TestServer.start((socket) => {
        const got = { route, bytes: Buffer.alloc(0) };
        received.push(got);
        socket.on('data', (bytes) => {
          got.bytes = Buffer.concat([got.bytes, bytes]);
        });
        socket.on('end', () => socket.end());
      }),
    );
  }
  await harness.run({
    schemaVersion: 1,
    listeners: [{ id: 'edge', port: 0, protocol: 'tls' }],
    routes: Object.entries(routes).map(([id, hostnames]) => ({
      id,
      kind: 'tls' as const,
      listeners: ['edge'],
      hostnames: [...hostnames],
      backends: [{ pool: id }],
    })),
    pools: Object.keys(routes).map((id, index) => ({
      id,
      endpoints: [{ address: '127.0.0.1', port: servers[index]!.port }],
    })),
  });
});

afterAll(async () => {
  await harness.close();
  for (const server of servers) await server.close();
});

async function send({ pieces }: HelloCase): Promise<readonly { route: string; bytes: Buffer }[]> {
  const before = received.length;
  const client = await TestClient.connect(harness.port('edge'));
  for (const piece of pieces) client.socket.write(piece);
  client.socket.end();
  await client.until(() => client.hasEnded || client.isClosed);
  client.socket.destroy();
  return received.slice(before);
}

describe('the corpus of ClientHellos', () => {
  it('goes where its name says, byte by byte as it came, or nowhere', async () => {
    expect(corpus.length).toBeGreaterThanOrEqual(69);
    const wrong: string[] = [];
    for (const each of corpus) {
      const got = await send(each);
      const isRight =
        each.route === null
          ? got.length === 0
          : got.length === 1 &&
            got[0]!.route === each.route &&
            got[0]!.bytes.equals(Buffer.concat(each.pieces));
      if (!isRight)
        wrong.push(
          `${each.name}: wanted ${each.route}, got ${got.map(({ route }) => route).join() || 'nobody'}`,
        );
    }
    console.log(`${corpus.length} ClientHellos, ${wrong.length} handled wrongly`);
    expect(wrong).toEqual([]);
  });
});
