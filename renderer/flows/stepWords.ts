// The short words that stand on arrows and in notes.
import type { FlowEventOf } from '../../main/contract/flowEvent';
import { counted } from '../stores/flowFormat';
import { routeReason } from './describeEvent';
import { shorten } from './escapeText';

/** Longest request target, reason or server name on an arrow, in characters. */
export const targetLength = 40;

/** Ends of a connection that nobody needs to worry about. */
export const quietReasons: ReadonlySet<string> = new Set(['end', 'drained', 'not_reusable', 'idle_timeout']);

export function tlsLines(event: FlowEventOf<'tls.clientHello' | 'tls.established' | 'tls.failed'>): string[] {
  if (event.kind === 'tls.failed') return [`TLS failed: ${event.reason}`];
  if (event.kind === 'tls.clientHello') {
    const name = event.serverName === null ? 'no SNI' : `SNI ${shorten(event.serverName, targetLength)}`;
    return [`ClientHello: ${name}`, event.alpn.length === 0 ? 'no ALPN' : `ALPN ${event.alpn.join(' ')}`];
  }
  const parts = [`${event.version}${event.resumed ? ' resumed' : ''}`];
  if (event.alpn !== null) parts.push(`ALPN ${event.alpn}`);
  if (event.certificate !== null) parts.push(`certificate ${event.certificate}`);
  return [parts.join(', ')];
}

export function pickedLines(
  event: FlowEventOf<'route.matched' | 'backend.picked' | 'endpoint.picked'>,
  isDetailed: boolean,
): string[] {
  switch (event.kind) {
    case 'route.matched': {
      const lines = [`route ${event.route}${routeReason(event.trace)}`];
      const others = event.trace.routes.length - 1 + event.trace.omittedRoutes;
      if (isDetailed && others > 0) lines.push(`${counted(others, 'other route')} tried`);
      return lines;
    }
    case 'backend.picked':
      if (!isDetailed && event.weights.length <= 1) return [];
      return [`pool ${event.pool}: ${event.reason}`];
    default:
      return [`endpoint ${event.endpoint}: ${event.reason}${event.panic ? ', all unhealthy' : ''}`];
  }
}
