import type { Workspace } from './config';
import type { ConfigIssue } from './configIssue';
import { parseWorkspace } from './validateConfig';
import { parseWorkspaceText, withPositions } from './workspaceText';

export interface CheckedText {
  /** null when there is an issue of severity `error`. */
  readonly workspace: Workspace | null;
  /** The document as written; null when the text cannot be read. */
  readonly document: unknown;
  readonly issues: readonly ConfigIssue[];
}

/** Everything that can be said about a text without touching the machine; each issue with its line and column. */
export function checkWorkspaceText(text: string): CheckedText {
  const parsed = parseWorkspaceText(text);
  if (parsed.issues.length > 0) return { workspace: null, document: null, issues: parsed.issues };
  const { workspace, issues } = parseWorkspace(parsed.value);
  return { workspace, document: parsed.value, issues: withPositions(issues, parsed) };
}
