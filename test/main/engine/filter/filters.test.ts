import { describe, expect, it } from 'vitest';
import { type Filter, filterSchema } from '../../../../main/contract/config';
import type { RawHeaders } from '../../../../main/contract/flowEvent';
import { compileFilters, filterKindOf } from '../../../../main/engine/filter/compileFilters';
import { editPath } from '../../../../main/engine/filter/editPath';
import type { FilteredRequest, RunFilter } from '../../../../main/engine/filter/filterKind';
import {
  applyHeaderEdits,
  foldHeaderEdits,
  type HeaderEditList,
} from '../../../../main/engine/filter/headerEdits';

const request = (): FilteredRequest => ({
  target: '/foo/bar?x=1',
  hostOverride: null,
  isTls: false,
  hostname: 'a.test',
  host: 'a.test:8080',
  matchedPrefix: '/foo',
  clientAddress: '127.0.0.1',
  header: () => undefined,
  now: () => 0,
  random: () => 0.5,
  explain: (words) => words(),
  injectFault: (_fault, words) => words(),
  limitBandwidth: () => undefined,
  mirrorTo: () => undefined,
  useCache: () => null,
  compress: () => undefined,
});

/** As the engine starts it. */
const started = (config: Filter): RunFilter | undefined => filterKindOf(config).start?.(config);

function run(document: unknown, on: FilteredRequest = request()) {
  const config = filterSchema.parse(document);
  return { answer: started(config)?.(on) ?? null, on };
}

describe('editPath', () => {
  it.each([
    ['/foo/bar?x=1', 'replacePrefix', '/xyz', '/foo', '/xyz/bar?x=1'],
    ['/foo/bar', 'replacePrefix', '/xyz/', '/foo', '/xyz/bar'],
    ['/foo/bar', 'replacePrefix', '/', '/foo/', '/bar'],
    ['/foo', 'replacePrefix', '/', '/foo', '/'],
    ['/foo/', 'replacePrefix', '/xyz', '/foo', '/xyz/'],
    ['/foobar', 'replacePrefix', '/xyz', '/', '/xyz/foobar'],
    ['/foo?x=1', 'replaceFull', '/all', '/foo', '/all?x=1'],
    ['*', 'replaceFull', '/all', '/', '*'],
    ['/a', 'replaceFull', 'no slash\r\n', '/', '/no%20slash%0D%0A'],
  ] as const)('%s with %s %s on %s gives %s', (target, type, value, prefix, expected) => {
    expect(editPath(target, { type, value }, prefix)).toBe(expected);
  });
});

describe('filters', () => {
  it('rewrite changes where the request goes', () => {
    const { on } = run({
      type: 'rewrite',
      path: { type: 'replacePrefix', value: '/v2' },
      hostname: 'inner.test',
    });
    expect(on).toMatchObject({ target: '/v2/bar?x=1', hostOverride: 'inner.test' });
  });

  it.each([
    [{ type: 'redirect', scheme: 'https' }, 302, 'https://a.test/foo/bar?x=1'],
    [{ type: 'redirect', scheme: 'https', port: 8443, status: 301 }, 301, 'https://a.test:8443/foo/bar?x=1'],
    [{ type: 'redirect', hostname: 'b.test' }, 302, 'http://b.test:8080/foo/bar?x=1'],
    [{ type: 'redirect', port: 80, path: { type: 'replaceFull', value: '/n' } }, 302, 'http://a.test/n?x=1'],
  ])('%j answers %i to %s', (document, status, location) => {
    expect(run(document).answer).toMatchObject({ status, headers: [['location', location]] });
  });

  it('respond answers with what is configured', () => {
    const { answer } = run({ type: 'respond', status: 418, headers: { 'x-a': 'b' }, body: 'tea' });
    expect(answer).toEqual({ status: 418, headers: [['x-a', 'b']], body: 'tea' });
  });
});

describe('header edits', () => {
  const lists: readonly HeaderEditList[] = [
    { set: { 'X-A': '1' }, add: { 'x-b': '2' }, remove: ['x-c'] },
    { set: {}, add: { 'x-c': '3', 'x-a': '4' }, remove: ['x-b'] },
  ];

  it('fold many lists into the effect of applying them in order', () => {
    const folded = foldHeaderEdits(lists)!;
    expect([...folded.removedNames].sort()).toEqual(['x-a', 'x-b', 'x-c']);
    expect(folded.appendedLines).toBe('x-c: 3\r\nX-A: 1\r\nx-a: 4\r\n');
    const before: RawHeaders = [
      ['x-c', 'old'],
      ['X-B', 'old'],
      ['x-z', 'old'],
    ];
    const after = lists.reduce(applyHeaderEdits, before);
    expect(after).toEqual([
      ['x-z', 'old'],
      ['X-A', '1'],
      ['x-c', '3'],
      ['x-a', '4'],
    ]);
  });

  it('never touch framing and never take the Host away', () => {
    const edits = foldHeaderEdits([
      {
        set: { 'Content-Length': '5', Connection: 'x' },
        add: { 'transfer-encoding': 'x' },
        remove: ['host', 'upgrade'],
      },
    ]);
    expect(edits).toBeNull();
  });

  it('are null when no filter edits that head', () => {
    const filters: Filter[] = [
      filterSchema.parse({ type: 'respond' }),
      filterSchema.parse({ type: 'responseHeaders', remove: ['server'] }),
    ];
    const compiled = compileFilters(filters);
    expect(compiled.filters.map(({ index }) => index)).toEqual([0, 1]);
    expect(compiled.requestEdits).toBeNull();
    expect(compiled.responseEdits?.removedNames).toEqual(new Set(['server']));
  });
});
