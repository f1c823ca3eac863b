// What this window shows: the screen, what is selected, the theme, short messages. Nothing of it is in the workspace.
import { createStore, type StoreApi } from 'zustand/vanilla';

export type Screen = 'routes' | 'flows' | 'certificates';
export const screens: readonly Screen[] = ['routes', 'flows', 'certificates'];

export type ThemeChoice = 'light' | 'dark' | 'system';

export interface Toast {
  readonly id: number;
  readonly tone: 'info' | 'ok' | 'warning' | 'danger';
  readonly text: string;
}

export interface UiState {
  readonly screen: Screen;
  readonly theme: ThemeChoice;
  /** Canvas id of the selected node or edge, e.g. "route:shop"; null = nothing. */
  readonly selected: string | null;
  readonly toasts: readonly Toast[];
  /** The user chose an empty canvas instead of the start screen. */
  readonly isStartSkipped: boolean;
  /** Notices that were shown and closed, so that they come once. */
  readonly seenNotice: string | null;
}

export interface UiStore extends StoreApi<UiState> {
  show(screen: Screen): void;
  setTheme(theme: ThemeChoice): void;
  select(node: string | null): void;
  skipStart(): void;
  toast(tone: Toast['tone'], text: string): void;
  dismissToast(id: number): void;
  closeNotice(text: string): void;
}

const themeKey = 'hopscope.theme';
const noticeKey = 'hopscope.seenNotice';
const mostToasts = 4;

export function createUiStore(storage: Pick<Storage, 'getItem' | 'setItem'>): UiStore {
  const store = createStore<UiState>(() => ({
    screen: 'routes',
    theme: readTheme(storage.getItem(themeKey)),
    selected: null,
    toasts: [],
    isStartSkipped: false,
    seenNotice: storage.getItem(noticeKey),
  }));
  let nextToast = 1;
  return {
    ...store,
    show: (screen) => store.setState({ screen }),
    setTheme(theme) {
      storage.setItem(themeKey, theme);
      store.setState({ theme });
    },
    select: (selected) => store.setState({ selected }),
    skipStart: () => store.setState({ isStartSkipped: true }),
    toast(tone, text) {
      const toast = { id: nextToast++, tone, text };
      store.setState(({ toasts }) => ({ toasts: [...toasts, toast].slice(-mostToasts) }));
    },
    dismissToast: (id) =>
      store.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) })),
    closeNotice(text) {
      storage.setItem(noticeKey, text);
      store.setState({ seenNotice: text });
    },
  };
}

function readTheme(text: string | null): ThemeChoice {
  return text === 'light' || text === 'dark' ? text : 'system';
}
