import type { UiStore } from '../stores/uiStore';

/** Puts the chosen theme on <html>; "system" leaves it to prefers-color-scheme. */
export function followTheme(ui: UiStore, root: HTMLElement): void {
  const show = () => {
    const { theme } = ui.getState();
    if (theme === 'system') delete root.dataset.theme;
    else root.dataset.theme = theme;
  };
  show();
  ui.subscribe(show);
}
