import { useVirtualizer } from '@tanstack/react-virtual';
import { ContextMenu } from 'radix-ui';
import { type KeyboardEvent, type MouseEvent, type ReactNode, useLayoutEffect, useMemo, useRef } from 'react';
import { useStore } from 'zustand';
import type { Flow } from '../../main/contract/flow';
import type { FlowStore } from '../stores/flowStore';
import type { FlowsViewStore } from '../stores/flowsViewStore';
import { FlowListHead, headHeight } from './FlowListHead';
import { FlowListRow, rowHeight } from './FlowListRow';
import { shownColumns } from './flowColumns';

/** Newest first, below what is pinned; only what is in view is in the document. */
export function FlowList(props: {
  readonly flowStore: FlowStore;
  readonly view: FlowsViewStore;
  /** The menu of the row that is chosen. */
  readonly menu: ReactNode;
}) {
  const { flowStore, view } = props;
  const visible = useStore(flowStore, (state) => state.visible);
  const shownId = useStore(flowStore, (state) => state.shown?.flow.id ?? null);
  const isFollowing = useStore(flowStore, (state) => state.isFollowing);
  const pinned = useStore(flowStore, (state) => state.pinned);
  const marks = useStore(flowStore, (state) => state.marks);
  const columnWidths = useStore(view, (state) => state.columnWidths);
  const hiddenColumns = useStore(view, (state) => state.hiddenColumns);
  const columns = useMemo(() => shownColumns({ columnWidths, hiddenColumns }), [columnWidths, hiddenColumns]);
  const pinnedIds = useMemo(() => new Set(pinned.map((flow) => flow.id)), [pinned]);
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: visible.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => visible[index]?.id ?? index,
    overscan: 8,
    scrollPaddingStart: headHeight,
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
  const onContextMenu = (event: MouseEvent) => {
    const row = (event.target as Element).closest('[data-flow]')?.getAttribute('data-flow');
    if (row != null) flowStore.getState().choose(Number(row));
    else if (flowStore.getState().shown === null) event.preventDefault();
  };
  const width = columns.reduce((sum, column) => sum + column.width, markWidth);

  return (
    <ContextMenu.Root modal={false}>
      <ContextMenu.Trigger asChild onContextMenu={onContextMenu}>
        <div ref={scroller} className="flow-list">
          <FlowListHead columns={columns} view={view} width={width} />
          <div
            className="flow-rows"
            role="listbox"
            aria-label="Flows, newest first"
            aria-activedescendant={shownId === null ? undefined : `flow-${shownId}`}
            tabIndex={0}
            onKeyDown={onKeyDown}
            style={{ height: virtualizer.getTotalSize(), minWidth: width }}
          >
            {virtualizer.getVirtualItems().map((item) => {
              const flow = visible[item.index];
              if (flow === undefined) return null;
              return (
                <FlowListRow
                  key={item.key}
                  flow={flow}
                  columns={columns}
                  top={item.start}
                  isShown={flow.id === shownId}
                  isPinned={pinnedIds.has(flow.id)}
                  mark={marks.get(flow.id) ?? null}
                  onChoose={flowStore.getState().choose}
                />
              );
            })}
          </div>
          {visible.length === 0 && <p className="flow-list-none">No flow passes the filter.</p>}
        </div>
      </ContextMenu.Trigger>
      {props.menu}
    </ContextMenu.Root>
  );
}

/** Room for mark and pin before the first column, in pixels. */
const markWidth = 20;

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
    const wasAt = Math.floor(element.scrollTop / rowHeight);
    const anchor = before[wasAt];
    if (anchor === undefined) return;
    const movedTo = visible.findIndex((flow) => flow.id === anchor.id);
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
