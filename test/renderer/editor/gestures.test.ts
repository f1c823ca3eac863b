import { describe, expect, it } from 'vitest';
import { emptyWorkspaceDocument, type WorkspaceDocument } from '../../../main/contract/config';
import { applyEdit } from '../../../main/contract/configEdit';
import { parseWorkspace } from '../../../main/contract/validateConfig';
import { canvasKeyAction } from '../../../renderer/editor/canvas/canvasKeys';
import {
  dropEdit,
  offerConnection,
  offerReconnection,
  removalEdit,
} from '../../../renderer/editor/editFromGraph';
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

describe('offerConnection', () => {
  it('ties a route to a pool behind those that it has', () => {
    expect(offerConnection(document, 'route:shop', 'pool:b')).toEqual({
      kind: 'possible',
      edit: { type: 'setBackends', route: 'shop', backends: [{ pool: 'a' }, { pool: 'b' }] },
    });
  });
  it('gives a new backend an equal share beside weights that make 100', () => {
    const canary = applyEdit(document, {
      type: 'setBackends',
      route: 'shop',
      backends: [
        { pool: 'a', weight: 90 },
        { pool: 'x', weight: 10 },
      ],
    });
    const offer = offerConnection(canary, 'route:shop', 'pool:b');
    expect(offer.kind === 'possible' && offer.edit).toMatchObject({ backends: [{}, {}, { weight: 50 }] });
  });
  it.each([
    ['a line that is there already', 'listener:web', 'route:shop', /takes from listener web already/],
    ['a listener that cannot carry the route', 'listener:edge', 'route:shop', /speaks tls/],
    ['a listener to a pool', 'listener:web', 'pool:a', /leads to routes, not to pool a/],
    ['a route to a route', 'route:shop', 'route:other', /does not lead to another route/],
    ['something that is not there', 'route:gone', 'pool:a', /not there any more/],
  ])('refuses %s and says why', (_name, source, target, reason) => {
    const offer = offerConnection(document, source, target);
    expect(offer.kind === 'refused' ? offer.reason : '').toMatch(reason);
  });
});

describe('offerReconnection', () => {
  const weighted = applyEdit(document, {
    type: 'setBackends',
    route: 'shop',
    backends: [{ pool: 'x' }, { pool: 'a', weight: 7 }],
  });
  it('moves the end of a line to another pool and keeps weight and place', () => {
    expect(offerReconnection(weighted, 'route:shop>pool:a', 'route:shop', 'pool:b')).toEqual({
      kind: 'possible',
      edits: [{ type: 'setBackends', route: 'shop', backends: [{ pool: 'x' }, { pool: 'b', weight: 7 }] }],
    });
  });
  it('refuses what a new line would refuse', () => {
    expect(offerReconnection(document, 'listener:web>route:shop', 'listener:edge', 'route:shop').kind).toBe(
      'refused',
    );
  });
});

describe('dropEdit', () => {
  it('makes a pool that is dropped onto a line another backend of its route', () => {
    expect(dropEdit(document, 'pool:b', 'route:shop>pool:a')).toMatchObject({
      backends: [{ pool: 'a' }, { pool: 'b' }],
    });
    expect(dropEdit(document, 'listener:web', 'route:shop>pool:a')).toBe(null);
    expect(dropEdit(document, 'pool:a', 'route:shop>pool:a')).toBe(null);
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
    ['a question mark', keys('?', { shiftKey: true }), 'keys'],
    ['AltGr-Z', keys('z', { ctrlKey: true, altKey: true }), null],
  ])('reads %s', (_name, event, expected) => {
    expect(shortcutOf(event)).toBe(expected);
  });

  it('acts on nodes, not on buttons inside them', () => {
    expect(canvasKeyAction(keys('Delete'), node)).toEqual({ kind: 'remove' });
    expect(canvasKeyAction(keys('ArrowUp'), node)).toEqual({
      kind: 'move',
      arrow: 'ArrowUp',
      isExtending: false,
    });
    expect(canvasKeyAction(keys('a'), node)).toEqual({ kind: 'next' });
    expect(canvasKeyAction(keys('A', { shiftKey: true }), node)).toEqual({ kind: 'before' });
    expect(canvasKeyAction(keys('a', { metaKey: true }), node)).toEqual({ kind: 'selectAll' });
    expect(canvasKeyAction(keys('ArrowUp', { altKey: true }), node)).toEqual({
      kind: 'shift',
      arrow: 'ArrowUp',
    });
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
