// What the schema knows and this version does not act on yet. Nothing is ignored silently: where ignoring a field
// would change behaviour or safety it is an error, where it is harmless a warning. A default never raises it.
import type { Listener, Pool, Workspace } from './config';
import type { ConfigIssue } from './configIssue';

type Path = ConfigIssue['path'];

/** `document` is the workspace as written, to tell a written value from a default. */
export function unsupportedIssues(workspace: Workspace, document: unknown): ConfigIssue[] {
  return [
    ...workspace.listeners.flatMap((listener, index) => listenerIssues(listener, index, document)),
    ...workspace.pools.flatMap(poolIssues),
    ...captureIssues(workspace),
  ];
}

function listenerIssues(listener: Listener, index: number, document: unknown): ConfigIssue[] {
  const at = (...rest: (string | number)[]): Path => ['listeners', index, ...rest];
  const issues: ConfigIssue[] = [];
  if (listener.protocol === 'forward') issues.push(unsupported(at('protocol'), 'forward listeners are'));
  if (listener.tls === undefined) return issues;
  const isAlpnWritten = fieldAt(document, at('tls', 'alpn')) !== undefined;
  if (listener.protocol === 'https' && isAlpnWritten && listener.tls.alpn.includes('h2')) {
    const isOnly = !listener.tls.alpn.includes('http/1.1');
    const what = 'HTTP/2 on listeners is';
    const advice = isOnly ? 'add http/1.1' : 'clients are offered http/1.1 only';
    issues.push(unsupported(at('tls', 'alpn'), what, advice, isOnly ? 'error' : 'warning'));
  }
  return issues;
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

function fieldAt(document: unknown, path: Path): unknown {
  let value = document;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Readonly<Record<string | number, unknown>>)[part];
  }
  return value;
}
