import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, memo, useLayoutEffect, useRef } from 'react';
import { useStore } from 'zustand';
import type { Flow } from '../../main/contract/flow';
import { type FlowRow, flowRow } from '../stores/flowRow';
import type { FlowStore } from '../stores/flowStore';

const rowHeight = 68;

/** Newest first; only what is in view is in the document. */
export function FlowList({ flowStore }: { readonly flowStore: FlowStore }) {
  const visible = useStore(flowStore, (state) => state.visible);
  const shownId = useStore(flowStore, (state) => state.shown?.flow.id ?? null);
  const isFollowing = useStore(flowStore, (state) => state.isFollowing);
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: visible.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => visible[index]?.id ?? index,
    overscan: 8,
  });
  useStillRows(scroller, visible, isFollowing);

  const onKeyDown = (event: KeyboardEvent) => {
    const rows = rowsForKey(event.key, scroller.current?.clientHeight ?? 0);
    if (rows === null) return;
    event.preventDefault();
    flowStore.getState().chooseBy(rows);
    const id = flowStore.getState().shown?.flow.id;
    const index = flowStore.getState().visible.findIndex((flow) => flow.id === id);
    if (index !== -1) virtualizer.scrollToIndex(index, { align: 'auto' });
  };

  return (
    <div
      ref={scroller}
      className="flow-list"
      role="listbox"
      aria-label="Flows, newest first"
      aria-activedescendant={shownId === null ? undefined : `flow-${shownId}`}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      {visible.length === 0 && <p className="flow-list-none">No flow passes the filter.</p>}
      <div style={{ height: virtualizer.getTotalSize(), position: 'relative' }}>
        {virtualizer.getVirtualItems().map((item) => {
          const flow = visible[item.index];
          if (flow === undefined) return null;
          return (
            <FlowListRow
              key={item.key}
              flow={flow}
              top={item.start}
              isShown={flow.id === shownId}
              onChoose={flowStore.getState().choose}
            />
          );
        })}
      </div>
    </div>
  );
}

/** New rows come in above. Unless the newest is followed, what the user looks at must not move. */
function useStillRows(
  scroller: { readonly current: HTMLDivElement | null },
  visible: readonly Flow[],
  isFollowing: boolean,
): void {
  const previous = useRef<readonly Flow[]>(visible);
  useLayoutEffect(() => {
    const element = scroller.current;
    const before = previous.current;
    previous.current = visible;
    if (element === null || before === visible) return;
    if (isFollowing) {
      element.scrollTop = 0;
      return;
    }
    const anchor = before[Math.floor(element.scrollTop / rowHeight)];
    if (anchor === undefined) return;
    const movedTo = visible.findIndex((flow) => flow.id === anchor.id);
    const wasAt = Math.floor(element.scrollTop / rowHeight);
    if (movedTo !== -1) element.scrollTop += (movedTo - wasAt) * rowHeight;
  }, [scroller, visible, isFollowing]);
}

function rowsForKey(key: string, height: number): number | null {
  const page = Math.max(1, Math.floor(height / rowHeight) - 1);
  const moves: Readonly<Record<string, number>> = {
    ArrowDown: 1,
    ArrowUp: -1,
    PageDown: page,
    PageUp: -page,
    Home: Number.NEGATIVE_INFINITY,
    End: Number.POSITIVE_INFINITY,
  };
  return moves[key] ?? null;
}

interface FlowListRowProps {
  readonly flow: Flow;
  readonly top: number;
  readonly isShown: boolean;
  readonly onChoose: (flowId: number) => void;
}

const FlowListRow = memo(function FlowListRow({ flow, top, isShown, onChoose }: FlowListRowProps) {
  const row = flowRow(flow);
  return (
    // The list itself has the focus and the keys; rows are options that can be clicked.
    // biome-ignore lint/a11y/useFocusableInteractive: the listbox manages focus by aria-activedescendant.
    // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox handles the keys for all of its options.
    <div
      id={`flow-${row.id}`}
      role="option"
      aria-selected={isShown}
      className={`flow-row ${isShown ? 'flow-row-shown' : ''}`}
      style={{ height: rowHeight, transform: `translateY(${top}px)` }}
      onClick={() => onChoose(row.id)}
    >
      <div className="flow-row-line">
        <span className={`flow-result flow-result-${row.tone}`}>{row.result}</span>
        {row.method !== '' && <span className="flow-method">{row.method}</span>}
        <span className="flow-subject" title={row.subject}>
          {row.subject}
        </span>
        <span className="flow-figure">{row.duration}</span>
      </div>
      <div className="flow-row-line flow-row-minor">
        <span className="flow-time">{row.time}</span>
        <span>{row.kind}</span>
        <span className="flow-grow" title={`${row.client} to listener ${row.listener}`}>
          {row.client} → {row.listener}
        </span>
        <span className="flow-figure">{row.bytes}</span>
      </div>
      <div className="flow-row-line flow-row-minor">
        <span className="flow-grow" title={way(row)}>
          {way(row)}
        </span>
        <span>{row.connection}</span>
      </div>
    </div>
  );
});

function way(row: FlowRow): string {
  const parts = [row.route, row.endpoint].filter((part) => part !== '');
  return parts.length === 0 ? 'not routed' : parts.join(' → ');
}
