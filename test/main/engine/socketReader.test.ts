import { once } from 'node:events';
import type { Socket } from 'node:net';
import { expect, it } from 'vitest';
import { SocketReader } from '../../../main/engine/socketReader';
import { secureSocketPair, socketPair } from '../../helpers/socketPairs';

const copyOf = (bytes: Buffer, length: number) => Buffer.from(bytes.subarray(0, length));
const numbered = Buffer.from(Array.from({ length: 200_000 }, (_, index) => `${index}\n`).join(''));

it.each([
  ['a plain socket', socketPair],
  ['an encrypted socket', secureSocketPair],
])(
  'gives every byte of %s in order to a reader that pauses and goes on again and again',
  async (_kind, open) => {
    const { client, accepted } = await open();
    const chunks: Buffer[] = [];
    new SocketReader<Socket>(function onBytes(bytes, length) {
      chunks.push(copyOf(bytes, length));
      if (chunks.length % 3 !== 0) return;
      this.pause();
      setImmediate(() => this.resume());
    }).attach(accepted);
    client.end(numbered);
    await once(accepted, 'end');
    expect(Buffer.concat(chunks).equals(numbered)).toBe(true);
  },
);

it('leaves what comes while paused to the stream, and so its back pressure', async () => {
  const { client, accepted } = await socketPair();
  let calls = 0;
  new SocketReader<Socket>(function onBytes() {
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
  const reader = new SocketReader<Socket>(function onBytes(bytes, length) {
    first.push(copyOf(bytes, length));
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

it('counts what was read, and ends when the peer does', async () => {
  const { client, accepted } = await socketPair();
  let length = 0;
  new SocketReader<Socket>(function onBytes(_bytes, count) {
    length += count;
  }).attach(accepted);
  client.end(numbered);
  await once(accepted, 'end');
  expect(length).toBe(numbered.length);
  expect(accepted.bytesRead).toBe(numbered.length);
});

it('lends the bytes of a plain and of an encrypted socket from the same buffer', async () => {
  const lent: { bytes: Buffer; isShared: boolean }[] = [];
  const reader = new SocketReader<Socket>(function onBytes(bytes, length, isShared) {
    lent.push({ bytes, isShared });
    texts.push(bytes.toString('latin1', 0, length));
    this.emit('told');
  });
  const texts: string[] = [];
  const plain = await socketPair();
  const secure = await secureSocketPair();
  for (const { client, accepted } of [plain, secure]) {
    reader.attach(accepted);
    client.write(`message ${texts.length}`);
    await once(accepted, 'told');
  }
  expect(texts).toEqual(['message 0', 'message 1']);
  expect(lent.map(({ isShared }) => isShared)).toEqual([true, true]);
  expect(lent[0]!.bytes).toBe(lent[1]!.bytes);
});
