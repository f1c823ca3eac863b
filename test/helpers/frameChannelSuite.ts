// What every FrameChannel must do, whatever carries it. Each adapter's test file runs this with its own pair.
import { describe, expect, it } from 'vitest';
import type { FrameChannel } from '../../main/contract/frame';

export interface ChannelPair {
  readonly client: FrameChannel;
  readonly server: FrameChannel;
  close(): Promise<void> | void;
}

export function describeFrameChannel(name: string, makePair: () => Promise<ChannelPair>): void {
  describe(`${name} as a frame channel`, () => {
    async function withPair(work: (pair: ChannelPair) => Promise<void>): Promise<void> {
      const pair = await makePair();
      try {
        await work(pair);
      } finally {
        await pair.close();
      }
    }

    it('delivers frames in order, both ways', () =>
      withPair(async ({ client, server }) => {
        const count = 500;
        const atServer = collect(server, count);
        const atClient = collect(client, count);
        for (let index = 0; index < count; index++) {
          client.send({ from: 'client', index });
          server.send({ from: 'server', index });
        }
        const numbers = (frames: unknown[]) => frames.map((frame) => (frame as { index: number }).index);
        const expected = Array.from({ length: count }, (_, index) => index);
        expect(numbers(await atServer)).toEqual(expected);
        expect(numbers(await atClient)).toEqual(expected);
      }));

    it('delivers a frame of several megabytes whole', () =>
      withPair(async ({ client, server }) => {
        const arrived = collect(server, 1);
        const text = 'ä€😀"\\\n'.repeat(300_000);
        client.send({ text });
        expect(await arrived).toEqual([{ text }]);
      }));

    it('keeps text that could break out of a page as it is', () =>
      withPair(async ({ client, server }) => {
        const arrived = collect(server, 1);
        const frame = { a: '</script>\u2028\u0000', b: [null, true, 1.5, { c: '' }] };
        client.send(frame);
        expect(await arrived).toEqual([frame]);
      }));

    it('gives frames that came early to the handler that comes late', () =>
      withPair(async ({ client, server }) => {
        const echoed = collect(client, 1);
        client.send('first');
        client.send('second');
        // A round trip through the other direction proves that both have arrived meanwhile or are on their way.
        server.send('go');
        await echoed;
        expect(await collect(server, 2)).toEqual(['first', 'second']);
      }));

    it('tells the server when the client closes', () =>
      withPair(async ({ client, server }) => {
        const closed = closeOf(server);
        client.close();
        await closed;
      }));

    it('tells the client when the server closes', () =>
      withPair(async ({ client, server }) => {
        const closed = closeOf(client);
        server.close();
        await closed;
      }));

    it('drops what is sent after the close without an error', () =>
      withPair(async ({ client, server }) => {
        const closed = closeOf(server);
        client.close();
        await closed;
        server.send({ late: true });
        client.send({ late: true });
        client.close();
      }));

    it('counts what is buffered and comes back to zero', () =>
      withPair(async ({ client, server }) => {
        expect(server.bufferedBytes()).toBe(0);
        const arrived = collect(client, 20);
        for (let index = 0; index < 20; index++) server.send({ text: 'x'.repeat(100_000) });
        expect(server.bufferedBytes()).toBeGreaterThanOrEqual(0);
        await arrived;
        // The other side has all of it, so a last round trip finds nothing left.
        const answered = collect(server, 1);
        client.send('done');
        await answered;
        expect(server.bufferedBytes()).toBe(0);
      }));
  });
}

/** The next `count` frames. Takes the channel's one handler. */
export function collect(channel: FrameChannel, count: number): Promise<unknown[]> {
  return new Promise((resolve) => {
    const frames: unknown[] = [];
    channel.onMessage((frame) => {
      frames.push(frame);
      if (frames.length === count) resolve(frames);
    });
  });
}

export function closeOf(channel: FrameChannel): Promise<void> {
  return new Promise((resolve) => channel.onClose(() => resolve()));
}
