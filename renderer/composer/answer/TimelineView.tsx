import { counted, formatOffset } from '../../stores/flowFormat';
import type { TimelineEvent } from '../sendProgress';
import { timelineWords } from './timelineWords';

const mostRows = 500;

/** What the client wrote and read, with its times. */
export function TimelineView(props: { readonly events: readonly TimelineEvent[]; readonly untold: number }) {
  const shown = props.events.slice(0, mostRows);
  const streamIds = new Map(
    shown.flatMap((event) => (event.kind === 'requested' ? [[event.stream, event.streamId] as const] : [])),
  );
  const left = props.events.length - shown.length + props.untold;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard.
    <section className="answer-text" aria-label="Timeline" tabIndex={0}>
      <ol className="timeline">
        {shown.map((event, index) => {
          const { arrow, text } = timelineWords(event, streamIds);
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: events are only added.
            <li key={index}>
              <span className="timeline-time">{formatOffset(event.atMs * 1000)}</span>
              <span aria-hidden>{arrow}</span>
              <span>{text}</span>
            </li>
          );
        })}
      </ol>
      {left > 0 && <p className="muted">… and {counted(left, 'more event', 'more events')}</p>}
    </section>
  );
}
