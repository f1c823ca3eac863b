// What the schema knows and this version does not act on yet. Nothing is ignored silently: where ignoring a field
// would change behaviour or safety it is an error, where it is harmless a warning. A default never raises it.
import type { Workspace } from './config';
import type { ConfigIssue } from './configIssue';

export function unsupportedIssues(workspace: Workspace): ConfigIssue[] {
  return captureIssues(workspace);
}

function captureIssues({ capture }: Workspace): ConfigIssue[] {
  if (capture.bodies === 'off') return [];
  return [unsupported(['capture', 'bodies'], 'capturing bodies is', 'none are kept', 'warning')];
}

function unsupported(
  path: ConfigIssue['path'],
  what: string,
  advice = 'choose another one',
  severity: ConfigIssue['severity'] = 'error',
): ConfigIssue {
  return { code: 'not_supported_yet', severity, path, message: `${what} not supported yet: ${advice}` };
}
