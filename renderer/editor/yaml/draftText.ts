// The YAML of a draft: what was typed, brought up to what the canvas changed since.
import type { WorkspaceDocument } from '../../../main/contract/config';
import { updateWorkspaceText } from '../../../main/contract/workspaceTextWriter';
import type { Draft } from '../../stores/draft';

/** `runningText` = the file's text of the revision that the draft started from. */
export function draftText(draft: Pick<Draft, 'document' | 'text'>, runningText: string): string {
  const { document, text } = draft;
  if (text !== null && text.of === document) return text.value;
  return textOf(document, text?.good ?? runningText);
}

/** The document in the words of another text: comments and order stay where they can. */
export function textOf(document: WorkspaceDocument, likeText: string): string {
  return updateWorkspaceText(likeText, document);
}
