import type { Exchange } from './exchange';

/** Methods that mean the same when they arrive twice (RFC 9110 9.2.2). */
const idempotentMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE']);

/** The request may be sent twice, and we still have all of it. */
export function isRepeatable(exchange: Exchange): boolean {
  if (!idempotentMethods.has(exchange.head.method)) return false;
  return exchange.isRequestComplete && (exchange.held !== null || !exchange.head.hasBody);
}
