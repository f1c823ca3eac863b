import type { WorkspaceDocument } from '../../main/contract/config';
import type { ConfigIssue } from '../../main/contract/configIssue';

/** What the main process last said, and about which document. */
export interface ServerCheck {
  readonly document: WorkspaceDocument;
  readonly issues: readonly ConfigIssue[];
}

/** Problems that both sides found are shown once. */
export function mergeIssues(
  instant: readonly ConfigIssue[],
  server: readonly ConfigIssue[],
): readonly ConfigIssue[] {
  const keyOf = (issue: ConfigIssue) => `${issue.code} ${issue.path.join('.')}`;
  const known = new Set(instant.map(keyOf));
  const added = server.filter((issue) => !known.has(keyOf(issue)));
  return added.length === 0 ? instant : [...instant, ...added];
}

/** What only the main process can know: these stay until the next check as long as their subject is untouched. */
const serverOnlyCodes: ReadonlySet<ConfigIssue['code']> = new Set([
  'port_in_use',
  'privileged_port',
  'address_unavailable',
  'certificate_missing',
  'certificate_mismatch',
  'certificate_expired',
  'endpoint_unreachable',
  'apply_failed',
  'exposed_address',
]);

export function stillTrue(check: ServerCheck, document: WorkspaceDocument): readonly ConfigIssue[] {
  if (check.document === document) return check.issues;
  return check.issues.filter(
    (issue) =>
      serverOnlyCodes.has(issue.code) && subjectOf(check.document, issue) === subjectOf(document, issue),
  );
}

function subjectOf(document: WorkspaceDocument, issue: ConfigIssue): unknown {
  const [section, index] = issue.path;
  if (section !== 'listeners' && section !== 'routes' && section !== 'pools') return document;
  return typeof index === 'number' ? document[section]?.[index] : document[section];
}
