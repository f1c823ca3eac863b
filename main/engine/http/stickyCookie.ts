import type { Exchange } from './exchange';

/** The Set-Cookie line that ties the client to its endpoint; '' = none is to be set. 0 seconds = until the browser closes. */
export function stickyCookieOf({ pool, stickyKey, host }: Exchange): string {
  const stickiness = pool?.config.stickiness;
  if (stickiness === undefined || stickyKey === null) return '';
  const { cookie, ttlSeconds } = stickiness;
  const life = ttlSeconds === 0 ? '' : `; Max-Age=${ttlSeconds}`;
  const secure = host.isTls ? '; Secure' : '';
  return `Set-Cookie: ${cookie}=${stickyKey}; Path=/${life}; HttpOnly; SameSite=Lax${secure}\r\n`;
}
