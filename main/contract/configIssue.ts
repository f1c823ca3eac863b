/** Readable codes of everything that can be wrong with a workspace. */
export type ConfigIssueCode =
  | 'unreadable_file'
  | 'broken_yaml'
  | 'unknown_field'
  | 'missing_field'
  | 'wrong_type'
  | 'invalid_value'
  | 'duplicate_id'
  | 'unknown_reference'
  | 'schema_version'
  | 'conflict'
  | 'unreachable_route'
  | 'exposed_address'
  | 'port_in_use'
  | 'privileged_port'
  | 'address_unavailable'
  | 'certificate_missing'
  | 'certificate_mismatch'
  | 'certificate_expired'
  | 'endpoint_unreachable'
  | 'apply_failed';

export interface ConfigIssue {
  readonly code: ConfigIssueCode;
  /** `error` keeps the workspace from being applied; `warning` does not. */
  readonly severity: 'error' | 'warning';
  /** Where in the document, e.g. ['listeners', 0, 'port']. Empty = the whole document. */
  readonly path: readonly (string | number)[];
  /** One sentence that names the value and says what to do. */
  readonly message: string;
  /** Of `unreachable_route`: the id of the route that takes everything first. */
  readonly shadowedBy?: string;
  /** 1-based position in the text, where the document came from text. */
  readonly line?: number;
  readonly column?: number;
}

/** ['listeners', 0, 'port'] → "listeners[0].port". */
export function formatPath(path: readonly (string | number)[]): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(part)) text += text === '' ? part : `.${part}`;
    else text += `[${JSON.stringify(part)}]`;
  }
  return text === '' ? '(document)' : text;
}

/** "FILE:LINE:COLUMN path: message (code)", the form that `check` prints. */
export function formatIssue(issue: ConfigIssue, file: string): string {
  return `${file}:${issue.line ?? 1}:${issue.column ?? 1} ${formatPath(issue.path)}: ${issue.message} (${issue.code})`;
}
