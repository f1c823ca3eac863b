// The request that the tester starts with: one that the selected route, or the first one of the listener, would get.
import type { WorkspaceDocument } from '../../main/contract/config';
import { targetOf } from './curlCommand';
import { parseNode } from './nodeIds';
import type { TestedRequest } from './testerStore';

export function proposedTest(
  document: WorkspaceDocument,
  selected: string | null,
  before: TestedRequest,
): Partial<TestedRequest> {
  const node = selected === null ? null : parseNode(selected);
  const routes = document.routes ?? [];
  const listeners = document.listeners ?? [];
  const asked =
    node?.kind === 'route'
      ? routes.find((route) => route.id === node.id)
      : node?.kind === 'listener'
        ? routes.find((route) => route.listeners.includes(node.id))
        : undefined;
  const isKept = asked === undefined && listeners.some((listener) => listener.id === before.listener);
  if (isKept) return {};
  const route = asked ?? routes[0];
  const listener = node?.kind === 'listener' ? node.id : (route?.listeners[0] ?? listeners[0]?.id ?? '');
  const { method, hostname, path } = targetOf(route);
  return { listener, method, url: `${hostname === '' ? 'localhost' : hostname}${path}` };
}
