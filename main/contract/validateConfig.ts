// Everything that a document alone can tell. What only the machine can tell (ports, certificates) is said by apply.
import { type Workspace, workspaceSchema } from './config';
import type { ConfigIssue } from './configIssue';
import { migrateDocument } from './configMigrations';
import { filterIssues } from './filterChecks';
import { listenerIssues } from './listenerChecks';
import { poolIssues } from './poolChecks';
import { referenceIssues } from './referenceChecks';
import { routeIssues } from './routeChecks';
import { issuesFromZod } from './schemaIssues';
import { unreachableRouteIssues } from './unreachableRoutes';

export interface ParsedWorkspace {
  /** With every default filled in; null when an issue is an error. */
  readonly workspace: Workspace | null;
  readonly issues: readonly ConfigIssue[];
}

/** Reads what came from YAML, JSON or the editor. */
export function parseWorkspace(value: unknown): ParsedWorkspace {
  const migrated = migrateDocument(value);
  if (!migrated.ok) return { workspace: null, issues: [migrated.issue] };
  const parsed = workspaceSchema.safeParse(migrated.document);
  if (!parsed.success) {
    return { workspace: null, issues: issuesFromZod(parsed.error, workspaceSchema, migrated.document) };
  }
  const issues = validateWorkspace(parsed.data);
  const hasError = issues.some((issue) => issue.severity === 'error');
  return { workspace: hasError ? null : parsed.data, issues };
}

/** Checks across fields. */
export function validateWorkspace(workspace: Workspace): ConfigIssue[] {
  return [
    ...referenceIssues(workspace),
    ...listenerIssues(workspace),
    ...routeIssues(workspace),
    ...filterIssues(workspace),
    ...poolIssues(workspace),
    ...unreachableRouteIssues(workspace),
  ];
}
