import { describe, expect, it } from 'vitest';
import { requestDirectives } from '../../../../main/engine/cache/cacheControl';
import { CacheStore } from '../../../../main/engine/cache/cacheStore';
import { RequestCollapsing } from '../../../../main/engine/cache/requestCollapsing';
import { judgeReuse, mayAnswerErrors } from '../../../../main/engine/cache/reuse';
import { factsOf, StoredResponse, updatedFields } from '../../../../main/engine/cache/storedResponse';

const now = Date.UTC(2026, 10, 25);

function stored(key: string, bodyBytes = 1000, control = 'max-age=60', vary: [string, string] | null = null) {
  const response = {
    status: 200,
    reason: 'OK',
    headers: [['Cache-Control', control]] as [string, string][],
    requestedAt: now,
    receivedAt: now,
  };
  const names = vary === null ? [] : [vary[0]];
  const varyKey = vary === null ? '' : `=${vary[1]}\n`;
  return new StoredResponse(key, names, varyKey, response, factsOf(response), Buffer.alloc(bodyBytes));
}
const nothing = () => undefined;

describe('CacheStore', () => {
  it('never holds more bytes than it may; what was used longest ago goes first', () => {
    const store = new CacheStore(18_000);
    for (let index = 0; index < 6; index++) store.put(stored(`/${index}`));
    store.touch(store.find('/0', nothing)!);
    for (let index = 6; index < 9; index++) {
      store.put(stored(`/${index}`));
      expect(store.bytes).toBeLessThanOrEqual(18_000);
    }
    expect(store.find('/0', nothing)).not.toBeNull();
    expect(store.find('/1', nothing)).toBeNull();
    expect([...store.all()].map(({ key }) => key)).toEqual(['/8', '/7', '/6', '/0', '/5', '/4']);
    expect(store.entries).toBe(6);
  });

  it('takes nothing that is larger than itself', () => {
    const store = new CacheStore(1000);
    expect(store.put(stored('/', 2000))).toBe(false);
    expect(store.bytes).toBe(0);
  });

  it('keeps variants apart, replaces the same one, and bounds their number', () => {
    const store = new CacheStore(1e7);
    for (let index = 0; index < 100; index++)
      store.put(stored('/', 10, 'max-age=60', ['foo', String(index)]));
    expect(store.entries).toBe(64);
    store.put(stored('/', 20, 'max-age=60', ['foo', '99']));
    expect(store.entries).toBe(64);
    expect(store.find('/', () => '99')?.body.length).toBe(20);
    expect(store.find('/', () => '0')).toBeNull();
    expect(store.removeWhere(() => true)).toBe(64);
    expect([store.bytes, store.entries]).toEqual([0, 0]);
  });

  it('counts what a 304 adds, and lets an entry go whose fields grow without end', () => {
    const store = new CacheStore(1e7);
    const entry = stored('/');
    store.put(entry);
    for (let index = 0; index < 20; index++) {
      const headers: [string, string][] = [[`x-${index}`, 'x'.repeat(10_000)]];
      store.freshen(entry, { status: 304, reason: '', headers, requestedAt: now, receivedAt: now });
    }
    expect([store.bytes, store.entries]).toEqual([0, 0]);
  });
});

describe('updatedFields', () => {
  it('takes the fields of a 304, but none that describe the stored bytes', () => {
    const before: [string, string][] = [
      ['Content-Type', 'text/plain'],
      ['ETag', '"a"'],
      ['Content-Encoding', 'gzip'],
      ['X-Old', '1'],
    ];
    const newer: [string, string][] = [
      ['content-type', 'text/html'],
      ['etag', '"b"'],
      ['content-encoding', 'br'],
      ['Connection', 'x-gone'],
      ['X-Gone', '1'],
      ['Age', '3'],
    ];
    expect(updatedFields(before, newer)).toEqual([
      ['ETag', '"a"'],
      ['Content-Encoding', 'gzip'],
      ['X-Old', '1'],
      ['content-type', 'text/html'],
    ]);
  });
});

