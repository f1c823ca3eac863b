import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readShared } from '../../../main/engine/sharedReads';
import { writeSoon } from '../../../main/engine/turnWriter';

const large = 8 * 1024 * 1024;

describe('texts that leave at the end of the turn', () => {
  let server: Server;
  let near: Socket;
  let far: Socket;
  let received: Buffer[];

  beforeEach(async () => {
    server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    far = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    [[near]] = await Promise.all([once(server, 'connection') as Promise<[Socket]>, once(far, 'connect')]);
    near.on('error', () => undefined);
    received = [];
    far.on('data', (bytes: Buffer) => received.push(bytes));
  });

  afterEach(() => {
    near.destroy();
    far.destroy();
    server.close();
  });

  const text = () => Buffer.concat(received).toString('latin1');
  const until = async (check: () => boolean) => {
    while (!check()) await once(far, 'data');
  };

  it('come in the order of the calls, whatever way each takes', async () => {
    writeSoon(near, '1');
    writeSoon(near, '2');
    near.write('3');
    writeSoon(near, '4');
    near.cork();
    near.write('5');
    near.write('6');
    near.uncork();
    writeSoon(near, '7');
    near.end('8');
    await once(far, 'end');
    expect(text()).toBe('12345678');
  });

  it('have all bytes from 0 to 255', async () => {
    const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    writeSoon(near, all.toString('latin1'));
    await until(() => text().length === 256);
    expect(Buffer.concat(received)).toEqual(all);
  });

  it('are counted by the socket as what the system has not taken yet, and drain', async () => {
    far.pause();
    writeSoon(near, 'x'.repeat(large));
    expect(near.writableLength).toBe(0);
    await new Promise<void>((done) => setImmediate(() => setImmediate(done)));
    expect(near.writableLength).toBe(large);
    expect(near.writableNeedDrain).toBe(true);
    writeSoon(near, 'the end');
    const drained = once(near, 'drain');
    far.resume();
    await drained;
    await until(() => text().length === large + 7);
    expect(text().endsWith('xthe end')).toBe(true);
    expect(near.bytesWritten).toBe(large + 7);
  });

  it('are not lost when the socket is destroyed in the same turn', async () => {
    writeSoon(near, 'last words');
    near.destroy();
    await once(far, 'end');
    expect(text()).toBe('last words');
  });

  it('come before a reset, which is still seen as one', async () => {
    const failed = once(far, 'error');
    writeSoon(near, 'half');
    near.resetAndDestroy();
    expect((await failed)[0]).toMatchObject({ code: 'ECONNRESET' });
    expect(text()).toBe('half');
  });

  it('come before a reset also while the peer goes on sending', async () => {
    const closed = new Promise((done) => near.on('close', done));
    far.on('error', () => undefined);
    near.once('data', () => {
      far.write('more');
      writeSoon(near, 'enough');
      near.resetAndDestroy();
    });
    far.write('a');
    await closed;
    await new Promise((done) => far.on('close', done));
    expect(text()).toBe('enough');
  });

  it('to a peer that is gone end in an error of the socket', async () => {
    const closed = new Promise((done) => near.on('close', done));
    near.resume();
    far.resetAndDestroy();
    await closed;
    writeSoon(near, 'nobody hears it');
    expect(near.destroyed).toBe(true);
  });

  it('read into the shared buffer, what comes is the reader’s own', async () => {
    readShared(near);
    const chunks: Buffer[] = [];
    near.on('data', (bytes: Buffer) => chunks.push(bytes));
    const wait = async (length: number) => {
      while (Buffer.concat(chunks).length < length) await once(near, 'data');
    };
    far.write('first');
    await wait(5);
    const [first] = chunks;
    far.write('y'.repeat(200_000));
    await wait(200_005);
    expect(first!.toString()).toBe('first');
    expect(Buffer.concat(chunks).toString()).toBe(`first${'y'.repeat(200_000)}`);
    expect(near.bytesRead).toBe(200_005);
    far.end();
    await once(near, 'end');
  });

  it('read into the shared buffer, a paused socket stops reading and goes on', async () => {
    readShared(near);
    near.pause();
    far.write('z'.repeat(1_000_000));
    await once(near, 'readable');
    expect(near.readableLength).toBeLessThan(300_000);
    let length = 0;
    near.on('data', (bytes: Buffer) => {
      length += bytes.length;
    });
    near.resume();
    while (length < 1_000_000) await once(near, 'data');
    expect(length).toBe(1_000_000);
  });
});
