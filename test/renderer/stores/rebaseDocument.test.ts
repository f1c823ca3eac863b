import { describe, expect, it } from 'vitest';
import type { WorkspaceDocument } from '../../../main/contract/config';
import { rebaseDocument } from '../../../renderer/stores/rebaseDocument';

const base: WorkspaceDocument = {
  schemaVersion: 1,
  listeners: [{ id: 'web', port: 8080, protocol: 'http' }],
  routes: [{ id: 'shop', kind: 'http', listeners: ['web'], backends: [{ pool: 'shop' }] }],
  pools: [
    { id: 'shop', endpoints: [{ address: '127.0.0.1', port: 3000 }] },
    { id: 'old', endpoints: [] },
  ],
};

const withListener = (patch: object): WorkspaceDocument => ({
  ...base,
  listeners: [{ ...base.listeners![0]!, ...patch }],
});

describe('rebaseDocument', () => {
  it('keeps changes of both sides where they do not meet', () => {
    const mine: WorkspaceDocument = {
      ...withListener({ port: 8081 }),
      pools: [...base.pools!, { id: 'new', endpoints: [] }],
    };
    const theirs: WorkspaceDocument = {
      ...withListener({ name: 'Front' }),
      routes: [...base.routes!, { id: 'extra', kind: 'tcp', listeners: ['web'] }],
    };
    const { document, collisions } = rebaseDocument(base, mine, theirs);
    expect(collisions).toEqual([]);
    expect(document.listeners).toEqual([{ id: 'web', port: 8081, protocol: 'http', name: 'Front' }]);
    expect(document.routes?.map((route) => route.id)).toEqual(['shop', 'extra']);
    expect(document.pools?.map((pool) => pool.id)).toEqual(['shop', 'old', 'new']);
  });

  it('keeps the draft and names the field where both sides changed it', () => {
    const { document, collisions } = rebaseDocument(
      base,
      withListener({ port: 8081 }),
      withListener({ port: 8082 }),
    );
    expect(document.listeners?.[0]?.port).toBe(8081);
    expect(collisions).toEqual([{ subject: 'Listener web: port', mine: 8081, theirs: 8082 }]);
  });

  it('takes the same change on both sides as no collision', () => {
    const { collisions } = rebaseDocument(base, withListener({ port: 9 }), withListener({ port: 9 }));
    expect(collisions).toEqual([]);
  });

  it('follows removals, but never lets one swallow a change', () => {
    const withoutOld = { ...base, pools: [base.pools![0]!] };
    expect(rebaseDocument(base, base, withoutOld).document.pools).toHaveLength(1);
    expect(rebaseDocument(base, withoutOld, base).document.pools).toHaveLength(1);

    const changedOld: WorkspaceDocument = {
      ...base,
      pools: [base.pools![0]!, { id: 'old', name: 'x', endpoints: [] }],
    };
    const kept = rebaseDocument(base, changedOld, withoutOld);
    expect(kept.document.pools).toHaveLength(2);
    expect(kept.collisions.map((each) => each.subject)).toEqual(['Pool old: removed there, changed here']);
    const removed = rebaseDocument(base, withoutOld, changedOld);
    expect(removed.document.pools).toHaveLength(1);
    expect(removed.collisions.map((each) => each.subject)).toEqual(['Pool old: changed there, removed here']);
  });

  it('takes theirs where the user chose so, field by field', () => {
    const choices = new Map([['Listener web: port', 'theirs']] as const);
    const mine = withListener({ port: 8081, name: 'Mine' });
    const { document } = rebaseDocument(base, mine, withListener({ port: 8082, name: 'Theirs' }), choices);
    expect(document.listeners?.[0]).toMatchObject({ port: 8082, name: 'Mine' });
    const withoutOld = { ...base, pools: [base.pools![0]!] };
    const changedOld: WorkspaceDocument = {
      ...base,
      pools: [base.pools![0]!, { id: 'old', name: 'x', endpoints: [] }],
    };
    const gone = new Map([['Pool old: removed there, changed here', 'theirs']] as const);
    expect(rebaseDocument(base, changedOld, withoutOld, gone).document.pools).toHaveLength(1);
    const back = new Map([['Pool old: changed there, removed here', 'theirs']] as const);
    expect(rebaseDocument(base, withoutOld, changedOld, back).document.pools).toHaveLength(2);
  });

  it('says exactly theirs when nothing of mine is left', () => {
    const [from, mine, theirs] = [1, 2, 3].map(
      (port): WorkspaceDocument => ({
        schemaVersion: 1,
        listeners: [{ id: 'web', port, protocol: 'tcp' }],
      }),
    );
    const choices = new Map([['Listener web: port', 'theirs']] as const);
    expect(rebaseDocument(from!, mine!, theirs!, choices).document).toEqual(theirs);
  });

  it('follows another order of theirs unless mine was changed too', () => {
    const swapped = { ...base, pools: base.pools!.toReversed() };
    const ids = (document: WorkspaceDocument) => document.pools?.map((pool) => pool.id);
    expect(ids(rebaseDocument(base, base, swapped).document)).toEqual(['old', 'shop']);
    expect(ids(rebaseDocument(base, swapped, base).document)).toEqual(['old', 'shop']);
  });

  it('never calls a moved node a collision', () => {
    const moved = (x: number): WorkspaceDocument => ({
      ...base,
      layout: { positions: { client: { x, y: 0 } } },
    });
    expect(rebaseDocument(base, moved(1), moved(2)).collisions).toEqual([]);
  });
});
