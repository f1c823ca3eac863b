import { ContextMenu } from 'radix-ui';
import {
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
  type ReactNode,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
} from 'react';
import { useStore } from 'zustand';
import type { Flow } from '../../main/contract/flow';
import type { FlowStore, ShownFlow } from '../stores/flowState';
import type { FlowsViewStore } from '../stores/flowsViewStore';
import { FlowListHead, headHeight } from './FlowListHead';
import { FlowListRow, rowHeight } from './FlowListRow';
import { shownColumns } from './flowColumns';
import { type RowKey, rowKeys } from './rowKeys';
import { useRowWindow } from './useRowWindow';

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
  const compared = useStore(flowStore, (state) => state.compared);
  const marks = useStore(flowStore, (state) => state.marks);
  const columnWidths = useStore(view, (state) => state.columnWidths);
  const hiddenColumns = useStore(view, (state) => state.hiddenColumns);
  const columns = useMemo(() => shownColumns({ columnWidths, hiddenColumns }), [columnWidths, hiddenColumns]);
  const pinnedIds = useMemo(() => new Set(pinned.map((flow) => flow.id)), [pinned]);
  const scroller = useRef<HTMLDivElement>(null);
  const inView = useRowWindow(scroller, rowHeight, visible.length);
  // Asking the element where it stands would lay the page out once more for every frame.
  const scrollTop = useRef(0);
  useStillRows(scroller, scrollTop, visible, isFollowing);

  const onKeyDown = (event: KeyboardEvent) => {
    const rows = rowsForKey(event.key, scroller.current?.clientHeight ?? 0);
    if (rows === null) return;
    event.preventDefault();
    flowStore.getState().chooseBy(rows);
    const id = flowStore.getState().shown?.flow.id;
    const index = flowStore.getState().visible.findIndex((flow) => flow.id === id);
    if (index !== -1) scrollToRow(scroller.current, index);
  };
  const onContextMenu = (event: MouseEvent) => {
    const row = (event.target as Element).closest('[data-flow]')?.getAttribute('data-flow');
    if (row != null) flowStore.getState().choose(Number(row));
    else if (flowStore.getState().shown === null) event.preventDefault();
  };
  const revealed = useStore(flowStore, (state) => state.revealed);
  useEffect(() => {
    const { visible: rows } = flowStore.getState();
    const index = revealed === null ? -1 : rows.findIndex((flow) => flow.id === revealed.flowId);
    if (index !== -1) scrollToRow(scroller.current, index);
  }, [revealed, flowStore]);
  // A row out of view is not there to be pointed at.
  const isShownDrawn = visible.slice(inView.from, inView.to).some((flow) => flow.id === shownId);
  const width = columns.reduce((sum, column) => sum + column.width, markWidth);
  const rows = useKeyedRows(visible.slice(inView.from, inView.to));

  return (
    <ContextMenu.Root modal={false}>
      <ContextMenu.Trigger asChild onContextMenu={onContextMenu}>
        <div
          ref={scroller}
          className="flow-list"
          onPointerOver={titleIfCut}
          onScroll={(event) => {
            scrollTop.current = event.currentTarget.scrollTop;
          }}
        >
          <FlowListHead columns={columns} view={view} width={width} />
          <div
            className="flow-rows"
            role="listbox"
            aria-label="Flows, newest first"
            aria-activedescendant={isShownDrawn ? `flow-${shownId}` : undefined}
            tabIndex={0}
            onKeyDown={onKeyDown}
            style={{ height: visible.length * rowHeight, minWidth: width }}
          >
            {rows.map(({ flow, key }, index) => (
              <div
                key={key}
                className="flow-row-place"
                style={{ top: (inView.from + index) * rowHeight, height: rowHeight }}
              >
                <FlowListRow
                  flow={flow}
                  columns={columns}
                  isShown={flow.id === shownId}
                  isPinned={pinnedIds.has(flow.id)}
                  side={sideOf(flow, compared)}
                  mark={marks.get(flow.id) ?? null}
                  onChoose={flowStore.getState().choose}
                />
              </div>
            ))}
          </div>
          {visible.length === 0 && <p className="flow-list-none">No flow passes the filter.</p>}
        </div>
      </ContextMenu.Trigger>
      {props.menu}
    </ContextMenu.Root>
  );
}

function useKeyedRows(flows: readonly Flow[]): { readonly flow: Flow; readonly key: number }[] {
  const before = useRef<readonly RowKey[]>([]);
  const keys = rowKeys(
    before.current,
    flows.map((flow) => flow.id),
  );
  useLayoutEffect(() => {
    before.current = keys;
  });
  return flows.map((flow, index) => ({ flow, key: keys[index]!.key }));
}

/** The whole text of a cell that is too narrow for it. Only where somebody points: every title costs as much as its cell. */
function titleIfCut({ target }: PointerEvent): void {
  const cell = target instanceof Element ? target.closest<HTMLElement>('.flow-row .flow-cell') : null;
  if (cell === null) return;
  if (cell.scrollWidth > cell.clientWidth) cell.title = cell.textContent;
  else cell.removeAttribute('title');
}

function sideOf(flow: Flow, compared: readonly ShownFlow[]): 'A' | 'B' | null {
  const place = compared.findIndex((other) => other.flow.id === flow.id);
  return place === -1 ? null : place === 0 ? 'A' : 'B';
}

/** Brings a row into view, below the head of the table. */
function scrollToRow(element: HTMLElement | null, index: number): void {
  if (element === null) return;
  const top = index * rowHeight;
  const room = element.clientHeight - headHeight - rowHeight;
  if (top < element.scrollTop) element.scrollTop = top;
  else if (top > element.scrollTop + room) element.scrollTop = top - room;
}

/** Room for mark and pin before the first column, in pixels. */
const markWidth = 20;

/** New rows come in above. Unless the newest is followed, what the user looks at must not move. */
function useStillRows(
  scroller: { readonly current: HTMLDivElement | null },
  scrollTop: { current: number },
  visible: readonly Flow[],
  isFollowing: boolean,
): void {
  const previous = useRef<readonly Flow[]>(visible);
  useLayoutEffect(() => {
    const element = scroller.current;
    const before = previous.current;
    previous.current = visible;
    if (element === null || before === visible) return;
    const wasAt = Math.floor(scrollTop.current / rowHeight);
    const anchor = before[wasAt];
    const movedTo = anchor === undefined ? -1 : visible.findIndex((flow) => flow.id === anchor.id);
    const wanted = isFollowing
      ? 0
      : movedTo === -1
        ? scrollTop.current
        : scrollTop.current + (movedTo - wasAt) * rowHeight;
    if (wanted === scrollTop.current) return;
    scrollTop.current = wanted;
    element.scrollTop = wanted;
  }, [scroller, scrollTop, visible, isFollowing]);
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
