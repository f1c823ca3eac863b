// What the fields of a pool mean together.
import type { Workspace } from './config';
import type { ConfigIssue } from './configIssue';

export function poolIssues(workspace: Workspace): ConfigIssue[] {
  return workspace.pools.flatMap((pool, index): ConfigIssue[] => {
    if (pool.protocol !== 'auto' || pool.tls !== undefined) return [];
    const message =
      'protocol auto chooses while TLS is set up, and this pool does not encrypt, so HTTP/1.1 is spoken: add tls, or say h2 or http1';
    return [{ code: 'invalid_value', severity: 'warning', path: ['pools', index, 'protocol'], message }];
  });
}
