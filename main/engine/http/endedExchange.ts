import type { EndedFlow, EndedRequest } from '../endedFlow';
import type { FlowOutcome } from '../flowRecords';
import type { Exchange } from './exchange';

/** Tells whoever keeps an access log. Call behind `flowEnds.listener !== null`, while the head is still the exchange's. */
export function endedExchange(exchange: Exchange, outcome: FlowOutcome, durationMs: number): EndedFlow {
  const { host, route, pool, endpoint } = exchange;
  return {
    flowId: exchange.flowId,
    flow: 'http',
    listener: exchange.listenerId,
    client: host.client,
    durationMs,
    outcome,
    failure: outcome === 'completed' ? null : exchange.upstreamCloseReason,
    route: route?.id ?? null,
    pool: pool?.id ?? null,
    endpoint: endpoint?.compiled.key ?? null,
    requestBytes: exchange.requestHeadBytes + host.requestBody.bytes,
    responseBytes: exchange.responseWriter?.bytes ?? 0,
    serverName: null,
    request: requestOf(exchange),
    status: exchange.status,
  };
}

function requestOf({ head }: Exchange): EndedRequest | null {
  if (head.raw === '') return null;
  const [method = '', target = '', version = ''] = head.raw.slice(0, head.raw.indexOf('\r\n')).split(' ');
  const { host } = head;
  const referer = head.header('referer') ?? '';
  return { method, target, version, host, referer, userAgent: head.header('user-agent') ?? '' };
}
