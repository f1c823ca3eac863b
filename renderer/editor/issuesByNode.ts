import type { WorkspaceDocument } from '../../main/contract/config';
import type { ConfigIssue } from '../../main/contract/configIssue';
import { endpointNode, formatNode } from './nodeIds';

/** The canvas node that an issue belongs to; null = the document as a whole. */
export function nodeOfIssue(document: WorkspaceDocument, issue: ConfigIssue): string | null {
  const [section, index, field, inner] = issue.path;
  if (typeof index !== 'number') return null;
  if (section === 'listeners') return idOf('listener', document.listeners?.[index]?.id);
  if (section === 'routes') return idOf('route', document.routes?.[index]?.id);
  if (section !== 'pools') return null;
  const pool = document.pools?.[index]?.id;
  if (pool !== undefined && field === 'endpoints' && typeof inner === 'number')
    return endpointNode(pool, inner);
  return idOf('pool', pool);
}

/** Where in the form of its node an issue belongs: "limits.maxConnections". */
export function fieldOfIssue(issue: ConfigIssue): string {
  const inEndpoint = issue.path[0] === 'pools' && issue.path[2] === 'endpoints' && issue.path.length > 3;
  return issue.path.slice(inEndpoint ? 4 : 2).join('.');
}

export function issuesByNode(
  document: WorkspaceDocument,
  issues: readonly ConfigIssue[],
): ReadonlyMap<string, readonly ConfigIssue[]> {
  const byNode = new Map<string, ConfigIssue[]>();
  for (const issue of issues) {
    const node = nodeOfIssue(document, issue);
    if (node === null) continue;
    byNode.set(node, [...(byNode.get(node) ?? []), issue]);
  }
  return byNode;
}

function idOf(kind: 'listener' | 'route' | 'pool', id: string | undefined): string | null {
  return id === undefined ? null : formatNode({ kind, id });
}

/** The issue to show at a field: the first error at exactly this path or below it, else the first warning. */
export function issueAt(
  issues: readonly ConfigIssue[],
  path: readonly (string | number)[],
  options: { readonly isExact?: boolean } = {},
): ConfigIssue | undefined {
  const here = issues.filter(
    (issue) =>
      (options.isExact === true ? issue.path.length === path.length : issue.path.length >= path.length) &&
      path.every((part, index) => issue.path[index] === part),
  );
  return here.find((issue) => issue.severity === 'error') ?? here[0];
}
