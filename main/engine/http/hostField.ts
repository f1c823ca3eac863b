// Which host a request is for. RFC 9112 3.2: exactly one valid Host; anything that two servers could read differently
// is refused (lists, userinfo, paths, empty ports).
import { isIPv6 } from 'node:net';
import { hostCharacters } from './characters';

/** "name", "name:port", "[v6]", "[v6]:port" → the name in lower case without port, brackets and final dot; null = not valid. */
export function hostnameOf(host: string): string | null {
  let nameEnd = host.length;
  if (host.charCodeAt(0) === 0x5b) {
    const close = host.indexOf(']');
    if (close === -1 || !isIPv6(host.slice(1, close)) || host.includes('%')) return null;
    if (close + 1 < host.length && !isPort(host, close + 1)) return null;
    return host.slice(1, close).toLowerCase();
  }
  for (let index = 0; index < host.length; index++) {
    const code = host.charCodeAt(index);
    if (hostCharacters[code] === 1) continue;
    if (code !== 0x3a || !isPort(host, index)) return null;
    nameEnd = index;
    break;
  }
  if (nameEnd > 1 && host.charCodeAt(nameEnd - 1) === 0x2e) nameEnd--;
  if (nameEnd === 0 || nameEnd > 255) return null;
  return host.slice(0, nameEnd).toLowerCase();
}

/** The port of a host that `hostnameOf` takes; null = it has none. */
export function portOf(host: string): number | null {
  const colonAt = host.lastIndexOf(':');
  if (colonAt === -1 || host.endsWith(']')) return null;
  return Number(host.slice(colonAt + 1));
}

/** ":" and 1 to 5 digits up to 65535, to the end. */
function isPort(host: string, colonAt: number): boolean {
  const length = host.length - colonAt - 1;
  if (host.charCodeAt(colonAt) !== 0x3a || length < 1 || length > 5) return false;
  let port = 0;
  for (let index = colonAt + 1; index < host.length; index++) {
    const digit = host.charCodeAt(index) - 0x30;
    if (digit < 0 || digit > 9) return false;
    port = port * 10 + digit;
  }
  return port <= 65535;
}
