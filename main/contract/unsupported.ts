// What the schema knows and this version does not act on yet. Nothing is ignored silently: where ignoring a field
// would change behaviour or safety it is an error, where it is harmless a warning. A default never raises it.
import type { Pool, Workspace } from './config';
import type { ConfigIssue } from './configIssue';

type Path = ConfigIssue['path'];

export function unsupportedIssues(workspace: Workspace): ConfigIssue[] {
  return [...workspace.pools.flatMap(poolIssues), ...captureIssues(workspace)];
}

function poolIssues(pool: Pool, index: number): ConfigIssue[] {
  const at = (...rest: (string | number)[]): Path => ['pools', index, ...rest];
  const issues: ConfigIssue[] = [];
  if (pool.protocol === 'h2') issues.push(unsupported(at('protocol'), 'HTTP/2 to endpoints is', 'use http1'));
  if (pool.protocol === 'auto') {
    issues.push(unsupported(at('protocol'), 'choosing HTTP/2 by ALPN is', 'HTTP/1.1 is spoken', 'warning'));
  }
  return issues;
}

function captureIssues({ capture }: Workspace): ConfigIssue[] {
  if (capture.bodies === 'off') return [];
  return [unsupported(['capture', 'bodies'], 'capturing bodies is', 'none are kept', 'warning')];
}

function unsupported(
  path: Path,
  what: string,
  advice = 'choose another one',
  severity: ConfigIssue['severity'] = 'error',
): ConfigIssue {
  return { code: 'not_supported_yet', severity, path, message: `${what} not supported yet: ${advice}` };
}
