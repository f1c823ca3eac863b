/** What went wrong with a connection attempt, in words; `key` is "address:port". */
export function describeConnectError(error: unknown, key: string): string {
  const code = errorCode(error);
  const known = code === null ? undefined : descriptions[code];
  if (known !== undefined) return `${key} ${known}`;
  return `${key} cannot be reached: ${error instanceof Error ? error.message : String(error)}`;
}

/** "ECONNRESET" and the like; of an AggregateError (several addresses of one name) the first. null = has none. */
export function errorCode(error: unknown): string | null {
  if (error instanceof AggregateError && error.errors.length > 0) return errorCode(error.errors[0]);
  if (typeof error === 'object' && error !== null && 'code' in error) return String(error.code);
  return null;
}

const descriptions: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused the connection: nothing listens there',
  ECONNRESET: 'reset the connection',
  ETIMEDOUT: 'did not answer',
  EHOSTUNREACH: 'is unreachable (no route to the host)',
  ENETUNREACH: 'is unreachable (no route to the network)',
  ENOTFOUND: 'has a host name that nobody knows',
  EAI_AGAIN: 'has a host name that cannot be looked up now',
  EADDRNOTAVAIL: 'cannot be reached: no local port is free',
  EMFILE: 'cannot be reached: this process has too many open files',
  ENFILE: 'cannot be reached: this machine has too many open files',
};
