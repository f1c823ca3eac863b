import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { ChunkReader } from '../../../main/engine/chunkReader';

async function socketPair(): Promise<{ client: Socket; accepted: Socket }> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [accepted] = (await once(server, 'connection')) as [Socket];
  onTestFinished(() => {
    client.destroy();
    accepted.destroy();
    server.close();
  });
  return { client, accepted };
}

const numbered = Buffer.from(Array.from({ length: 200_000 }, (_, index) => `${index}\n`).join(''));

it('gives every byte in order to a reader that pauses and goes on again and again', async () => {
  const { client, accepted } = await socketPair();
  const chunks: Buffer[] = [];
  new ChunkReader<Socket>(function onChunk(chunk) {
    chunks.push(chunk);
    if (chunks.length % 3 !== 0) return;
    this.pause();
    setImmediate(() => this.resume());
  }).attach(accepted);
  client.end(numbered);
  await once(accepted, 'end');
  expect(Buffer.concat(chunks).equals(numbered)).toBe(true);
});

it('leaves what comes while paused to the stream, and so its back pressure', async () => {
  const { client, accepted } = await socketPair();
  let calls = 0;
  new ChunkReader<Socket>(function onChunk() {
    calls++;
    this.pause();
  }).attach(accepted);
  client.write(numbered);
  let turns = 0;
  while (accepted.readableLength < accepted.readableHighWaterMark || ++turns < 100) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(calls).toBe(1);
  expect(accepted.readableLength).toBeLessThan(accepted.readableHighWaterMark + 65_537);
});

it('hands a socket on without losing a byte', async () => {
  const { client, accepted } = await socketPair();
  const reader = new ChunkReader<Socket>(function onChunk(chunk) {
    first.push(chunk);
    reader.detach(this);
    this.on('data', (next: Buffer) => second.push(next));
  });
  const first: Buffer[] = [];
  const second: Buffer[] = [];
  reader.attach(accepted);
  client.end(numbered);
  await once(accepted, 'end');
  expect(first).toHaveLength(1);
  expect(Buffer.concat([...first, ...second]).equals(numbered)).toBe(true);
});
