import { describe, expect, it } from 'vitest';
import { shortcutOf } from '../../../renderer/editor/editorShortcuts';
import { paletteNodes, searchItems } from '../../../renderer/editor/paletteItems';

const nodes = paletteNodes({
  schemaVersion: 1,
  listeners: [{ id: 'web', port: 8080, protocol: 'http' }],
  routes: [
    {
      id: 'pictures',
      name: 'Album',
      kind: 'http',
      listeners: ['web'],
      hostnames: ['img.example.test'],
      matches: [{ path: { type: 'prefix', value: '/large' } }],
      backends: [{ pool: 'shop' }],
    },
    { id: 'db', kind: 'tcp', listeners: ['web'] },
  ],
  pools: [{ id: 'shop', name: 'Counter', endpoints: [{ address: '127.0.0.1', port: 3000 }] }],
});
const find = (typed: string) => searchItems(nodes, typed).map((node) => node.id);

describe('searchItems', () => {
  it.each([
    ['', ['listener:web', 'route:pictures', 'route:db', 'pool:shop', 'endpoint:shop:0']],
    ['IMG.example', ['route:pictures']],
    ['large shop', ['route:pictures']],
    ['shop', ['pool:shop', 'route:pictures', 'endpoint:shop:0']],
    ['3000', ['endpoint:shop:0', 'pool:shop']],
    ['album', ['route:pictures']],
    ['counter', ['pool:shop']],
    ['nowhere', []],
  ])('finds for %j by name, host name, path and address', (typed, expected) => {
    expect(find(typed)).toEqual(expected);
  });
});

describe('shortcutOf', () => {
  const keys = { ctrlKey: true, metaKey: false, shiftKey: false, altKey: false };
  it.each([
    ['f', 'find'],
    ['K', 'commands'],
    ['Enter', 'apply'],
    ['x', null],
  ])('takes Ctrl-%s as %s', (key, expected) => {
    expect(shortcutOf({ ...keys, key })).toBe(expected);
  });

  it('leaves Ctrl-Shift-K and plain letters alone', () => {
    expect(shortcutOf({ ...keys, key: 'K', shiftKey: true })).toBeNull();
    expect(shortcutOf({ ...keys, key: 'k', ctrlKey: false })).toBeNull();
  });
});
