import { Http2Link } from '../upstream/http2Link';
import { HttpUpstreamConnection } from '../upstream/httpUpstreamConnection';
import type { AskedTunnel, UpstreamLink } from '../upstream/upstreamLink';
import type { Exchange } from './exchange';
import { requestFields } from './http2HeadFields';
import { describeRequest } from './http2HeadText';
import type { MessageSink } from './messageSink';
import { MessageWriter } from './messageWriter';
import { type HeadForm, StreamSink } from './streamSink';

/** Where a request goes on a link to an endpoint that is ready. `tunnel`: the request is to become one, on a stream. */
export function newRequestSink(
  { emitter, flowId }: Pick<Exchange, 'emitter' | 'flowId'>,
  link: UpstreamLink,
  tunnel: AskedTunnel | null = null,
): MessageSink {
  const { id } = link;
  if (link instanceof HttpUpstreamConnection)
    return new MessageWriter(link.socket, emitter, flowId, id, 'request', 'upstream');
  if (!(link instanceof Http2Link) || link.stream === null) throw new Error('the link is not ready');
  link.tunnel = tunnel;
  const isTls = (link.connection.transport?.tls ?? null) !== null;
  const form: HeadForm = {
    fields: (text) => {
      link.isHeadRequest = text.startsWith('HEAD ');
      return requestFields(text, isTls, tunnel?.protocol ?? '');
    },
    toldText: (_text, fields) => describeRequest(fields),
  };
  return new StreamSink(link.stream, form, emitter, flowId, id, 'request', 'upstream');
}
