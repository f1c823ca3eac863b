// The draft: what the user has on screen, apart from what runs. Pure; documents are immutable and share their parts,
// so an undo stack without limit costs little more than the edits themselves. The YAML that a person typed is part of it,
// so that the canvas and the text have one history.
import type { WorkspaceDocument } from '../../main/contract/config';
import { applyEdit, type ConfigEdit } from '../../main/contract/configEdit';
import type { ConfigIssue } from '../../main/contract/configIssue';
import { equalJson } from '../../main/contract/equalJson';
import { withoutLayout } from '../../main/contract/withoutLayout';

/** The text that was typed. It can be older than the document (then the canvas was used since) or broken. */
export interface DraftText {
  readonly value: string;
  /** The document that `value` says, or last said while it could be read. */
  readonly of: WorkspaceDocument;
  /** Why the text is no workspace; empty = it is one. */
  readonly issues: readonly ConfigIssue[];
  /** The last text that could be read. */
  readonly good: string;
}

interface Content {
  readonly document: WorkspaceDocument;
  readonly text: DraftText | null;
}

export interface Step {
  readonly before: Content;
  /** Edits with the same key that follow each other closely are one step: typing in a field. */
  readonly mergeKey: string | null;
  readonly at: number;
}

export interface Draft extends Content {
  /** The revision and document that the draft started from. */
  readonly baseRevision: number;
  readonly base: WorkspaceDocument;
  /** The file's text of the base, where the text is being edited. */
  readonly savedText: string | null;
  readonly undo: readonly Step[];
  readonly redo: readonly Content[];
}

/** Longest pause within one typing step, in milliseconds. */
export const typingPauseMs = 2000;

export function startDraft(baseRevision: number, document: WorkspaceDocument): Draft {
  return { baseRevision, base: document, savedText: null, document, text: null, undo: [], redo: [] };
}

interface EditOptions {
  readonly mergeKey?: string | null;
  readonly at: number;
}

/** Edits of the canvas or a form. What was typed and could not be read is left for a step back. */
export function editDraft(draft: Draft, edits: readonly ConfigEdit[], options: EditOptions): Draft {
  const document = edits.reduce(applyEdit, draft.document);
  if (document === draft.document) return draft;
  const { text } = draft;
  const mended = text === null || text.issues.length === 0 ? text : { ...text, value: text.good, issues: [] };
  return withContent(draft, { document, text: mended }, options);
}

/** Edits of the text. `read` = the document that it says, or why it says none. */
export function editDraftText(
  draft: Draft,
  value: string,
  read: { readonly document: WorkspaceDocument } | { readonly issues: readonly ConfigIssue[] },
  options: EditOptions & {
    /** The text before the edit, and what the file says of the running revision. */
    readonly before: string;
    readonly saved: string;
  },
): Draft {
  const old = draft.text ?? {
    value: options.before,
    of: draft.document,
    issues: [],
    good: options.before,
  };
  if (value === old.value && old.of === draft.document) return draft;
  const content: Content =
    'document' in read
      ? { document: read.document, text: { value, of: read.document, issues: [], good: value } }
      : {
          document: draft.document,
          text: {
            value,
            of: draft.document,
            issues: read.issues,
            good: old.issues.length > 0 ? old.good : options.before,
          },
        };
  return withContent({ ...draft, text: old, savedText: options.saved }, content, options);
}

/** The draft with another content, as one more step. */
export function withContent(draft: Draft, content: Content, options: EditOptions): Draft {
  const mergeKey = options.mergeKey ?? null;
  const last = draft.undo.at(-1);
  const isSameStep =
    last !== undefined &&
    mergeKey !== null &&
    draft.redo.length === 0 &&
    last.mergeKey === mergeKey &&
    options.at - last.at <= typingPauseMs;
  const before = isSameStep ? last.before : contentOf(draft);
  const step: Step = { before, mergeKey, at: options.at };
  return {
    ...draft,
    ...content,
    undo: [...(isSameStep ? draft.undo.slice(0, -1) : draft.undo), step],
    redo: [],
  };
}

export function undoDraft(draft: Draft): Draft {
  const last = draft.undo.at(-1);
  if (last === undefined) return draft;
  return {
    ...draft,
    ...last.before,
    undo: draft.undo.slice(0, -1),
    redo: [...draft.redo, contentOf(draft)],
  };
}

export function redoDraft(draft: Draft): Draft {
  const next = draft.redo.at(-1);
  if (next === undefined) return draft;
  return {
    ...draft,
    ...next,
    undo: [...draft.undo, { before: contentOf(draft), mergeKey: null, at: 0 }],
    redo: draft.redo.slice(0, -1),
  };
}

/** The draft on the ground of another revision, with everything that can be undone. */
export function moveGround(
  draft: Draft,
  baseRevision: number,
  base: WorkspaceDocument,
  savedText: string | null = null,
): Draft {
  return { ...draft, baseRevision, base, savedText };
}

/** What the text says now; null = nobody typed any, or the canvas was used since. */
export function currentText({ document, text }: Draft): string | null {
  return text !== null && text.of === document ? text.value : null;
}

/** Something that matters to traffic differs, or the text cannot be read; moved nodes and comments do not count. */
export function hasPendingChanges(draft: Draft): boolean {
  if (isBroken(draft)) return true;
  if (draft.document === draft.base) return false;
  return !equalJson(withoutLayout(draft.document), withoutLayout(draft.base));
}

/** Only nodes were moved, or comments and the look of the text changed. */
export function hasOnlyQuietChanges(draft: Draft): boolean {
  if (hasPendingChanges(draft)) return false;
  const text = currentText(draft);
  const isTextNew = text !== null && draft.savedText !== null && text !== draft.savedText;
  return isTextNew || !equalJson(draft.document.layout, draft.base.layout);
}

export function isBroken(draft: Draft): boolean {
  return draft.text !== null && draft.text.issues.length > 0;
}

function contentOf({ document, text }: Draft): Content {
  return { document, text };
}
