// One plain sentence per event: the words beside the picture.
import { assertNever } from '../../main/contract/assertNever';
import type {
  Chunk,
  ConnectionCloser,
  FlowEvent,
  FlowEventOf,
  Leg,
  RouteDecisionTrace,
} from '../../main/contract/flowEvent';
import { counted, formatAddress, formatBytes, formatMicroseconds } from '../stores/flowFormat';
import { freshness } from './cacheSteps';

export function describeEvent(event: FlowEvent): string {
  switch (event.kind) {
    case 'flow.opened':
      return `A ${flowNoun(event.flow)} begins on listener ${event.listener} from ${formatAddress(event.client)}.`;
    case 'flow.closed':
      return `The flow ends (${event.outcome}) after ${formatMicroseconds(event.durationMicroseconds)}.`;
    case 'flow.failed':
      return `${words(event.code)}: ${sentence(event.message)}${answered(event.status)}`;
    case 'connection.opened':
    case 'connection.closed':
      return describeConnection(event);
    case 'proxyProtocol.received':
      return event.source === null
        ? `The PROXY header (${event.version}) announces nobody: the connection's own addresses count.`
        : `The PROXY header (${event.version}) says that the client is ${formatAddress(event.source)}.`;
    case 'proxyProtocol.refused':
      return `The connection is refused: ${sentence(event.reason)}`;
    case 'tls.clientHello':
    case 'tls.established':
    case 'tls.failed':
      return describeTls(event);
    case 'request.head':
      return event.leg === 'downstream'
        ? `The client asks ${event.method} ${event.target} (${event.version}${onStream(event)}, ${counted(event.headers.length, 'header')}).`
        : `Hopscope sends ${event.method} ${event.target} to the endpoint (${event.stream === undefined ? '' : `${event.version}${onStream(event)}, `}${counted(event.headers.length, 'header')}).`;
    case 'request.end':
      return event.leg === 'downstream'
        ? `The request from the client is complete${body(event.bodyBytes)}.`
        : `The request to the endpoint is complete${body(event.bodyBytes)}.`;
    case 'response.head':
      return describeResponseHead(event);
    case 'response.end':
      return event.leg === 'upstream'
        ? `The endpoint's response is complete${body(event.bodyBytes)}.`
        : `The response to the client is complete${body(event.bodyBytes)}.`;
    case 'chunk':
      return describeChunk(event);
    case 'body.captured':
      return `${formatBytes(event.bytes)} of the ${event.direction} body are kept for the Bytes tab.`;
    case 'buffer.held':
      return `Hopscope now holds ${counted(event.chunks, 'chunk')}, ${formatBytes(event.bytes)}${inFile(event)}.`;
    case 'buffer.released':
      return `Hopscope lets go of ${counted(event.chunks, 'chunk')}, ${formatBytes(event.bytes)}, held for ${formatMicroseconds(event.heldMicroseconds)}${inFile(event)}.`;
    case 'stream.reset':
      return `${closerName(event.resetBy)} ends stream ${event.stream} in the middle (RST_STREAM, ${event.code}); the connection lives on.`;
    case 'connection.goaway':
      return describeGoaway(event);
    case 'upgrade.accepted':
      return `Both sides switch to ${event.protocol}; from here on bytes are relayed as they come.`;
    case 'gap':
      return `${counted(event.lost, 'event')} here could not be kept.`;
    default:
      return describeDecision(event);
  }
}

type DecisionEvent = FlowEventOf<
  | 'route.matched'
  | 'route.missed'
  | 'forward.destination'
  | 'filter.applied'
  | 'backend.picked'
  | 'endpoint.picked'
  | 'endpoint.health'
  | 'endpoint.resolved'
  | 'cache.lookup'
  | 'cache.stored'
  | 'cache.notStored'
  | 'cache.invalidated'
  | 'upstream.connecting'
  | 'upstream.waiting'
  | 'upstream.connected'
  | 'upstream.reused'
  | 'upstream.failed'
  | 'retry.scheduled'
  | 'timeout'
  | 'fault.injected'
  | 'request.mirrored'
>;

