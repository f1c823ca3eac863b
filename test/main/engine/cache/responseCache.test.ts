import { describe, expect, it } from 'vitest';
import { ResponseCache } from '../../../../main/engine/cache/responseCache';

describe('what was asked for before a change', () => {
  it('is doubtful for the URL that changed, and only for what went on before', () => {
    const cache = new ResponseCache(1000, 1000);
    const before = cache.changes;
    cache.invalidate('http://a.test/');
    expect(cache.isDoubtful('http://a.test/', before)).toBe(true);
    expect(cache.isDoubtful('http://a.test/b', before)).toBe(false);
    expect(cache.isDoubtful('http://a.test/', cache.changes)).toBe(false);
  });

  it('is doubtful for every URL after a purge', () => {
    const cache = new ResponseCache(1000, 1000);
    const before = cache.changes;
    cache.purge(() => false);
    expect(cache.isDoubtful('http://a.test/', before)).toBe(true);
    expect(cache.isDoubtful('http://a.test/', cache.changes)).toBe(false);
  });

  it('stays doubtful when more URLs change than are remembered', () => {
    const cache = new ResponseCache(1000, 1000);
    const before = cache.changes;
    cache.invalidate('http://a.test/first');
    const after = cache.changes;
    for (let number = 0; number < 1024; number++) cache.invalidate(`http://a.test/${number}`);
    expect(cache.isDoubtful('http://a.test/first', before)).toBe(true);
    expect(cache.isDoubtful('http://a.test/first', after)).toBe(false);
  });
});
