import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { inSteps } from '../../../../main/lab/samples/sample';

describe('the steps of a sample server', () => {
  it('wait for a reader that does not read, so nothing piles up', async () => {
    const sink = new PassThrough({ highWaterMark: 1000 });
    let made = 0;
    const part = () => {
      made++;
      return 'x'.repeat(600);
    };
    const done = new Promise<void>((resolve) => inSteps(sink, { times: 200, pauseMs: 0 }, part, resolve));
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    expect(made).toBeLessThan(10);
    sink.resume();
    await done;
    expect(made).toBe(200);
  });

  it('end when the reader is gone', async () => {
    const sink = new PassThrough();
    let made = 0;
    const gone = new Promise((resolve) => sink.on('close', resolve));
    const part = () => {
      if (++made === 3) sink.destroy();
      return 'x';
    };
    inSteps(sink, { times: 100, pauseMs: 0 }, part, () => expect.fail('it was not the last'));
    await gone;
    expect(made).toBe(3);
  });
});
