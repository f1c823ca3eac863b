import { formatAddress, formatBytes } from '../../stores/flowFormat';
import type { TimelineEvent } from '../sendProgress';

export interface TimelineLine {
  readonly arrow: '→' | '←' | '·';
  readonly text: string;
}

/** One event of a send in words. `streamIds`: HTTP/2 streams by the request that they carry. */
export function timelineWords(event: TimelineEvent, streamIds: ReadonlyMap<number, number>): TimelineLine {
  const streamId = 'stream' in event ? streamIds.get(event.stream) : undefined;
  const of = streamId === undefined ? '' : ` (stream ${streamId})`;
  switch (event.kind) {
    case 'connected':
      return { arrow: '·', text: `connected from port ${event.clientPort} to ${formatAddress(event.peer)}` };
    case 'secured': {
      const { version, cipher, alpn } = event.tls;
      return { arrow: '·', text: `${version}, ${cipher}${alpn === null ? '' : `, ALPN ${alpn}`}` };
    }
    case 'requested':
      return { arrow: '→', text: `head of the request${of}` };
    case 'sent':
      return {
        arrow: '→',
        text: `${formatBytes(event.bytes)}${event.of === 1 ? '' : `, piece ${event.piece} of ${event.of}`}${of}`,
      };
    case 'received':
      return { arrow: '←', text: `${formatBytes(event.bytes)}${of}` };
    case 'informational':
      return { arrow: '←', text: `${event.status}, before the response${of}` };
    case 'head':
      return { arrow: '←', text: `${event.version} ${event.status} ${event.reason}`.trimEnd() + of };
    case 'message': {
      const arrow = event.direction === 'sent' ? '→' : '←';
      return { arrow, text: `${event.type}, ${formatBytes(event.bytes)}` };
    }
    case 'gaveUp':
      return { arrow: '→', text: `${event.detail}${of}` };
    case 'closed':
      return {
        arrow: '·',
        text: `closed by the ${event.by}${event.detail === '' ? '' : `: ${event.detail}`}`,
      };
  }
}
