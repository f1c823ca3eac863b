import { Columns3 } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { KeyboardEvent, PointerEvent } from 'react';
import { useStore } from 'zustand';
import { portalHost } from '../components/portalHost';
import type { FlowsViewStore } from '../stores/flowsViewStore';
import { allColumns, type FlowColumn } from './flowColumns';

/** Pixels. */
export const headHeight = 28;

/** The names of the columns; the edge of each can be dragged, and the menu widens and narrows them by key. */
export function FlowListHead(props: {
  readonly columns: readonly FlowColumn[];
  readonly view: FlowsViewStore;
  readonly width: number;
}) {
  return (
    <div className="flow-list-head" style={{ height: headHeight, minWidth: props.width }}>
      <ColumnMenu view={props.view} />
      {props.columns.map((column) => (
        <span
          key={column.id}
          className={column.isFigure === true ? 'flow-cell flow-cell-figure' : 'flow-cell'}
          style={{ width: column.width }}
        >
          {column.label}
          <span
            className="column-edge"
            onPointerDown={(event) => startResize(event, column, props.view)}
            aria-hidden
          />
        </span>
      ))}
    </div>
  );
}

function startResize(event: PointerEvent, column: FlowColumn, view: FlowsViewStore): void {
  event.preventDefault();
  const edge = event.currentTarget as HTMLElement;
  const startX = event.clientX;
  edge.setPointerCapture(event.pointerId);
  const move = (now: globalThis.PointerEvent) =>
    view.setColumnWidth(column.id, column.width + now.clientX - startX);
  edge.addEventListener('pointermove', move);
  edge.addEventListener('lostpointercapture', () => edge.removeEventListener('pointermove', move), {
    once: true,
  });
}

/** Pixels for one press of a key. */
const keyStep = 12;

function resizeByKey(event: KeyboardEvent, column: FlowColumn, view: FlowsViewStore): void {
  if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
  event.preventDefault();
  const width = view.getState().columnWidths[column.id] ?? column.width;
  view.setColumnWidth(column.id, width + (event.key === 'ArrowRight' ? keyStep : -keyStep));
}

function ColumnMenu({ view }: { readonly view: FlowsViewStore }) {
  const hidden = useStore(view, (state) => state.hiddenColumns);
  const widths = useStore(view, (state) => state.columnWidths);
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className="column-menu-button" aria-label="Choose columns" title="Choose columns">
        <Columns3 size={13} aria-hidden />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal container={portalHost()}>
        <DropdownMenu.Content className="menu" align="start" sideOffset={4}>
          <DropdownMenu.Label className="menu-label">Shown · ← → narrower, wider</DropdownMenu.Label>
          {allColumns.map((column) => (
            <DropdownMenu.CheckboxItem
              key={column.id}
              className="menu-item menu-check"
              checked={!hidden.includes(column.id)}
              onCheckedChange={() => view.toggleColumn(column.id)}
              onSelect={(event) => event.preventDefault()}
              onKeyDown={(event) => resizeByKey(event, column, view)}
              aria-description={`${widths[column.id] ?? column.width} pixels wide`}
            >
              <span className="menu-tick" aria-hidden>
                {hidden.includes(column.id) ? '' : '✓'}
              </span>
              {column.label}
            </DropdownMenu.CheckboxItem>
          ))}
          <DropdownMenu.Separator className="menu-separator" />
          <DropdownMenu.Item
            className="menu-item"
            disabled={hidden.length === 0 && Object.keys(widths).length === 0}
            onSelect={() => view.change({ hiddenColumns: [], columnWidths: {} })}
          >
            Back to the first columns
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
