// What is known of a send while it goes on, folded from its events. Pure.
import type { ClientEvent, ClientTls, RepeatSummary } from '../../main/contract/clientResult';
import type { RawHeaders } from '../../main/contract/flowEvent';

export type TimelineEvent = Exclude<ClientEvent, { kind: 'body' | 'progress' }>;

export interface SendProgress {
  /** Of the first response. */
  readonly status: number;
  readonly reason: string;
  readonly headers: RawHeaders;
  readonly body: string;
  /** Everything but body texts, in order. */
  readonly timeline: readonly TimelineEvent[];
  readonly clientPort: number | null;
  readonly tls: ClientTls | null;
  readonly summary: RepeatSummary | null;
  readonly isWebSocketOpen: boolean;
}

export const noProgress: SendProgress = {
  status: 0,
  reason: '',
  headers: [],
  body: '',
  timeline: [],
  clientPort: null,
  tls: null,
  summary: null,
  isWebSocketOpen: false,
};

export function foldEvents(progress: SendProgress, events: readonly ClientEvent[]): SendProgress {
  let next = { ...progress };
  const timeline: TimelineEvent[] = [];
  for (const event of events) {
    if (event.kind === 'body') {
      if (event.stream === 0) next.body += event.text;
    } else if (event.kind === 'progress') next.summary = event.summary;
    else {
      timeline.push(event);
      next = { ...next, ...changesBy(next, event) };
    }
  }
  if (timeline.length > 0) next.timeline = [...progress.timeline, ...timeline];
  return next;
}

function changesBy(progress: SendProgress, event: TimelineEvent): Partial<SendProgress> {
  switch (event.kind) {
    case 'connected':
      return progress.clientPort === null ? { clientPort: event.clientPort } : {};
    case 'secured':
      return progress.tls === null ? { tls: event.tls } : {};
    case 'head':
      if (event.stream !== 0) return {};
      return {
        status: event.status,
        reason: event.reason,
        headers: event.headers,
        // On a stream of HTTP/2 the yes to an extended CONNECT is a 200 (RFC 8441 5).
        isWebSocketOpen: event.status === 101 || (event.version === 'HTTP/2' && event.status === 200),
      };
    case 'closed':
      return { isWebSocketOpen: false };
    default:
      return {};
  }
}