describe('judgeReuse', () => {
  const rows: readonly [control: string, asked: string, afterSeconds: number, expected: string][] = [
    ['max-age=60', '', 59, 'fresh'],
    ['max-age=60', '', 60, 'validate stale'],
    ['max-age=60', 'max-stale=10', 65, 'stale'],
    ['max-age=60', 'max-stale', 6500, 'stale'],
    ['max-age=60', 'max-stale=10', 75, 'validate stale'],
    ['max-age=60, must-revalidate', 'max-stale=10', 65, 'validate stale'],
    ['max-age=60, proxy-revalidate', 'max-stale=10', 65, 'validate stale'],
    ['s-maxage=60', 'max-stale=10', 65, 'validate stale'],
    ['max-age=60', 'max-age=5', 6, 'validate request'],
    ['max-age=60', 'min-fresh=10', 55, 'validate request'],
    ['max-age=60', 'no-cache', 1, 'validate request'],
    ['max-age=60, no-cache', '', 1, 'validate stale'],
    ['max-age=60, stale-while-revalidate=30', '', 80, 'stale refresh'],
    ['max-age=60, stale-while-revalidate=30', '', 91, 'validate stale'],
  ];
  it.each(rows)('%s, asked %s after %d s: %s', (control, asked, afterSeconds, expected) => {
    const reuse = judgeReuse(stored('/', 1, control), requestDirectives(asked), now + afterSeconds * 1000);
    const more = reuse.kind === 'validate' ? ` ${reuse.fwd}` : '';
    const refresh = reuse.kind === 'stale' && reuse.refreshes ? ' refresh' : '';
    expect(`${reuse.kind}${more}${refresh}`).toBe(expected);
  });

  const errors: readonly [control: string, asked: string, afterSeconds: number, may: boolean][] = [
    ['max-age=60', '', 70, false],
    ['max-age=60, stale-if-error=20', '', 70, true],
    ['max-age=60, stale-if-error=20', '', 81, false],
    ['max-age=60', 'stale-if-error=20', 70, true],
    ['max-age=60, stale-if-error=20, must-revalidate', '', 70, false],
    ['max-age=60, stale-if-error=20, no-cache', '', 10, false],
  ];
  it.each(errors)(
    'instead of an error: %s, asked %s, after %d s: %s',
    (control, asked, afterSeconds, may) => {
      const entry = stored('/', 1, control);
      expect(mayAnswerErrors(entry, requestDirectives(asked), now + afterSeconds * 1000)).toBe(may);
    },
  );
});

describe('RequestCollapsing', () => {
  it('lets one ask and tells the others the outcome', () => {
    const collapsing = new RequestCollapsing();
    const told: string[] = [];
    expect(collapsing.lead('/')).toBe(true);
    expect(collapsing.lead('/')).toBe(false);
    expect(collapsing.mayFollow('/', now)).toBe(true);
    collapsing.follow('/', (outcome) => told.push(outcome));
    collapsing.settle('/', 'stored', now);
    expect(told).toEqual(['stored']);
    expect(collapsing.mayFollow('/', now)).toBe(false);
  });

  it('lets nobody wait for what was not storable just now', () => {
    const collapsing = new RequestCollapsing();
    collapsing.lead('/');
    collapsing.settle('/', 'notStored', now);
    collapsing.lead('/');
    expect(collapsing.mayFollow('/', now + 1000)).toBe(false);
    expect(collapsing.mayFollow('/', now + 60_000)).toBe(true);
  });

  it('bounds how many wait', () => {
    const collapsing = new RequestCollapsing();
    collapsing.lead('/');
    let waiting = 0;
    while (collapsing.mayFollow('/', now)) {
      collapsing.follow('/', () => undefined);
      waiting++;
    }
    expect(waiting).toBe(1024);
  });
});
