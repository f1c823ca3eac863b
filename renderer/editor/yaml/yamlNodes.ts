// Which canvas node a place in the YAML belongs to, and back.
import type { WorkspaceDocument } from '../../../main/contract/config';
import type { ConfigIssue } from '../../../main/contract/configIssue';
import type { DocumentPath } from '../../../main/contract/workspaceText';
import { nodeOfIssue } from '../issuesByNode';
import { parseEdge, parseNode } from '../nodeIds';

/** null = the place belongs to the document as a whole. */
export function nodeAtPath(document: WorkspaceDocument, path: DocumentPath): string | null {
  const place: ConfigIssue = { code: 'invalid_value', severity: 'warning', path, message: '' };
  return nodeOfIssue(document, place);
}

/** Where in the document a selected node (or the target of a line) is written; null = nowhere. */
export function pathOfNode(document: WorkspaceDocument, selected: string): DocumentPath | null {
  const node = parseNode(selected) ?? parseEdge(selected)?.source ?? null;
  if (node === null || node.kind === 'client') return null;
  const indexIn = (list: readonly { readonly id: string }[] | undefined, id: string) =>
    (list ?? []).findIndex((item) => item.id === id);
  if (node.kind === 'endpoint') {
    const pool = indexIn(document.pools, node.pool);
    return pool < 0 ? null : ['pools', pool, 'endpoints', node.index];
  }
  const section = `${node.kind}s` as const;
  const index = indexIn(document[section], node.id);
  return index < 0 ? null : [section, index];
}