function describeDecision(event: DecisionEvent): string {
  switch (event.kind) {
    case 'route.matched':
      return `Route ${event.route} wins${routeReason(event.trace)}.`;
    case 'route.missed':
      return `No route matches; ${counted(event.trace.routes.length + event.trace.omittedRoutes, 'route')} tried.`;
    case 'forward.destination':
      return describeDestination(event);
    case 'filter.applied':
      return describeFilter(event);
    case 'backend.picked':
      return `Pool ${event.pool} is picked: ${event.reason}.`;
    case 'endpoint.picked':
      return `Endpoint ${event.endpoint} is picked: ${event.reason}.`;
    case 'endpoint.health':
      return `Endpoint ${event.endpoint} of pool ${event.pool} is ${event.to} now (${event.from} before): ${sentence(event.reason)}`;
    case 'endpoint.resolved':
      return event.failure === null
        ? `The name ${event.hostname} stands for ${event.addresses.join(', ')} now.`
        : `The name ${event.hostname} could not be looked up (${event.failure}); ${event.addresses.length === 0 ? 'it is tried again' : 'what was known stays'}.`;
    case 'cache.lookup':
      return describeLookup(event);
    case 'cache.stored':
      return `The cache stores ${formatBytes(event.bytes)}, ${freshness(event.freshSeconds)}.`;
    case 'cache.notStored':
      return `The cache does not store the response: ${sentence(event.reason)}`;
    case 'cache.invalidated':
      return `The cache removes ${counted(event.entries, 'entry', 'entries')}: ${sentence(event.reason)}`;
    case 'upstream.connecting':
      return `Hopscope opens a TCP connection to ${event.endpoint}.`;
    case 'upstream.waiting':
      return `Every connection that ${event.endpoint} may have is in use: the request waits, ${event.ahead === 0 ? 'first in line' : `behind ${event.ahead.toLocaleString('en')} others`}.`;
    case 'upstream.connected':
      return `Connection ${event.connectionId} to ${event.endpoint} is open after ${formatMicroseconds(event.durationMicroseconds)}.`;
    case 'upstream.reused':
      return `Hopscope reuses connection ${event.connectionId} to ${event.endpoint} (${counted(event.earlierExchanges, 'exchange')} before, idle for ${formatMicroseconds(event.idleMicroseconds)}).`;
    case 'upstream.failed':
      return `${words(event.code)} at ${event.endpoint}: ${sentence(event.message)}`;
    case 'retry.scheduled':
      return `Attempt ${event.attempt} follows in ${event.delayMs} ms: ${event.reason}.`;
    case 'timeout':
      return describeTimeout(event);
    case 'request.mirrored':
      return event.outcome === 'sent'
        ? `A copy of the request goes to ${event.mirrorEndpoint} in pool ${event.mirrorPool}; ${event.reason}.`
        : `No copy of the request goes to pool ${event.mirrorPool}: ${event.reason}.`;
    case 'fault.injected':
      return `An injected fault (${event.fault}): ${event.detail}.`;
    default:
      return assertNever(event, 'event');
  }
}

function describeTimeout({ timeout, afterMs }: FlowEventOf<'timeout'>): string {
  switch (timeout) {
    case 'bodyRate':
      return `After ${afterMs} ms the request's body comes more slowly than the listener allows.`;
    case 'read':
      return `The client has read nothing for ${afterMs} ms although there is something to read.`;
    case 'ping':
      return `Nobody has answered a PING for ${afterMs} ms: the other side is gone.`;
    default:
      return `The ${words(timeout).toLowerCase()} timeout of ${afterMs} ms is reached.`;
  }
}

function describeDestination(event: FlowEventOf<'forward.destination'>): string {
  const { hostname, port, addresses, allowedBy, failure } = event;
  if (failure !== null)
    return `The client asks for ${hostname}:${port}, which cannot be looked up: ${failure}.`;
  const found = addresses.length === 1 && addresses[0] === hostname ? '' : ` (${addresses.join(', ')})`;
  const verdict = allowedBy === null ? 'no entry of the allow-list lets it in' : `allowed by ${allowedBy}`;
  return `The client asks for ${hostname}:${port}${found}: ${verdict}.`;
}

const lookupWords: Record<FlowEventOf<'cache.lookup'>['result'], string> = {
  hit: 'The cache answers, and no endpoint is asked',
  stale: 'The cache answers with what is stale',
  expired: 'What the cache has must be asked about first',
  revalidated: 'The cache answers with what the endpoint confirmed',
  miss: 'The cache has no answer',
  collapsed: 'The request waits in the cache',
  bypass: 'The cache has no part in this request',
};

function describeLookup({ result, reason, ageSeconds }: FlowEventOf<'cache.lookup'>): string {
  const age = ageSeconds === null ? '' : ` (${ageSeconds} s old)`;
  return `${lookupWords[result]}${age}: ${sentence(reason)}`;
}

function describeConnection(event: FlowEventOf<'connection.opened' | 'connection.closed'>): string {
  if (event.kind === 'connection.opened') {
    const remote = formatAddress(event.remote);
    return event.leg === 'downstream'
      ? `The client opens TCP connection ${event.connectionId} from ${remote}.`
      : `TCP connection ${event.connectionId} to ${remote} is open.`;
  }
  const closer = closerName(event.closedBy);
  const bytes = `${formatBytes(event.bytesRead)} read, ${formatBytes(event.bytesWritten)} written`;
  return `${closer} closes connection ${event.connectionId} (${event.reason.replaceAll('_', ' ')}; ${bytes}).`;
}

function closerName(closer: ConnectionCloser): string {
  return closer === 'proxy' ? 'Hopscope' : `The ${closer}`;
}

/** Of an event on an HTTP/2 connection: ", stream 5". */
export function onStream(event: { readonly stream?: number }): string {
  return event.stream === undefined ? '' : `, stream ${event.stream}`;
}

