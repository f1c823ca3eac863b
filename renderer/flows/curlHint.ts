import type { BoundListener } from '../../main/contract/api';
import { workspaceSchema } from '../../main/contract/config';

/** A command that sends something to the first running listener that curl can speak to; null = there is none. */
export function curlHint(listeners: readonly BoundListener[], document: unknown): string | null {
  const order = ['http', 'https', 'tls', 'tcp'];
  const listener = [...listeners]
    .filter((candidate) => order.includes(candidate.protocol))
    .sort((a, b) => order.indexOf(a.protocol) - order.indexOf(b.protocol))[0];
  if (listener === undefined) return null;
  const host = listener.address.includes(':') ? `[${listener.address}]` : listener.address;
  const hostname = hostnameFor(listener.id, document);
  if (listener.protocol === 'tcp') return `curl -v telnet://${host}:${listener.port}`;
  if (listener.protocol === 'http') {
    const header = hostname === null ? '' : ` -H 'Host: ${hostname}'`;
    return `curl -v${header} http://${host}:${listener.port}/`;
  }
  const name = hostname ?? 'localhost';
  return `curl -vk --connect-to ${name}:443:${host}:${listener.port} https://${name}/`;
}

/** A host name that some route of the listener asks for; a wildcard gets a name in front. */
function hostnameFor(listenerId: string, document: unknown): string | null {
  const parsed = workspaceSchema.safeParse(document);
  if (!parsed.success) return null;
  for (const route of parsed.data.routes) {
    if (!route.listeners.includes(listenerId) || route.kind === 'tcp') continue;
    const hostname = route.hostnames[0];
    if (hostname !== undefined) return hostname.replace(/^\*\./, 'any.');
  }
  return null;
}
