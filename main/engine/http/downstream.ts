// The client's side of an exchange, whatever HTTP it speaks: an HTTP/1.x connection, which carries one exchange at a
// time, or one stream of an HTTP/2 connection.
import type { SocketAddress } from '../../contract/flowEvent';
import type { EngineContext } from '../engineContext';
import type { TrafficCounters } from '../engineMetrics';
import type { PickRequest } from '../upstream/poolRuntimes';
import type { RelayedBytes } from '../upstream/upstreamLink';
import type { Exchange } from './exchange';
import type { MessageBody } from './messageBody';
import type { MessageSink } from './messageSink';
import type { RequestHead } from './requestHead';
import type { ResponseHead } from './responseHead';
import type { UpgradeRelay } from './upgradeRelay';

export interface Downstream {
  readonly context: EngineContext;
  readonly connectionId: number;
  /** Number of the HTTP/2 stream; 0 = HTTP/1.x, where the exchange has the connection for itself. */
  readonly streamId: number;
  readonly client: SocketAddress;
  readonly isTls: boolean;
  /** Of the client's verified certificate. */
  readonly clientSubject: string | undefined;
  /** Where the client connected to. */
  readonly destination: SocketAddress;
  readonly listenerCounters: TrafficCounters;
  readonly pickRequest: PickRequest;
  readonly head: RequestHead;
  readonly responseHead: ResponseHead;
  readonly requestBody: MessageBody;
  readonly responseBody: MessageBody;
  /** Bytes of the client are being handled further up the stack. */
  readonly isProcessing: boolean;
  /** Bytes behind the head that came with it. */
  readonly hasUnreadBytes: boolean;
  /** HTTP/2: the client asks for another protocol on this stream, and any 2xx would grant it (RFC 8441). */
  readonly asksTunnel: boolean;
  /** The switched protocol's bytes, after `becomeRelay`. */
  readonly relayed: RelayedBytes;
  /** The head of the request, as it travelled. */
  readonly travelledHead: string;
  /** What events keep of it, in that form or in that of HTTP/1.1 (http2HeadText.ts). */
  readonly toldHead: string;
  /** Its bytes as they travelled; 0 = the length of the text. */
  readonly travelledHeadBytes: number;

  /** Prepares `requestBody` for what the head announces. */
  startRequestBody(): void;
  newResponseSink(exchange: Exchange): MessageSink;
  /** Whether another request may follow on the connection after this exchange. */
  keepsOpen(exchange: Exchange): boolean;
  pauseReading(): void;
  resumeReading(): void;
  writeContinue(): void;
  onExchangeDone(exchange: Exchange): void;
  /** The response cannot be finished: the client must see that it is cut. */
  reset(reason: string): void;
  becomeRelay(relay: UpgradeRelay): void;
}
