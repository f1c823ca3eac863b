import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import { formatOffset } from '../stores/flowFormat';
import type { ShownFlow } from '../stores/flowState';
import { describeEvent } from './describeEvent';
import { rawFields } from './rawFields';

/** The log itself, in order: time, kind, connection, and every field as it was recorded. */
export function EventsTab({ shown: { flow, events } }: { readonly shown: ShownFlow }) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: events.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 30,
    overscan: 16,
  });
  return (
    <section ref={scroller} className="raw-events" aria-label="Events as recorded">
      <ol style={{ height: virtualizer.getTotalSize(), position: 'relative' }}>
        {virtualizer.getVirtualItems().map((item) => {
          const event = events[item.index];
          if (event === undefined) return null;
          return (
            <li
              key={item.key}
              ref={virtualizer.measureElement}
              data-index={item.index}
              className="raw-event"
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <details>
                <summary>
                  <span className="raw-offset">{formatOffset(event.at - flow.openedAt)}</span>
                  <span className="raw-kind">{event.kind}</span>
                  <span className="raw-connection">
                    {event.connectionId === 0 ? '' : `connection ${event.connectionId}`}
                  </span>
                  <span className="raw-words">{describeEvent(event)}</span>
                </summary>
                <pre>{rawFields(event)}</pre>
              </details>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
