import type { Exchange } from './exchange';
import { editsHead, recordFilterApplied, recordOwnEdits, recordResponseHead } from './httpRecords';
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

/**
 * What the header filters and the proxy itself made of a head, and the head that the client was given. `before` = the
 * head as the filters got it; `end` = behind the last filter that had its turn.
 */
export function recordResponseFilters(
  exchange: Exchange,
  before: string,
  sink: MessageSink,
  text: string,
  end = exchange.route!.filters.length,
): void {
  const { emitter, flowId, host } = exchange;
  const { filters } = exchange.route!;
  for (let position = 0; position < end; position++) {
    if (editsHead(filters[position]!.config, 'response')) recordFilter(exchange, before, position);
  }
  recordOwnEdits(emitter, flowId, host.connectionId, 'response', before, filters, text);
  recordSentHead(exchange, sink, false);
}

function recordFilter(exchange: Exchange, before: string, position: number): void {
  const { emitter, flowId, host } = exchange;
  recordFilterApplied(emitter, flowId, host.connectionId, {
    before,
    filters: exchange.route!.filters,
    position,
    direction: 'response',
    otherChanges: noChanges,
  });
}

const noChanges: readonly never[] = [];
