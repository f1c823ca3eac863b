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
  const { hostname, path } = targetFor(listener.id, document);
  if (listener.protocol === 'tcp') return `curl -v telnet://${host}:${listener.port}`;
  if (listener.protocol === 'http') {
    const header = hostname === null ? '' : ` -H 'Host: ${hostname}'`;
    return `curl -v${header} http://${host}:${listener.port}${path}`;
  }
  const name = hostname ?? 'localhost';
  return `curl -vk --connect-to ${name}:443:${host}:${listener.port} https://${name}${path}`;
}

/** What the first route of the listener asks for; a wildcard gets a name in front. */
function targetFor(listenerId: string, document: unknown): { hostname: string | null; path: string } {
  const parsed = workspaceSchema.safeParse(document);
  const routes = parsed.success ? parsed.data.routes : [];
  const route = routes.find((candidate) => candidate.listeners.includes(listenerId));
  if (route === undefined || route.kind === 'tcp') return { hostname: null, path: '/' };
  const hostname = route.hostnames[0]?.replace(/^\*\./, 'any.') ?? null;
  const asked = route.kind === 'http' ? route.matches[0]?.path : undefined;
  return { hostname, path: asked === undefined || asked.type === 'regex' ? '/' : shellSafe(asked.value) };
}

// The hint is pasted into a shell: a path with anything unusual in it is left out.
function shellSafe(path: string): string {
  return /^\/[\w./~-]*$/.test(path) ? path : '/';
}
