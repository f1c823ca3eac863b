import type { ListenerDocument, WorkspaceDocument } from '../../main/contract/config';

/** The host names that a listener decrypts for: those of its http routes and of its tls routes that terminate. */
export function listenerHostnames(document: WorkspaceDocument, listener: string): string[] {
  const names = (document.routes ?? []).flatMap((route) => {
    if (!route.listeners.includes(listener) || route.kind === 'tcp') return [];
    if (route.kind === 'tls' && route.mode !== 'terminate') return [];
    return route.hostnames ?? [];
  });
  return [...new Set(names)];
}

/** What to put into a certificate for these host names; routes for any host get the names of this machine. */
export function certificateNamesFor(hostnames: readonly string[]): string[] {
  return hostnames.length > 0 ? [...hostnames] : ['localhost', '127.0.0.1'];
}

/** Whether something is decrypted on this listener, so that it must have a certificate. */
export function decrypts(document: WorkspaceDocument, listener: ListenerDocument): boolean {
  if (listener.protocol === 'https') return true;
  return (document.routes ?? []).some(
    (route) => route.kind === 'tls' && route.mode === 'terminate' && route.listeners.includes(listener.id),
  );
}
