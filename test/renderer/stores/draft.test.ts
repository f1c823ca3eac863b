import { describe, expect, it } from 'vitest';
import { emptyWorkspaceDocument, type WorkspaceDocument } from '../../../main/contract/config';
import type { ConfigEdit } from '../../../main/contract/configEdit';
import {
  editDraft,
  editDraftText,
  hasOnlyQuietChanges,
  hasPendingChanges,
  redoDraft,
  startDraft,
  typingPauseMs,
  undoDraft,
} from '../../../renderer/stores/draft';

const listener: ConfigEdit = {
  type: 'addListener',
  listener: { id: 'web', port: 8080, protocol: 'http' },
};
const port = (value: number): ConfigEdit => ({ type: 'updateListener', id: 'web', patch: { port: value } });
const empty = () => startDraft(1, emptyWorkspaceDocument());

describe('draft', () => {
  it('undoes and redoes edit by edit back to where it started', () => {
    let draft = editDraft(editDraft(empty(), [listener], { at: 0 }), [port(81)], { at: 1 });
    const last = draft.document;
    draft = undoDraft(undoDraft(draft));
    expect(draft.document).toEqual(emptyWorkspaceDocument());
    expect(undoDraft(draft)).toBe(draft);
    draft = redoDraft(redoDraft(draft));
    expect(draft.document).toBe(last);
    expect(redoDraft(draft)).toBe(draft);
  });

  it('takes typing in one field as one step, until a pause or another field', () => {
    let draft = editDraft(empty(), [listener], { at: 0 });
    draft = editDraft(draft, [port(8)], { mergeKey: 'port', at: 100 });
    draft = editDraft(draft, [port(80)], { mergeKey: 'port', at: 200 });
    expect(draft.undo).toHaveLength(2);
    draft = editDraft(draft, [port(808)], { mergeKey: 'port', at: 201 + typingPauseMs });
    expect(draft.undo).toHaveLength(3);
    draft = editDraft(draft, [{ type: 'updateListener', id: 'web', patch: { name: 'x' } }], {
      mergeKey: 'name',
      at: 202 + typingPauseMs,
    });
    expect(draft.undo).toHaveLength(4);
    expect(undoDraft(undoDraft(draft)).document.listeners?.[0]?.port).toBe(80);
  });

  it('does not merge a new edit into a step that was undone to', () => {
    let draft = editDraft(empty(), [listener], { mergeKey: 'a', at: 0 });
    draft = editDraft(draft, [port(1)], { mergeKey: 'a', at: 1 });
    draft = undoDraft(draft);
    draft = editDraft(draft, [listener], { mergeKey: 'a', at: 2 });
    expect(draft.redo).toEqual([]);
    expect(draft.undo).toHaveLength(1);
  });

  it('ignores an edit that changes nothing', () => {
    const draft = empty();
    expect(editDraft(draft, [{ type: 'removePool', id: 'none' }], { at: 0 })).toBe(draft);
  });

  it('does not count moved nodes as changes that need care', () => {
    const draft = editDraft(empty(), [{ type: 'setPosition', node: 'listener:web', x: 1, y: 2 }], { at: 0 });
    expect(hasPendingChanges(draft)).toBe(false);
    expect(hasOnlyQuietChanges(draft)).toBe(true);
    const more = editDraft(draft, [listener], { at: 1 });
    expect(hasPendingChanges(more)).toBe(true);
    expect(hasOnlyQuietChanges(more)).toBe(false);
  });

  it('sees a change that was taken back by hand as none', () => {
    const base = editDraft(empty(), [listener], { at: 0 }).document;
    let draft = startDraft(2, base);
    draft = editDraft(draft, [port(81)], { at: 1 });
    draft = editDraft(draft, [port(8080)], { at: 2 });
    expect(hasPendingChanges(draft)).toBe(false);
  });

  const texts = { before: 'schemaVersion: 1\n', saved: 'schemaVersion: 1\n' };
  const typed = (value: string, port: number): [string, { document: WorkspaceDocument }] => [
    value,
    { document: { schemaVersion: 1, listeners: [{ id: 'web', port, protocol: 'http' }] } },
  ];

  it('has one history for the canvas and the text', () => {
    let draft = editDraftText(empty(), ...typed('text of 1', 1), { at: 0, ...texts });
    draft = editDraft(draft, [port(2)], { at: 1 });
    expect(draft.text?.value).toBe('text of 1');
    draft = undoDraft(draft);
    expect(draft.text).toMatchObject({ value: 'text of 1', of: draft.document });
    draft = undoDraft(draft);
    expect(draft).toMatchObject({ document: emptyWorkspaceDocument(), text: { value: texts.before } });
    draft = redoDraft(redoDraft(draft));
    expect(draft.document.listeners?.[0]?.port).toBe(2);
  });

  it('keeps the document while the text is broken, and a step back brings the broken text again', () => {
    const issues = [{ code: 'broken_yaml', severity: 'error', path: [], message: 'x' }] as const;
    let draft = editDraftText(empty(), ...typed('text of 1', 1), { at: 0, ...texts });
    draft = editDraftText(draft, 'text of {', { issues }, { at: 1, ...texts, before: 'text of 1' });
    expect(draft.document.listeners?.[0]?.port).toBe(1);
    expect(hasPendingChanges(draft)).toBe(true);
    draft = editDraft(draft, [port(2)], { at: 2 });
    expect(draft.text).toMatchObject({ value: 'text of 1', issues: [] });
    expect(undoDraft(draft).text?.value).toBe('text of {');
  });

  it('takes a comment as a quiet change, which needs no apply', () => {
    const base = empty();
    const read = { document: base.document };
    const draft = editDraftText(base, '# hello\nschemaVersion: 1\n', read, { at: 0, ...texts });
    expect(hasPendingChanges(draft)).toBe(false);
    expect(hasOnlyQuietChanges(draft)).toBe(true);
  });
});
