import type { Exchange } from './exchange';
import { recordResponseHead } from './httpRecords';
import type { MessageSink } from './messageSink';

/** The head that the client was just given. */
export function recordSentHead(exchange: Exchange, sink: MessageSink, isGenerated: boolean): void {
  const { emitter, flowId, host } = exchange;
  const { connectionId, streamId } = host;
  const { sentHead, sentHeadBytes } = sink;
  recordResponseHead(
    emitter,
    flowId,
    connectionId,
    'downstream',
    sentHead,
    isGenerated,
    streamId,
    sentHeadBytes,
  );
}

/** The head that the endpoint just sent; `raw` = in the form of HTTP/1.x. */
export function recordReadHead(exchange: Exchange, raw: string): void {
  const { emitter, flowId } = exchange;
  const { id, streamId, travelledHead, travelledHeadBytes } = exchange.upstream!;
  const travelled = travelledHead === '' ? raw : travelledHead;
  recordResponseHead(emitter, flowId, id, 'upstream', travelled, false, streamId, travelledHeadBytes);
}
