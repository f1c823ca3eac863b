import { once } from 'node:events';
import type { Socket } from 'node:net';
import { beforeEach, describe, expect, it } from 'vitest';
import { writeSoon } from '../../../main/engine/turnWriter';
import { secureSocketPair, socketPair } from '../../helpers/socketPairs';

const large = 8 * 1024 * 1024;

describe.each([
  ['a plain socket', socketPair],
  ['an encrypted socket', secureSocketPair],
])('texts that leave at the end of the turn, of %s', (kind, open) => {
  let near: Socket;
  let far: Socket;
  let received: Buffer[];

  beforeEach(async () => {
    ({ accepted: near, client: far } = await open());
    received = [];
    far.on('data', (bytes: Buffer) => received.push(bytes));
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
    writeSoon(near, 'first and ');
    await until(() => text() === 'first and ');
    writeSoon(near, 'last words');
    near.destroy();
    await once(far, 'end');
    expect(text()).toBe('first and last words');
  });

  it('come in order while each waits for the one before it', async () => {
    let sent = '';
    const say = (part: string) => {
      sent += part;
      if (sent.length % 3 === 0) near.write(part);
      else writeSoon(near, part);
    };
    for (let turn = 0; turn < 200; turn++) {
      say(`${turn} `);
      say('and ');
      if (turn % 4 === 0) await new Promise((done) => setImmediate(done));
    }
    writeSoon(near, 'end');
    near.end();
    await once(far, 'end');
    expect(text()).toBe(`${sent}end`);
  });

  // A reset is the plain socket's business: the engine cuts an encrypted connection through the socket below it.
  if (kind !== 'a plain socket') return;

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
});
