import { Writable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../main/engine/clock';
import { FlowEmitter, type RecordType } from '../../../main/engine/flowEmitter';
import { startEventLog } from '../../../main/services/eventLog';

const timeoutRecord: RecordType<string> = {
  build: (base, afterMs) => ({ ...base, kind: 'timeout', timeout: 'idle', afterMs }),
};
let emitter: FlowEmitter;
afterEach(() => emitter.close());

function record(count: number): void {
  for (let index = 0; index < count; index++) emitter.record(timeoutRecord, 1, 1, index, 0, 0, '');
}

/** Resolves when all readers that were opened before have been told of what is recorded next. */
function woken(): Promise<void> {
  return new Promise((resolve) => {
    const reader = emitter.openReader({
      from: 'now',
      onWake: () => {
        reader.close();
        resolve();
      },
    });
  });
}

/** A stream that takes a write only when it is let. */
function slowStream() {
  let text = '';
  let isOpen = false;
  const waiting: (() => void)[] = [];
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      text += String(chunk);
      if (isOpen) done();
      else waiting.push(done);
    },
  });
  const open = () => {
    isOpen = true;
    for (const done of waiting.splice(0)) done();
  };
  const lines = () =>
    text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as { kind: string; seq: number; lost?: number });
  return { stream, open, lines };
}

describe('startEventLog', () => {
  it('writes every event as one line until it is closed', async () => {
    emitter = new FlowEmitter(systemClock);
    const { stream, open, lines } = slowStream();
    open();
    const log = startEventLog(emitter, stream, () => undefined);
    record(1234);
    await log.close();
    expect(lines().map((line) => line.seq)).toEqual(Array.from({ length: 1234 }, (_, index) => index + 1));
    expect(emitter.isWatched).toBe(false);
  });

  it('holds a bounded amount while the stream is slow and writes how much was lost', async () => {
    emitter = new FlowEmitter(systemClock, { capacity: 1024, wakeAfterMs: 1 });
    const { stream, open, lines } = slowStream();
    const log = startEventLog(emitter, stream, () => undefined);
    while (stream.writableLength <= 1_048_576) {
      const wake = woken();
      record(500);
      await wake;
    }
    const held = stream.writableLength;
    const wake = woken();
    record(5000);
    await wake;
    expect(stream.writableLength).toBe(held);
    open();
    await log.close();
    const all = lines();
    const gap = all.find((line) => line.kind === 'gap')!;
    expect(gap.lost).toBeGreaterThan(0);
    const seen = all.filter((line) => line.kind !== 'gap').length;
    const lost = all.reduce((sum, line) => sum + (line.lost ?? 0), 0);
    expect(seen + lost).toBe(emitter.newestSeq);
  });

  it('does not wait for ever for a reader that is gone quiet', async () => {
    emitter = new FlowEmitter(systemClock);
    const { stream } = slowStream();
    const log = startEventLog(emitter, stream, () => undefined);
    record(10);
    await log.close(20);
    expect(emitter.isWatched).toBe(false);
  });

  it('says once that the stream failed, and stops', async () => {
    emitter = new FlowEmitter(systemClock, { wakeAfterMs: 1 });
    const problems: string[] = [];
    const stream = new Writable({ write: (_chunk, _encoding, done) => done(new Error('disk full')) });
    const failed = new Promise<void>((resolve) => {
      const log = startEventLog(emitter, stream, (message) => {
        problems.push(message);
        resolve(log.close());
      });
    });
    record(10);
    await failed;
    record(10);
    expect(problems).toEqual(['events are no longer written: disk full']);
    expect(emitter.isWatched).toBe(false);
  });
});
