// A revision that was not made here while nothing was drafted: it is followed, can be taken back by undo, and is told of as
// long as nobody has looked. Pure.
import type { RunningConfig } from '../../main/contract/api';
import type { WorkspaceDocument } from '../../main/contract/config';
import { equalJson } from '../../main/contract/equalJson';
import { withoutLayout } from '../../main/contract/withoutLayout';
import { type Draft, moveGround, withContent } from './draft';
import { rebaseDocument } from './rebaseDocument';

/** What somebody changed in the file, once or more often, since it was last looked at. */
export interface OutsideChange {
  readonly before: WorkspaceDocument;
  readonly running: RunningConfig;
}

/** The draft shows what runs now; one step back is what ran before, as a draft. */
export function followRunning(draft: Draft, running: RunningConfig, at: number): Draft {
  const followed = withContent(draft, { document: running.document, text: null }, { at });
  return moveGround(followed, running.revision, running.document);
}

/** null = there is nothing to tell: only nodes were moved, or the file says again what it said. */
export function outsideAfter(
  told: OutsideChange | null,
  draft: Draft,
  running: RunningConfig,
): OutsideChange | null {
  if (running.source !== 'file' && told === null) return null;
  const before = told?.before ?? draft.base;
  const isSame = equalJson(withoutLayout(before), withoutLayout(running.document));
  return isSame ? null : { before, running };
}

/** What ran before the change, with what was drafted since on top. */
export function documentBefore({ before, running }: OutsideChange, draft: Draft): WorkspaceDocument {
  return rebaseDocument(running.document, draft.document, before).document;
}
