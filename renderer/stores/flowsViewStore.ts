// How the Flows screen is set up by its user: layout, sizes, columns, past filters. Kept by the browser, not in the workspace.
import { createStore, type StoreApi } from 'zustand/vanilla';

export const columnIds = [
  'time',
  'result',
  'method',
  'subject',
  'route',
  'endpoint',
  'duration',
  'sent',
  'received',
  'connection',
  'client',
  'listener',
  'kind',
] as const;
export type ColumnId = (typeof columnIds)[number];

export interface FlowsView {
  /** `side` = list beside the detail; `stacked` = list above it. */
  readonly layout: 'side' | 'stacked';
  /** Share of the list, 0 to 1, by layout. */
  readonly listShare: Readonly<Record<FlowsView['layout'], number>>;
  /** Share of the composer beside list and detail. */
  readonly composerShare: number;
  /** A comparison leaves room for the list; else it has the whole screen. */
  readonly comparesWithList: boolean;
  /** Share of the figures below a comparison. */
  readonly figuresShare: number;
  /** Share of the words beside the diagram. */
  readonly wordsShare: number;
  /** Pixels, of columns that were resized. */
  readonly columnWidths: Readonly<Partial<Record<ColumnId, number>>>;
  readonly hiddenColumns: readonly ColumnId[];
  /** Newest first. */
  readonly filterHistory: readonly string[];
}

export interface FlowsViewStore extends StoreApi<FlowsView> {
  change(change: Partial<FlowsView>): void;
  setColumnWidth(column: ColumnId, width: number): void;
  toggleColumn(column: ColumnId): void;
  remember(filter: string): void;
}

const key = 'hopscope.flowsView';
const mostFilters = 20;
export const narrowestColumn = 36;
const widestColumn = 900;

const firstView: FlowsView = {
  layout: 'side',
  listShare: { side: 0.36, stacked: 0.34 },
  composerShare: 0.36,
  wordsShare: 0.27,
  comparesWithList: false,
  figuresShare: 0.2,
  columnWidths: {},
  hiddenColumns: [],
  filterHistory: [],
};

export function createFlowsViewStore(storage: Pick<Storage, 'getItem' | 'setItem'>): FlowsViewStore {
  const store = createStore<FlowsView>(() => ({ ...firstView, ...readView(storage.getItem(key)) }));
  const change = (part: Partial<FlowsView>) => {
    store.setState(part);
    try {
      storage.setItem(key, JSON.stringify(store.getState()));
    } catch {
      // A full or forbidden storage costs the next session its sizes, nothing else.
    }
  };
  return {
    ...store,
    change,
    setColumnWidth(column, width) {
      const bounded = Math.round(Math.min(widestColumn, Math.max(narrowestColumn, width)));
      change({ columnWidths: { ...store.getState().columnWidths, [column]: bounded } });
    },
    toggleColumn(column) {
      const { hiddenColumns } = store.getState();
      change({
        hiddenColumns: hiddenColumns.includes(column)
          ? hiddenColumns.filter((other) => other !== column)
          : [...hiddenColumns, column],
      });
    },
    remember(filter) {
      const text = filter.trim();
      if (text === '') return;
      const others = store.getState().filterHistory.filter((other) => other !== text);
      change({ filterHistory: [text, ...others].slice(0, mostFilters) });
    },
  };
}

/** What an earlier session kept; anything that does not look like it is left out. */
function readView(text: string | null): Partial<FlowsView> {
  let value: unknown;
  try {
    value = JSON.parse(text ?? '{}');
  } catch {
    return {};
  }
  if (typeof value !== 'object' || value === null) return {};
  const kept = value as Readonly<Record<string, unknown>>;
  const isColumn = (name: unknown): name is ColumnId => columnIds.includes(name as ColumnId);
  const widths = Object.entries(typeof kept.columnWidths === 'object' ? (kept.columnWidths ?? {}) : {});
  const shares = typeof kept.listShare === 'object' && kept.listShare !== null ? kept.listShare : {};
  return {
    ...(kept.layout === 'side' || kept.layout === 'stacked' ? { layout: kept.layout } : {}),
    listShare: { ...firstView.listShare, ...keepShares(shares) },
    ...(isShare(kept.composerShare) ? { composerShare: kept.composerShare } : {}),
    ...(typeof kept.comparesWithList === 'boolean' ? { comparesWithList: kept.comparesWithList } : {}),
    ...(isShare(kept.figuresShare) ? { figuresShare: kept.figuresShare } : {}),
    ...(isShare(kept.wordsShare) ? { wordsShare: kept.wordsShare } : {}),
    columnWidths: Object.fromEntries(
      widths.filter(([name, width]) => isColumn(name) && typeof width === 'number' && width > 0),
    ),
    hiddenColumns: Array.isArray(kept.hiddenColumns) ? kept.hiddenColumns.filter(isColumn) : [],
    filterHistory: Array.isArray(kept.filterHistory)
      ? kept.filterHistory.filter((entry) => typeof entry === 'string').slice(0, mostFilters)
      : [],
  };
}

function keepShares(shares: object): Partial<FlowsView['listShare']> {
  return Object.fromEntries(Object.entries(shares).filter(([, share]) => isShare(share)));
}

function isShare(value: unknown): value is number {
  return typeof value === 'number' && value >= 0.05 && value <= 0.95;
}
