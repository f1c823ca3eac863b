import type { ConfigIssue } from './configIssue';

export type AppErrorCode =
  | 'invalid_input'
  | 'invalid_config'
  | 'conflict'
  | 'not_found'
  | 'already_exists'
  | 'unavailable'
  | 'disk_failed'
  | 'request_failed'
  | 'unauthorized'
  | 'not_connected'
  | 'internal_error';

/** An error that may cross from the main process to a UI or to the command line. Never carries a secret. */
export class AppError extends Error {
  override readonly name = 'AppError';
  constructor(
    readonly code: AppErrorCode,
    message: string,
    readonly options: { readonly issues?: readonly ConfigIssue[]; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
  }
  get issues(): readonly ConfigIssue[] {
    return this.options.issues ?? [];
  }
}

export interface SerializedError {
  readonly code: AppErrorCode;
  readonly message: string;
  readonly issues: readonly ConfigIssue[];
}

/** What leaves the process: known errors as they are, anything else as `internal_error` without its stack. */
export function serializeError(error: unknown): SerializedError {
  if (error instanceof AppError) return { code: error.code, message: error.message, issues: error.issues };
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'internal_error', message, issues: [] };
}

export function reviveError(error: SerializedError): AppError {
  return new AppError(error.code, error.message, { issues: error.issues });
}
