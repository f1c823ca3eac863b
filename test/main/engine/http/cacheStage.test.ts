import { describe, expect, it } from 'vitest';
import { ResponseCache } from '../../../../main/engine/cache/responseCache';
import type { BodyStage } from '../../../../main/engine/http/bodyStage';
import { CacheStage } from '../../../../main/engine/http/cacheStage';

const piece = Buffer.alloc(600, 'x');

/** A response on its way through a cache: what became of it, and what the client got. */
function passing(cache: ResponseCache) {
  const seen = { stored: '', gaveUp: '', passed: 0 };
  const client: BodyStage = {
    isFull: false,
    take: (_buffer, start, end) => {
      seen.passed += end - start;
    },
    end: () => undefined,
    onDrain: () => undefined,
    close: () => undefined,
  };
  const stage = new CacheStage(
    cache,
    (body) => {
      seen.stored = body.toString();
    },
    (reason) => {
      seen.gaveUp = reason;
    },
    client,
  );
  return { stage, seen };
}

describe('CacheStage', () => {
  it('copies what passes, also from a buffer that is read into again', () => {
    const { stage, seen } = passing(new ResponseCache(10_000, 1000));
    const buffer = Buffer.from('one');
    stage.take(buffer, 0, 3);
    buffer.write('two');
    stage.take(buffer, 1, 3);
    stage.end();
    expect(seen).toEqual({ stored: 'onewo', gaveUp: '', passed: 5 });
  });

  it('passes on what is too large to be kept', () => {
    const { stage, seen } = passing(new ResponseCache(10_000, 1000));
    for (let turn = 0; turn < 3; turn++) stage.take(piece, 0, 600);
    stage.end();
    expect(seen).toEqual({ stored: '', gaveUp: 'the body is larger than 1000 bytes', passed: 1800 });
  });

  it('never holds more of all responses together than the cache may have', () => {
    const cache = new ResponseCache(1500, 1000);
    const all = [passing(cache), passing(cache), passing(cache)];
    for (const { stage } of all) stage.take(piece, 0, 600);
    expect(all.map(({ seen }) => seen.gaveUp)).toEqual(['', '', 'too much is being stored at once']);
    all[0]!.stage.close();
    all[1]!.stage.end();
    const next = passing(cache);
    next.stage.take(piece, 0, 600);
    expect(next.seen.gaveUp).toBe('');
  });
});
