// What the Send panel proposes for a selected listener or route: where a request can go in and what it asks for.
import type { BoundListener } from '../../main/contract/api';
import type { WorkspaceDocument } from '../../main/contract/config';
import { type RequestTarget, targetOf } from './curlCommand';

export interface SendTarget {
  /** Bound listeners that lead to the selected thing, in the route's order. */
  readonly listeners: readonly BoundListener[];
  readonly target: RequestTarget;
  /** For a listener: the route that the proposal is made for; null = none yet. */
  readonly route: string | null;
}

export function sendTarget(
  document: WorkspaceDocument,
  bound: readonly BoundListener[],
  kind: 'listener' | 'route',
  id: string,
): SendTarget {
  const routes = document.routes ?? [];
  const route =
    kind === 'route'
      ? routes.find((item) => item.id === id)
      : routes.find((item) => item.listeners.includes(id));
  const wanted = kind === 'listener' ? [id] : (route?.listeners ?? []);
  return {
    listeners: wanted.flatMap((name) => bound.find((listener) => listener.id === name) ?? []),
    target: targetOf(route),
    route: route?.id ?? null,
  };
}

/** Where the store keeps the local CA's certificate, for curl --cacert. */
export function caFileIn(folder: string): string {
  return `${folder}${folder.includes('\\') ? '\\' : '/'}ca.pem`;
}

const mostShownCharacters = 400;
const mostShownLines = 10;

/** The beginning of a body, for people: few enough lines to stand without a scroll bar. */
export function bodyExcerpt(body: string): string {
  const lines = body.trimEnd().split('\n');
  const text = lines.slice(0, mostShownLines).join('\n').slice(0, mostShownCharacters);
  return text.length < body.trimEnd().length ? `${text}…` : text;
}
