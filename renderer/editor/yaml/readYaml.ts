// What a typed text says: a document that the draft may follow, or why not.
import type { WorkspaceDocument } from '../../../main/contract/config';
import type { ConfigIssue, ConfigIssueCode } from '../../../main/contract/configIssue';
import { parseWorkspace } from '../../../main/contract/validateConfig';
import { parseWorkspaceText, withPositions } from '../../../main/contract/workspaceText';
import type { ReadText } from '../../stores/configStore';
import { shareParts } from '../../stores/documentDelta';

/** Faults in the build of the document: the canvas could not draw it. Any other is shown at its field. */
const shapeFaults: ReadonlySet<ConfigIssueCode> = new Set(['wrong_type', 'missing_field', 'schema_version']);

/** What a thing is decides which other fields it has. */
const shapeFields: ReadonlySet<string> = new Set(['kind', 'type', 'protocol']);

/** Parts that say the same as in `current` are the very same objects. */
export function readYaml(text: string, current: WorkspaceDocument): ReadText {
  const parsed = parseWorkspaceText(text);
  if (parsed.issues.length > 0) return { issues: parsed.issues };
  const faults = parseWorkspace(parsed.value).issues.filter(
    (issue) =>
      issue.severity === 'error' &&
      (shapeFaults.has(issue.code) || shapeFields.has(String(issue.path.at(-1)))),
  );
  if (faults.length > 0) return { issues: withPositions(faults, parsed) };
  return { document: shareParts(current, parsed.value as WorkspaceDocument) };
}

export interface PlacedIssue {
  /** Offsets in the text. */
  readonly from: number;
  readonly to: number;
  readonly severity: 'error' | 'warning';
  readonly message: string;
}

/** Where in the text each problem is to be underlined: the value, to the end of its word. */
export function placeIssues(text: string, issues: readonly ConfigIssue[]): PlacedIssue[] {
  if (issues.length === 0) return [];
  const parsed = parseWorkspaceText(text);
  const lineStarts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lineStarts.push(at + 1);
  return issues.map((issue) => {
    const isText = issue.line !== undefined && issue.column !== undefined;
    const place = isText
      ? { line: issue.line, column: issue.column }
      : parsed.locate(issue.path, issue.code === 'unknown_field' ? 'key' : 'value');
    const from = Math.min(text.length, (lineStarts[(place?.line ?? 1) - 1] ?? 0) + (place?.column ?? 1) - 1);
    const word = /^(\S[^\n#,\]}]*)?/.exec(text.slice(from))![0].trimEnd();
    return { from, to: from + word.length, severity: issue.severity, message: issue.message };
  });
}
