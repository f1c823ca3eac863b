// Flow events as NDJSON to a stream. What waits is in the engine's ring, not here: when the disk or the reader of the pipe
// is slow, the ring overwrites and the log says so with a `gap` line.
import type { Writable } from 'node:stream';
import type { FlowEmitter } from '../engine/flowEmitter';

const batchEvents = 500;
const maxBufferedBytes = 1_048_576;
const defaultPatienceMs = 2000;

export interface EventLog {
  /**
   * Writes what is still to be read, waits until the stream took it (at most `patienceMs`, default 2 s), stops. Does not end
   * the stream.
   */
  close(patienceMs?: number): Promise<void>;
}

/** Starts with the next event. Every write is whole lines, so others may write lines to the same stream. */
export function startEventLog(
  emitter: FlowEmitter,
  stream: Writable,
  onProblem: (message: string) => void,
): EventLog {
  let isBusy = false;
  let isOver = false;
  const reader = emitter.openReader({ from: 'now', onWake: () => pump() });

  stream.on('error', (error) => {
    if (isOver) return;
    isOver = true;
    reader.close();
    onProblem(`events are no longer written: ${error.message}`);
  });

  /** One batch a turn of the loop, so that traffic goes on in between; none while the stream is full. */
  function pump(): void {
    if (isBusy || isOver || reader.pending <= 0) return;
    isBusy = true;
    writeBatch();
    const goOn = () => {
      isBusy = false;
      pump();
    };
    if (stream.writableLength > maxBufferedBytes) stream.once('drain', goOn);
    else setImmediate(goOn);
  }

  function writeBatch(): void {
    const lines = reader.read(batchEvents).map((event) => `${JSON.stringify(event)}\n`);
    if (lines.length > 0) stream.write(lines.join(''));
  }

  return {
    close: async (patienceMs = defaultPatienceMs) => {
      const deadline = performance.now() + patienceMs;
      while (!isOver && reader.pending > 0 && performance.now() < deadline) {
        writeBatch();
        await flushed(stream, deadline - performance.now());
      }
      isOver = true;
      reader.close();
    },
  };
}

/** Resolves when everything written so far left this process, or can no longer, or patience ended. */
export function flushed(stream: Writable, patienceMs = defaultPatienceMs): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || !stream.writable) {
      resolve();
      return;
    }
    const timer = setTimeout(resolve, patienceMs);
    stream.write('', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
