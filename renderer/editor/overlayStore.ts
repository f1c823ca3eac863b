// What lies over the screen: the palette, the sheet of keys, a menu at a point, the question before a deletion, a preset,
// the sample servers. One at a time.
import type { LucideIcon } from 'lucide-react';
import { createStore, type StoreApi } from 'zustand/vanilla';

export type PaletteMode = 'find' | 'commands';

export interface MenuEntry {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly icon?: LucideIcon;
  /** Class of the kind's colour. */
  readonly className?: string;
  readonly isDanger?: boolean;
  readonly run: () => void;
}

export interface MenuSection {
  readonly title: string | null;
  readonly entries: readonly MenuEntry[];
}

export interface PointMenu {
  readonly title: string;
  /** In the window, pixels. */
  readonly x: number;
  readonly y: number;
  readonly sections: readonly MenuSection[];
}

export type Overlay =
  | { readonly kind: 'palette'; readonly mode: PaletteMode }
  | { readonly kind: 'keys' }
  | { readonly kind: 'menu'; readonly menu: PointMenu }
  | { readonly kind: 'deletion'; readonly ids: readonly string[]; readonly losses: readonly string[] }
  | { readonly kind: 'preset'; readonly preset: string }
  /** For a pool: with the way into it. */
  | { readonly kind: 'samples'; readonly pool: string | null };

export interface OverlayStore extends StoreApi<{ readonly shown: Overlay | null }> {
  show(overlay: Overlay): void;
  close(): void;
}

export function createOverlayStore(): OverlayStore {
  const store = createStore<{ readonly shown: Overlay | null }>(() => ({ shown: null }));
  return {
    ...store,
    show: (shown) => store.setState({ shown }),
    close: () => store.setState({ shown: null }),
  };
}
