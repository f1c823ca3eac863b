import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef } from 'react';
import type { FlowEvent } from '../../main/contract/flowEvent';
import { formatOffset } from '../stores/flowFormat';
import { describeEvent } from './describeEvent';

/** The events of a flow in plain words, beside the picture. Click one to stand on it. */
export function EventList(props: {
  readonly events: readonly FlowEvent[];
  readonly startedAt: number;
  /** The events of the step that the user stands on; empty = none. */
  readonly currentSeqs: readonly number[];
  readonly isFollowing: boolean;
  readonly onChoose: (seq: number) => void;
}) {
  const { events, currentSeqs } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: events.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 44,
    overscan: 12,
  });
  const index = currentSeqs.length === 0 ? -1 : events.findIndex((event) => currentSeqs.includes(event.seq));
  useEffect(() => {
    if (index !== -1) virtualizer.scrollToIndex(index, { align: 'auto' });
  }, [index, virtualizer]);
  // Who reads the end of a flow that goes on stays at its end.
  const isAtEnd = useRef(false);
  const { isFollowing } = props;
  useLayoutEffect(() => {
    if (isFollowing && isAtEnd.current) virtualizer.scrollToIndex(events.length - 1, { align: 'end' });
  }, [isFollowing, events.length, virtualizer]);
  const onScroll = () => {
    const element = scroller.current;
    if (element === null) return;
    isAtEnd.current =
      element.scrollTop > 0 && element.scrollTop + element.clientHeight >= element.scrollHeight - 40;
  };
  return (
    <section ref={scroller} onScroll={onScroll} className="event-list" aria-label="Events in words">
      <ol style={{ height: virtualizer.getTotalSize(), position: 'relative' }}>
        {virtualizer.getVirtualItems().map((item) => {
          const event = events[item.index];
          if (event === undefined) return null;
          const isCurrent = currentSeqs.includes(event.seq);
          return (
            <li
              key={item.key}
              ref={virtualizer.measureElement}
              data-index={item.index}
              className="event-item"
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <button
                type="button"
                className={isCurrent ? 'event-button event-button-current' : 'event-button'}
                aria-current={isCurrent ? 'step' : undefined}
                onClick={() => props.onChoose(event.seq)}
              >
                <span className="event-offset">{formatOffset(event.at - props.startedAt)}</span>
                <span className="event-words">{describeEvent(event)}</span>
              </button>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
