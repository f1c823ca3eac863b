// What is told of every flow when it is over, for an access log. Exact at any rate, where the event log may have gaps;
// while nobody listens it costs one comparison.
import type { FlowOpened, SocketAddress } from '../contract/flowEvent';
import type { FlowOutcome } from './flowRecords';

export interface EndedFlow {
  readonly flowId: number;
  readonly flow: FlowOpened['flow'];
  readonly listener: string;
  readonly client: SocketAddress;
  readonly durationMs: number;
  readonly outcome: FlowOutcome;
  /** A failure code; null = nothing failed. */
  readonly failure: string | null;
  readonly route: string | null;
  readonly pool: string | null;
  readonly endpoint: string | null;
  /** From the client and to the client, heads and framing included. */
  readonly requestBytes: number;
  readonly responseBytes: number;
  /** SNI of an L4 flow. */
  readonly serverName: string | null;
  /** null = an L4 flow, or no valid head came. */
  readonly request: EndedRequest | null;
  /** 0 = nothing was answered. */
  readonly status: number;
}

/** As it came from the client: any character may be in it. */
export interface EndedRequest {
  readonly method: string;
  readonly target: string;
  readonly version: string;
  readonly host: string;
  readonly referer: string;
  readonly userAgent: string;
}

export class FlowEnds {
  /** null = nobody wants to know. */
  listener: ((flow: EndedFlow) => void) | null = null;
}
