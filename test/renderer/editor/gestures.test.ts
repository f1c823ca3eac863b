import { describe, expect, it } from 'vitest';
import { emptyWorkspaceDocument, type WorkspaceDocument } from '../../../main/contract/config';
import { applyEdit } from '../../../main/contract/configEdit';
import { parseWorkspace } from '../../../main/contract/validateConfig';
import { canvasKeyAction } from '../../../renderer/editor/canvas/canvasKeys';
import { connectionEdit, removalEdit } from '../../../renderer/editor/editFromGraph';
import { shortcutOf } from '../../../renderer/editor/editorShortcuts';
import { moveItem } from '../../../renderer/editor/filterTexts';
import { addThing, type NewThing } from '../../../renderer/editor/newThings';

const document: WorkspaceDocument = {
  schemaVersion: 1,
  listeners: [
    { id: 'web', port: 8080, protocol: 'http' },
    { id: 'edge', port: 9443, protocol: 'tls' },
  ],
  routes: [{ id: 'shop', kind: 'http', listeners: ['web'], backends: [{ pool: 'a' }] }],
  pools: [
    { id: 'a', endpoints: [{ address: '127.0.0.1', port: 3000 }] },
    { id: 'b', endpoints: [] },
  ],
};

describe('connectionEdit', () => {
  it('ties a route to a pool behind those that it has', () => {
    expect(connectionEdit(document, 'route:shop', 'pool:b')).toEqual({
      type: 'setBackends',
      route: 'shop',
      backends: [{ pool: 'a' }, { pool: 'b' }],
    });
  });
  it.each([
    ['a line that is there already', 'listener:web', 'route:shop'],
    ['a listener that cannot carry the route', 'listener:edge', 'route:shop'],
    ['a listener to a pool', 'listener:web', 'pool:a'],
    ['something that is not there', 'route:gone', 'pool:a'],
  ])('refuses %s', (_name, source, target) => {
    expect(connectionEdit(document, source, target)).toBe(null);
  });
});

describe('removalEdit', () => {
  it('takes away a line without its ends', () => {
    const edit = removalEdit(document, 'route:shop>pool:a')!;
    const after = applyEdit(document, edit);
    expect(after.routes?.[0]?.backends).toEqual([]);
    expect(after.pools).toBe(document.pools);
  });
  it('takes away an endpoint by its place', () => {
    expect(removalEdit(document, 'endpoint:a:0')).toEqual({ type: 'removeEndpoint', pool: 'a', index: 0 });
  });
  it('cannot take away the clients', () => {
    expect(removalEdit(document, 'client')).toBe(null);
    expect(removalEdit(document, 'client>listener:web')).toBe(null);
  });
});

describe('addThing', () => {
  const add = (from: WorkspaceDocument, selected: string | null, thing: NewThing) => {
    const addition = addThing(from, selected, thing)!;
    return { document: addition.edits.reduce(applyEdit, from), node: addition.node };
  };

  it('builds a whole valid workspace from nothing, one thing behind the other', () => {
    const things: NewThing[] = [
      { kind: 'listener', protocol: 'http' },
      { kind: 'route' },
      { kind: 'pool' },
      { kind: 'endpoint' },
    ];
    let state: { document: WorkspaceDocument; node: string } = {
      document: emptyWorkspaceDocument(),
      node: '',
    };
    for (const thing of things) state = add(state.document, state.node, thing);
    expect(parseWorkspace(state.document).issues).toEqual([]);
    expect(state.document.routes).toEqual([
      { id: 'route', kind: 'http', listeners: ['web'], backends: [{ pool: 'pool' }] },
    ]);
    expect(state.document.pools?.[0]?.endpoints.map((endpoint) => endpoint.port)).toEqual([3000, 3001]);
    expect(state.node).toBe('endpoint:pool:1');
  });

  it('chooses ids and ports that are free', () => {
    const { document: after, node } = add(document, null, { kind: 'listener', protocol: 'http' });
    expect(after.listeners?.at(-1)).toEqual({ id: 'web-2', port: 8081, protocol: 'http' });
    expect(node).toBe('listener:web-2');
  });

  it('makes the kind of route that the selected listener can carry', () => {
    expect(add(document, 'listener:edge', { kind: 'route' }).document.routes?.at(-1)).toEqual({
      id: 'route',
      kind: 'tls',
      listeners: ['edge'],
    });
  });

  it('has nothing to hang an endpoint on without a pool', () => {
    expect(addThing(emptyWorkspaceDocument(), null, { kind: 'endpoint' })).toBe(null);
  });
});

describe('keys', () => {
  const keys = (key: string, more: object = {}) => ({
    key,
    ctrlKey: false,
    metaKey: false,
    shiftKey: false,
    altKey: false,
    ...more,
  });
  const node = { closest: () => null };
  const button = { closest: () => ({}) };

  it.each([
    ['Ctrl-Enter', keys('Enter', { ctrlKey: true }), 'apply'],
    ['Cmd-Z', keys('z', { metaKey: true }), 'undo'],
    ['Ctrl-Shift-Z', keys('Z', { ctrlKey: true, shiftKey: true }), 'redo'],
    ['Ctrl-Y', keys('y', { ctrlKey: true }), 'redo'],
    ['Z alone', keys('z'), null],
    ['AltGr-Z', keys('z', { ctrlKey: true, altKey: true }), null],
  ])('reads %s', (_name, event, expected) => {
    expect(shortcutOf(event)).toBe(expected);
  });

  it('acts on nodes, not on buttons inside them', () => {
    expect(canvasKeyAction(keys('Delete'), node)).toEqual({ kind: 'remove' });
    expect(canvasKeyAction(keys('ArrowUp'), node)).toEqual({ kind: 'move', arrow: 'ArrowUp' });
    expect(canvasKeyAction(keys('Enter'), button)).toBe(null);
    expect(canvasKeyAction(keys('Delete', { ctrlKey: true }), node)).toBe(null);
  });
});

describe('moveItem', () => {
  it('moves within the list and stays inside it', () => {
    expect(moveItem(['a', 'b', 'c'], 0, 1)).toEqual(['b', 'a', 'c']);
    expect(moveItem(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b']);
    expect(moveItem(['a', 'b'], 1, 2)).toEqual(['a', 'b']);
  });
});
