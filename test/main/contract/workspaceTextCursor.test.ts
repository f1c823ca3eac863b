import { describe, expect, it } from 'vitest';
import { cursorAt, pathAt, rangeOf } from '../../../main/contract/workspaceTextCursor';

/** The text around "|" and where the "|" stands. */
function split(marked: string): [string, number] {
  const at = marked.indexOf('|');
  return [marked.slice(0, at) + marked.slice(at + 1), at];
}

const head = 'schemaVersion: 1\n';

describe('cursorAt', () => {
  const cases: readonly (readonly [string, string, string, string])[] = [
    ['a section', 'schemaVersion: 1\nli|', 'key', ''],
    ['an empty document', '|', 'key', ''],
    ['an empty line in an item', `${head}routes:\n  - id: a\n    |\n`, 'key', 'routes.0'],
    ['a half-typed field', `${head}routes:\n  - id: a\n    hos|\n    kind: http\n`, 'key', 'routes.0'],
    ['the start of an item', `${head}listeners:\n  - |`, 'key', 'listeners.0'],
    ['a value', `${head}listeners:\n  - id: a\n    protocol: ht|\n`, 'value', 'listeners.0.protocol'],
    [
      'a value that is not there yet',
      `${head}listeners:\n  - protocol: |\n    id: x\n`,
      'value',
      'listeners.0.protocol',
    ],
    ['a list on one line', `${head}routes:\n  - listeners: [we|]\n`, 'value', 'routes.0.listeners.0'],
    [
      'the second of a list on one line',
      `${head}routes:\n  - listeners: [web, |]\n`,
      'value',
      'routes.0.listeners.1',
    ],
    [
      'a map on one line',
      `${head}routes:\n  - filters:\n      - { type: cache, ma| }\n`,
      'key',
      'routes.0.filters.0',
    ],
    [
      'a value in a map on one line',
      `${head}routes:\n  - backends: [{ pool: s| }]\n`,
      'value',
      'routes.0.backends.0.pool',
    ],
    [
      'a nested object',
      `${head}listeners:\n  - id: a\n    limits:\n      ma|\n`,
      'key',
      'listeners.0.limits',
    ],
    ['a key that has its colon', `${head}listeners:\n  - id: a\n    po|rt: 80\n`, 'key', 'listeners.0'],
  ];
  it.each(cases)('finds %s', (_name, marked, kind, path) => {
    const cursor = cursorAt(...split(marked));
    expect(cursor).toMatchObject({ kind });
    expect(cursor?.path.join('.')).toBe(path);
  });

  it('knows the word, the names that are there already, and the document around it', () => {
    const [text, at] = split(`${head}routes:\n  - id: a\n    kind: http\n    hos|\n`);
    const cursor = cursorAt(text, at);
    expect(cursor).toMatchObject({ word: 'hos', from: at - 3, siblings: ['id', 'kind'] });
    expect(cursor?.document).toMatchObject({ routes: [{ id: 'a', kind: 'http' }] });
  });

  it('offers nothing in a comment or a quoted text', () => {
    expect(cursorAt(...split(`${head}# li|`))).toBeNull();
    expect(cursorAt(...split(`${head}listeners:\n  - name: "we|"\n`))).toBeNull();
  });
});

const text = `${head}listeners:
  # the front
  - id: web
    port: 80
pools:
  - id: shop
    endpoints:
      - { address: a, port: 1 }
      - address: b
        port: 2
`;

describe('pathAt and rangeOf', () => {
  const places: readonly (readonly [string, string])[] = [
    ['port: 80', 'listeners.0.port'],
    ['- id: web', 'listeners.0.id'],
    ['address: a', 'pools.0.endpoints.0.address'],
    ['port: 2', 'pools.0.endpoints.1.port'],
    ['schemaVersion', 'schemaVersion'],
    ['pools:', 'pools'],
  ];
  it.each(places)('knows what "%s" is part of', (word, path) => {
    expect(pathAt(text, text.indexOf(word)).join('.')).toBe(path);
  });

  it('knows the lines of a thing', () => {
    const lines = (path: readonly (string | number)[]) => {
      const range = rangeOf(text, path);
      return range === null ? null : text.slice(range.from, range.to).trimEnd();
    };
    expect(lines(['listeners', 0])).toBe('  - id: web\n    port: 80');
    expect(lines(['pools', 0, 'endpoints', 0])).toBe('      - { address: a, port: 1 }');
    expect(lines(['pools', 3])).toBeNull();
  });
});
