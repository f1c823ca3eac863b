// "Send through both" with two ways of the user's own: which there are, and what is sent so that both get the same. Pure.
import type { BoundListener } from '../../../main/contract/api';
import type { RouteDocument } from '../../../main/contract/config';
import type { Composed } from '../../composer/composed';
import { speaksTls } from '../../composer/sendOnce';
import type { Surroundings } from '../../composer/wayOfUrl';

/** A running listener, and a route of it that a request may take; null = it has none (a forward listener). */
export interface OwnWay {
  readonly id: string;
  readonly label: string;
  readonly listener: BoundListener;
  readonly route: string | null;
  /** What a request must ask for to get there; null = anything. */
  readonly hostname: string | null;
  readonly path: string | null;
}

/** One for each running listener and route, in the order of the document. */
export function ownWays({ listeners, document }: Surroundings): OwnWay[] {
  return listeners.flatMap((listener): OwnWay[] => {
    const routes = (document?.routes ?? []).filter((route) => route.listeners.includes(listener.id));
    if (listener.protocol === 'forward') {
      return [
        {
          id: listener.id,
          label: `${listener.id} · forward`,
          listener,
          route: null,
          hostname: null,
          path: null,
        },
      ];
    }
    return routes.map((route) => ({
      id: `${listener.id} ${route.id}`,
      label: `${listener.id} › ${route.id} · ${natureOf(route, listener)}`,
      listener,
      route: route.id,
      ...placeOf(route),
    }));
  });
}

function natureOf(route: RouteDocument, listener: BoundListener): string {
  if (route.kind === 'tcp') return 'L4';
  if (route.kind === 'tls') return route.mode === 'terminate' ? 'TLS ended, then L4' : 'TLS passthrough';
  const how = route.requestBuffering === 'stream' ? 'streamed' : 'buffered';
  return `L7 ${how}${speaksTls(listener) ? ', TLS ended' : ''}`;
}

/** Of its first host name and match. */
function placeOf(route: RouteDocument): Pick<OwnWay, 'hostname' | 'path'> {
  const hostname = route.kind === 'tcp' ? undefined : route.hostnames?.[0]?.replace(/^\*\./, 'www.');
  const match = route.kind === 'http' ? route.matches?.[0] : undefined;
  const path = match?.path === undefined || match.path.type === 'regex' ? undefined : match.path.value;
  return { hostname: hostname ?? null, path: path ?? null };
}

/** "host/path" for each; the same text for both wherever one request can get to both. */
export function targetsOf(a: OwnWay, b: OwnWay): { readonly a: string; readonly b: string } {
  const isApart = (field: 'hostname' | 'path') =>
    a[field] !== null && b[field] !== null && a[field] !== b[field];
  if (isApart('hostname') || isApart('path')) return { a: targetOf(a), b: targetOf(b) };
  const both = targetOf({ hostname: a.hostname ?? b.hostname, path: a.path ?? b.path });
  return { a: both, b: both };
}

function targetOf({ hostname, path }: Pick<OwnWay, 'hostname' | 'path'>): string {
  return `${hostname ?? 'localhost'}${path ?? '/'}`;
}

/** A TCP listener reads nothing, so it gets what the other one speaks. */
export function usesTls(way: OwnWay, other: OwnWay): boolean {
  return speaksTls(way.listener) || (way.listener.protocol === 'tcp' && speaksTls(other.listener));
}

/** What makes the bytes of both differ, in words; null = both get the same. */
export function differenceOf(
  a: OwnWay,
  b: OwnWay,
  targets: { readonly a: string; readonly b: string },
): string | null {
  if (usesTls(a, b) !== usesTls(b, a)) {
    const [sealed, clear] = usesTls(a, b) ? ['A', 'B'] : ['B', 'A'];
    return `${sealed} speaks TLS and ${clear} does not: the same request, in TLS to ${sealed} and in the clear to ${clear}.`;
  }
  if ((a.listener.protocol === 'forward') !== (b.listener.protocol === 'forward'))
    return 'A forward listener is asked for the whole URL, the other one for the path only.';
  return targets.a === targets.b ? null : 'Each is asked for its own host and path; all else is the same.';
}

/** The form of the client for one way: sent once, over exactly this listener. */
export function composedFor(composed: Composed, way: OwnWay, other: OwnWay): Composed {
  const url = /^[a-z][\w+.-]*:\/\//i.test(composed.url)
    ? composed.url
    : `${usesTls(way, other) ? 'https' : 'http'}://${composed.url}`;
  return { ...composed, url, through: way.listener.id };
}
