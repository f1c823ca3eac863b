import { Columns3 } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { PointerEvent } from 'react';
import { useStore } from 'zustand';
import { portalHost } from '../components/portalHost';
import type { FlowsViewStore } from '../stores/flowsViewStore';
import { allColumns, type FlowColumn } from './flowColumns';

/** Pixels. */
export const headHeight = 28;

/** The names of the columns; the edge of each can be dragged. */
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
          {allColumns.map((column) => (
            <DropdownMenu.CheckboxItem
              key={column.id}
              className="menu-item menu-check"
              checked={!hidden.includes(column.id)}
              onCheckedChange={() => view.toggleColumn(column.id)}
              onSelect={(event) => event.preventDefault()}
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
