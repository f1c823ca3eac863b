// What this window shows: the screen, what is selected, the theme, short messages. Nothing of it is in the workspace.
import { createStore, type StoreApi } from 'zustand/vanilla';

export type Screen = 'routes' | 'flows' | 'certificates';
export const screens: readonly Screen[] = ['routes', 'flows', 'certificates'];

export type ThemeChoice = 'light' | 'dark' | 'system';

export interface Toast {
  readonly id: number;
  readonly tone: 'info' | 'ok' | 'warning' | 'danger';
  readonly text: string;
  /** What can be done about it, e.g. "Undo". */
  readonly action?: { readonly label: string; readonly run: () => void };
}

export interface UiState {
  readonly screen: Screen;
  readonly theme: ThemeChoice;
  /** Canvas id of the node or edge whose form is shown, e.g. "route:shop"; null = nothing. */
  readonly selected: string | null;
  /** All that is selected, `selected` last. */
  readonly selection: readonly string[];
  readonly toasts: readonly Toast[];
  /** What screen readers are told of a change that the eye sees anyway. A new object each time. */
  readonly announced: { readonly text: string } | null;
  /** The user chose an empty canvas instead of the start screen. */
  readonly isStartSkipped: boolean;
  /** Notices that were shown and closed, so that they come once. */
  readonly seenNotice: string | null;
  /** Of the inspector, in pixels; null = as wide as fits the window. */
  readonly inspectorWidth: number | null;
  readonly isMapShown: boolean;
  /** Only what the selected thing can reach or be reached from stays lit. */
  readonly isFocusing: boolean;
  /** A node that was asked for by name: it is brought near. A new object each time. */
  readonly revealed: { readonly id: string } | null;
  /** Pools whose many endpoints are drawn one by one. */
  readonly openPools: ReadonlySet<string>;
}

export interface UiStore extends StoreApi<UiState> {
  show(screen: Screen): void;
  setTheme(theme: ThemeChoice): void;
  select(node: string | null): void;
  selectMany(nodes: readonly string[]): void;
  /** Adds to the selection, or takes out of it. */
  toggleSelected(node: string): void;
  setInspectorWidth(pixels: number | null): void;
  showMap(isShown: boolean): void;
  focusOnSelection(isFocusing: boolean): void;
  /** Selects a node and brings it into a readable view. */
  reveal(node: string): void;
  togglePool(pool: string): void;
  skipStart(): void;
  toast(tone: Toast['tone'], text: string, action?: Toast['action']): void;
  dismissToast(id: number): void;
  announce(text: string): void;
  closeNotice(text: string): void;
}

const themeKey = 'hopscope.theme';
const noticeKey = 'hopscope.seenNotice';
const inspectorKey = 'hopscope.inspectorWidth';
const mapKey = 'hopscope.map';
const mostToasts = 4;

export function createUiStore(storage: Pick<Storage, 'getItem' | 'setItem'>): UiStore {
  const store = createStore<UiState>(() => ({
    screen: 'routes',
    theme: readTheme(storage.getItem(themeKey)),
    selected: null,
    selection: [],
    toasts: [],
    announced: null,
    isStartSkipped: false,
    seenNotice: storage.getItem(noticeKey),
    inspectorWidth: readPixels(storage.getItem(inspectorKey)),
    isMapShown: storage.getItem(mapKey) === 'shown',
    isFocusing: false,
    revealed: null,
    openPools: new Set(),
  }));
  let nextToast = 1;
  return {
    ...store,
    show: (screen) => store.setState({ screen }),
    setTheme(theme) {
      storage.setItem(themeKey, theme);
      store.setState({ theme });
    },
    select: (selected) => store.setState({ selected, selection: selected === null ? [] : [selected] }),
    selectMany: (nodes) => store.setState({ selected: nodes.at(-1) ?? null, selection: nodes }),
    toggleSelected(node) {
      const others = store.getState().selection.filter((item) => item !== node);
      const isTaken = others.length < store.getState().selection.length;
      const selection = isTaken ? others : [...others, node];
      store.setState({ selected: selection.at(-1) ?? null, selection });
    },
    setInspectorWidth(inspectorWidth) {
      storage.setItem(inspectorKey, inspectorWidth === null ? '' : String(inspectorWidth));
      store.setState({ inspectorWidth });
    },
    showMap(isMapShown) {
      storage.setItem(mapKey, isMapShown ? 'shown' : '');
      store.setState({ isMapShown });
    },
    focusOnSelection: (isFocusing) => store.setState({ isFocusing }),
    reveal: (id) => store.setState({ selected: id, selection: [id], revealed: { id } }),
    togglePool(pool) {
      const openPools = new Set(store.getState().openPools);
      if (!openPools.delete(pool)) openPools.add(pool);
      store.setState({ openPools });
    },
    skipStart: () => store.setState({ isStartSkipped: true }),
    toast(tone, text, action) {
      const toast = { id: nextToast++, tone, text, ...(action === undefined ? {} : { action }) };
      store.setState(({ toasts }) => ({ toasts: [...toasts, toast].slice(-mostToasts) }));
    },
    dismissToast: (id) =>
      store.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) })),
    announce: (text) => store.setState({ announced: { text } }),
    closeNotice(text) {
      storage.setItem(noticeKey, text);
      store.setState({ seenNotice: text });
    },
  };
}

function readTheme(text: string | null): ThemeChoice {
  return text === 'light' || text === 'dark' ? text : 'system';
}

function readPixels(text: string | null): number | null {
  const pixels = Number(text ?? '');
  return Number.isFinite(pixels) && pixels > 0 ? pixels : null;
}
