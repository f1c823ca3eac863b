// The columns of the flow list.
import type { FlowRow } from '../stores/flowRow';
import { type ColumnId, columnIds, type FlowsView } from '../stores/flowsViewStore';

export interface FlowColumn {
  readonly id: ColumnId;
  readonly label: string;
  /** Pixels. */
  readonly width: number;
  readonly isFigure?: boolean;
  text(row: FlowRow): string;
}

const columns: Readonly<Record<ColumnId, Omit<FlowColumn, 'id'>>> = {
  time: { label: 'Time', width: 100, isFigure: true, text: (row) => row.time },
  result: { label: 'Result', width: 78, text: (row) => row.result },
  method: { label: 'Method', width: 62, text: (row) => row.method },
  subject: { label: 'Host and path', width: 230, text: (row) => row.subject },
  route: { label: 'Route', width: 92, text: (row) => row.route },
  endpoint: { label: 'Endpoint', width: 126, text: (row) => row.endpoint },
  duration: { label: 'Took', width: 72, isFigure: true, text: (row) => row.duration },
  sent: { label: 'Sent', width: 66, isFigure: true, text: (row) => row.sent },
  received: { label: 'Received', width: 72, isFigure: true, text: (row) => row.received },
  connection: { label: 'Connection', width: 84, text: (row) => row.connection },
  client: { label: 'Client', width: 126, text: (row) => row.client },
  listener: { label: 'Listener', width: 80, text: (row) => row.listener },
  kind: { label: 'Kind', width: 80, text: (row) => row.kind },
};

export const allColumns: readonly FlowColumn[] = columnIds.map((id) => ({ id, ...columns[id] }));

/** Those that are shown, as wide as the user made them. */
export function shownColumns({
  columnWidths,
  hiddenColumns,
}: Pick<FlowsView, 'columnWidths' | 'hiddenColumns'>): FlowColumn[] {
  return allColumns
    .filter(({ id }) => !hiddenColumns.includes(id))
    .map((column) => ({ ...column, width: columnWidths[column.id] ?? column.width }));
}
