/** The endpoint says that it did nothing with the request: it may be sent again, whatever its method (RFC 9113 8.7). */
export class UnprocessedError extends Error {
  override readonly name = 'UnprocessedError';
}

/** What the endpoint sent is no valid message. */
export class BadMessageError extends Error {
  override readonly name = 'BadMessageError';
}
