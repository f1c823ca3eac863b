// CONNECT (RFC 9110 9.3.6): the destination is connected, from here on bytes go both ways unread.
import type { UpstreamLink } from '../upstream/upstreamLink';
import type { Exchange } from './exchange';
import { detachForUpgrade } from './finishExchange';
import { recordUpgradeAccepted } from './httpRecords';
import { recordSentHead } from './responseRecords';
import { UpgradeRelay } from './upgradeRelay';

export function startTunnel(exchange: Exchange, link: UpstreamLink): void {
  const { host, emitter, flowId } = exchange;
  exchange.status = 200;
  exchange.endpoint?.onSuccess();
  const sink = host.newResponseSink(exchange);
  sink.disposition = 'generated';
  exchange.responseWriter = sink;
  sink.head('HTTP/1.1 200 Connection Established\r\n\r\n', true);
  if (emitter.isWatched) {
    recordSentHead(exchange, sink, true);
    recordUpgradeAccepted(emitter, flowId, host.connectionId, 'tunnel');
  }
  sink.flush();
  const relay = new UpgradeRelay(exchange, link);
  link.handler = relay;
  detachForUpgrade(exchange);
  host.becomeRelay(relay);
}
