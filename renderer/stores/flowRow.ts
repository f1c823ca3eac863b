import type { Flow } from '../../main/contract/flow';
import { formatAddress, formatBytes, formatClock, formatMicroseconds } from './flowFormat';

export type FlowTone = 'ok' | 'warning' | 'danger' | 'neutral' | 'open';

/** The words of one row of the flow list. */
export interface FlowRow {
  readonly id: number;
  readonly time: string;
  readonly kind: string;
  readonly client: string;
  readonly listener: string;
  /** "GET" or '' where there is no method. */
  readonly method: string;
  /** Host and path, server name, or what else names the flow. */
  readonly subject: string;
  readonly route: string;
  readonly endpoint: string;
  /** Status code or how it ended. */
  readonly result: string;
  readonly tone: FlowTone;
  readonly duration: string;
  readonly bytes: string;
  readonly sent: string;
  readonly received: string;
  readonly connection: string;
}

export function flowRow(flow: Flow): FlowRow {
  return {
    id: flow.id,
    time: formatClock(flow.wallTime),
    kind: kindLabel(flow),
    client: flow.client === null ? 'client not seen' : formatAddress(flow.client),
    listener: flow.listener === '' ? 'listener not seen' : flow.listener,
    method: flow.method ?? '',
    subject: flowSubject(flow),
    route: flow.route ?? (flow.failure?.code === 'no_route' ? 'no route' : ''),
    endpoint: flow.endpoint ?? '',
    result: flowResult(flow),
    tone: flowTone(flow),
    duration: flow.durationMicroseconds === null ? 'open' : formatMicroseconds(flow.durationMicroseconds),
    sent: formatBytes(flow.requestBytes),
    received: formatBytes(flow.responseBytes),
    bytes: `↑ ${formatBytes(flow.requestBytes)}  ↓ ${formatBytes(flow.responseBytes)}`,
    connection: flow.upstreamConnection === null ? '' : flow.upstreamConnection === 'new' ? 'new' : 'reused',
  };
}

/** What the flow was about: "shop.test/cart", a server name, or the kind of bytes. */
export function flowSubject(flow: Flow): string {
  if (flow.target !== null) {
    return flow.target.startsWith('/') ? `${flow.hostname ?? ''}${flow.target}` : flow.target;
  }
  if (flow.serverName !== null) return flow.serverName;
  if (flow.kind === 'tls') return 'no server name';
  return flow.kind === 'tcp' ? 'TCP bytes' : 'no request yet';
}

function kindLabel(flow: Flow): string {
  if (flow.upgrade !== null) return flow.upgrade.toLowerCase() === 'websocket' ? 'WebSocket' : flow.upgrade;
  return flow.stream === null ? flow.kind.toUpperCase() : 'HTTP/2';
}

function flowResult(flow: Flow): string {
  if (flow.status !== null) return String(flow.status);
  if (flow.failure !== null) return flow.failure.code.replaceAll('_', ' ');
  return flow.outcome === 'completed' ? 'ended' : flow.outcome;
}

function flowTone(flow: Flow): FlowTone {
  if (flow.status !== null && flow.status >= 500) return 'danger';
  if (flow.failure !== null) return flow.status !== null && flow.status < 500 ? 'warning' : 'danger';
  if (flow.outcome === 'failed' || flow.outcome === 'aborted') return 'danger';
  if (flow.status !== null && flow.status >= 400) return 'warning';
  return flow.outcome === 'open' ? 'open' : 'ok';
}

const searchTexts = new WeakMap<Flow, string>();

/** Lower-case text of every shown field; made once per version of a flow. */
export function flowSearchText(flow: Flow): string {
  const known = searchTexts.get(flow);
  if (known !== undefined) return known;
  const { id: _id, tone: _tone, ...words } = flowRow(flow);
  const text = [...Object.values(words), `${words.method} ${words.subject}`].join('\n').toLowerCase();
  searchTexts.set(flow, text);
  return text;
}
