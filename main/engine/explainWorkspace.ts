import type { Workspace } from '../contract/config';
import { compileWorkspace } from './compile';
import { type ExplainedRequest, type Explanation, explainRequest } from './routing/explainRequest';

/** `explainRequest` for a workspace that does not run: no ports, no certificates. null = no such listener. */
export function explainWorkspace(
  workspace: Workspace,
  listenerId: string,
  request: ExplainedRequest,
): Explanation | null {
  const config = compileWorkspace({ revision: 0, workspace, tls: new Map() });
  return explainRequest(config, listenerId, request);
}
