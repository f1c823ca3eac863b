/** The endpoint says that it did nothing with the request: it may be sent again, whatever its method (RFC 9113 8.7). */
export class UnprocessedError extends Error {
  override readonly name = 'UnprocessedError';
}

/** The pool speaks HTTP/2 only, and the endpoint lets no other protocol run on its streams. */
export class NoTunnelError extends Error {
  override readonly name = 'NoTunnelError';
}

/** The endpoint has as many connections as it may have, and as many wait as may wait. */
export class OverloadedError extends Error {
  override readonly name = 'OverloadedError';

  constructor() {
    super('too many requests are waiting for this endpoint');
  }
}

/** The connection is gone, and nobody has said why. */
export class LostConnectionError extends Error {
  override readonly name = 'LostConnectionError';

  constructor() {
    super('the connection was closed');
  }
}

/** What the endpoint sent is no valid message. */
export class BadMessageError extends Error {
  override readonly name = 'BadMessageError';
}
