// The short words that stand on arrows and in notes.
import type { FlowEventOf } from '../../main/contract/flowEvent';
import { counted } from '../stores/flowFormat';
import { routeReason } from './describeEvent';
import { shorten } from './escapeText';

/** Longest request target, reason or server name on an arrow, in characters. */
export const targetLength = 40;

/** Ends of a connection that nobody needs to worry about. */
export const quietReasons: ReadonlySet<string> = new Set(['end', 'drained', 'not_reusable', 'idle_timeout']);

/** What a ClientHello leaves unsaid: the rest is for the endpoint's eyes only. */
export const sealedLines: readonly string[] = [
  'what follows the hello is sealed: Hopscope relays the records and cannot read them',
];

/** What was seen of TLS. What stands in a ClientHello travels in clear, whoever holds the key. */
export function tlsLines(event: FlowEventOf<'tls.clientHello' | 'tls.established' | 'tls.failed'>): string[] {
  if (event.kind === 'tls.failed') return [`TLS failed: ${event.reason}`];
  if (event.kind === 'tls.clientHello') {
    const name = event.serverName === null ? 'no SNI' : `SNI ${shorten(event.serverName, targetLength)}`;
    const lines = [
      `ClientHello in clear: ${name}`,
      event.alpn.length === 0 ? 'no ALPN' : `ALPN ${event.alpn.join(' ')}`,
    ];
    if (event.versions.length > 0) lines.push(`versions ${listed(event.versions)}`);
    if (event.groups.length > 0) lines.push(`groups ${listed(event.groups)}`);
    if (event.encryptedClientHello) lines.push('with an encrypted ClientHello inside, or GREASE for one');
    return lines;
  }
  const parts = [`${event.version}${event.resumed ? ' resumed' : ''}, ${event.cipher}`];
  const agreed: string[] = [];
  if (event.alpn !== null) agreed.push(`ALPN ${event.alpn}`);
  if (event.group !== undefined) agreed.push(`group ${event.group}`);
  if (event.certificate !== null) agreed.push(`certificate ${event.certificate}`);
  if (event.peerSubject !== undefined)
    agreed.push(
      `${event.leg === 'downstream' ? 'client' : 'endpoint'} ${shorten(event.peerSubject, targetLength)}`,
    );
  if (agreed.length > 0) parts.push(agreed.join(', '));
  parts.push('Hopscope reads the plaintext on this leg');
  return parts;
}

const mostListed = 4;

function listed(names: readonly string[]): string {
  const more = names.length > mostListed ? ` and ${names.length - mostListed} more` : '';
  return `${names.slice(0, mostListed).join(' ')}${more}`;
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
