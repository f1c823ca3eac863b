import type { HttpRouteDocument, WorkspaceDocument } from '../../../../main/contract/config';
import { parseWorkspace } from '../../../../main/contract/validateConfig';
import { compileWorkspace } from '../../../../main/engine/compile';
import type { CompiledConfig, CompiledHttpRoute } from '../../../../main/engine/compiledConfig';
import type { RequestView } from '../../../../main/engine/routing/requestView';

export function compileDocument(document: WorkspaceDocument): CompiledConfig {
  const { workspace, issues } = parseWorkspace(document);
  if (workspace === null) throw new Error(JSON.stringify(issues));
  return compileWorkspace({ revision: 1, workspace, tls: new Map() });
}

/** Routes on one http listener "web". */
export function compileRoutes(routes: readonly HttpRouteDocument[]): readonly CompiledHttpRoute[] {
  const listeners = [{ id: 'web', port: 80, protocol: 'http' as const }];
  return compileDocument({ schemaVersion: 1, listeners, routes: [...routes] }).listeners.get('web')!
    .httpRoutes.routes;
}

export interface RequestParts {
  readonly method?: string;
  readonly hostname?: string;
  readonly path?: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export function request({
  method = 'GET',
  hostname = 'a.test',
  path = '/',
  query = '',
  headers = {},
}: RequestParts): RequestView {
  return { method, hostname, path, query, header: (name) => headers[name] };
}