function describeGoaway(event: FlowEventOf<'connection.goaway'>): string {
  const who = closerName(event.sentBy);
  const why = event.code === 'NO_ERROR' ? '' : ` because of ${event.code}`;
  // The highest number there is: only an announcement (RFC 9113 6.8).
  const last = event.lastStream === 0x7fff_ffff ? 'soon' : `above stream ${event.lastStream}`;
  const words = event.message === '' ? '' : ` ${sentence(event.message)}`;
  return `${who} takes no new streams ${last} on connection ${event.connectionId} (GOAWAY)${why}.${words}`;
}

function describeTls(event: FlowEventOf<'tls.clientHello' | 'tls.established' | 'tls.failed'>): string {
  switch (event.kind) {
    case 'tls.clientHello': {
      const name = event.serverName === null ? 'no server name' : `server name ${event.serverName}`;
      const alpn = event.alpn.length === 0 ? 'no ALPN' : `ALPN ${event.alpn.join(', ')}`;
      const ech = event.encryptedClientHello ? ', with an encrypted ClientHello extension' : '';
      return `The ClientHello asks for ${name}, ${alpn}${ech} (${formatBytes(event.bytes)}).`;
    }
    case 'tls.established': {
      const certificate = event.certificate === null ? '' : `, certificate ${event.certificate}`;
      const alpn = event.alpn === null ? '' : `, ALPN ${event.alpn}`;
      const trust = event.verified === undefined ? '' : `, peer ${event.verified ? '' : 'not '}verified`;
      return `TLS with ${side(event.leg)} is set up${event.resumed ? ' again' : ''}: ${event.version}, ${event.cipher}${alpn}${certificate}${trust}.`;
    }
    case 'tls.failed':
      return `TLS with ${side(event.leg)} failed: ${sentence(event.reason)}`;
    default:
      return assertNever(event, 'event');
  }
}

function describeResponseHead(event: FlowEventOf<'response.head'>): string {
  const status = `${event.status}${event.reason === '' ? '' : ` ${event.reason}`}${onStream(event)}`;
  if (event.generated) return `Hopscope itself answers ${status}.`;
  return event.leg === 'upstream' ? `The endpoint answers ${status}.` : `Hopscope passes on ${status}.`;
}

function describeChunk(event: Chunk): string {
  const on = event.stream === undefined ? '' : ` on stream ${event.stream}`;
  const size = `${formatBytes(event.bytes)}${on}`;
  if (event.operation === 'write') {
    const to = event.leg === 'downstream' ? 'the client' : 'the endpoint';
    const made = event.disposition === 'generated' ? ' of its own' : '';
    return `Hopscope writes a chunk of ${size}${made} to ${to}.`;
  }
  const head = event.direction === 'request' ? '(the request head)' : '(the response head)';
  const fates = {
    forwarded: 'and forwards it at once',
    held: 'and holds it',
    // Bytes that belong to no flow come when the connection is being closed.
    consumed: event.flowId === 0 ? 'and drops it, because the connection is closing' : head,
    generated: 'of its own',
  } as const;
  return `Hopscope reads a chunk of ${size} from ${side(event.leg)} ${fates[event.disposition]}.`;
}

function describeFilter(event: FlowEventOf<'filter.applied'>): string {
  const which = event.index === null ? "Hopscope's own rule" : `Filter ${event.index + 1} (${event.filter})`;
  const on = event.direction === 'request' ? 'request' : 'response';
  if (event.detail !== undefined) return `${which}: ${sentence(event.detail)}`;
  if (event.changes.length === 0) return `${which} leaves the ${on} headers as they are.`;
  const names = event.changes.slice(0, 6).map((change) => change.name);
  const more = event.changes.length > names.length ? ` and ${event.changes.length - names.length} more` : '';
  return `${which} changes the ${on}: ${names.join(', ')}${more}.`;
}

/** " because path prefix /pictures": what the winning match asked for. */
export function routeReason(trace: RouteDecisionTrace): string {
  const winner = trace.routes.find((route) => route.outcome === 'won');
  const asked = (winner?.predicates ?? []).filter((item) => item.holds && item.predicate !== 'listener');
  if (asked.length === 0) return ', which takes everything';
  return ` because ${asked.map((item) => `${words(item.predicate).toLowerCase()} ${item.expected}`).join(', ')}`;
}

/** `upstream_connect_failed` → "Upstream connect failed", `clientHello` → "Client hello". */
export function words(code: string): string {
  const text = code
    .replaceAll('_', ' ')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function flowNoun(kind: 'http' | 'tls' | 'tcp'): string {
  return kind === 'http' ? 'request' : kind === 'tls' ? 'TLS connection' : 'TCP connection';
}

function side(leg: Leg): string {
  return leg === 'downstream' ? 'the client' : 'the endpoint';
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function answered(status: number | null): string {
  return status === null ? ' Nothing could be answered.' : ` The client is answered ${status}.`;
}

function body(bytes: number): string {
  return bytes === 0 ? ', without a body' : `, body ${formatBytes(bytes)}`;
}

function inFile(event: { readonly spilledToFile: boolean }): string {
  return event.spilledToFile ? ', part of it in a temporary file' : '';
}
