import { HttpUpstreamConnection } from '../upstream/httpUpstreamConnection';
import type { UpstreamLink } from '../upstream/upstreamLink';
import type { Exchange } from './exchange';
import type { MessageSink } from './messageSink';
import { MessageWriter } from './messageWriter';

/** Where the request goes on a link to an endpoint. */
export function newRequestSink(
  { emitter, flowId }: Pick<Exchange, 'emitter' | 'flowId'>,
  link: UpstreamLink,
): MessageSink {
  if (link instanceof HttpUpstreamConnection)
    return new MessageWriter(link.socket, emitter, flowId, link.id, 'request', 'upstream');
  throw new Error('no other link exists');
}
