// The keys of the Flows screen that work wherever the focus is, unless something is being typed.
import type { ComposerStore } from '../composer/composerStore';
import { type FlowStore, markColors } from '../stores/flowState';
import { filterInputId } from './FilterInput';
import { editAndResend, resend } from './resend';

export interface FlowsActions {
  readonly openRoute: (route: string) => void;
  readonly composer: ComposerStore;
  /** Nothing runs: nothing can be sent, and there is no route to go to. */
  readonly isViewer: boolean;
}

/** True = the key was meant for the screen and is used up. */
export function flowsKey(
  event: KeyboardEvent,
  flowStore: FlowStore,
  { openRoute, composer, isViewer }: FlowsActions,
): boolean {
  if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return false;
  // An open dialog has its own keys, also while nothing in it has the focus.
  if (document.querySelector('dialog[open]') !== null) return false;
  const target = event.target instanceof HTMLElement ? event.target : null;
  if (
    target?.closest(
      'input:not([type=checkbox], [type=radio], [type=range]), textarea, select, [role=menu]',
    ) != null
  ) {
    return false;
  }
  // Buttons, switches and the like take the space bar for themselves.
  if (event.key === ' ' && target?.closest('button, input, summary, [role=tab], [role=separator]') != null)
    return false;
  const state = flowStore.getState();
  const shown = state.shown?.flow;
  // Nothing comes to a capture from a file, and nothing of it is forgotten.
  if (!state.isLive && [' ', 'c', 'f'].includes(event.key)) return false;
  if (isViewer && ['r', 'n', 'e', 'a'].includes(event.key)) return false;
  switch (event.key) {
    case '/':
      document.getElementById(filterInputId)?.focus();
      return true;
    case ' ':
      state.setPaused(!state.isPaused);
      return true;
    case 'p':
      if (shown !== undefined) state.togglePin(shown.id);
      return true;
    case 'x':
      if (shown !== undefined) state.toggleCompared(shown.id);
      return true;
    case 'Escape':
      if (state.compared.length < 2) return false;
      state.endComparison();
      return true;
    case 'c':
      state.clear();
      return true;
    case 'f':
      state.setFollowing(!state.isFollowing);
      return true;
    case 'r':
      if (shown?.route != null) openRoute(shown.route);
      return true;
    case 'n':
      if (composer.getState().isOpen) composer.close();
      else composer.open();
      return true;
    case 'e':
      if (shown !== undefined) editAndResend(shown.id, flowStore, composer);
      return true;
    case 'a':
      if (shown !== undefined) resend(shown.id, flowStore, composer);
      return true;
    default:
      return markKey(event.key, flowStore);
  }
}

function markKey(key: string, flowStore: FlowStore): boolean {
  const { shown, marks, mark } = flowStore.getState();
  if (shown === null || !/^[0-5]$/.test(key)) return false;
  const color = key === '0' ? null : markColors[Number(key) - 1]!;
  mark(shown.flow.id, marks.get(shown.flow.id) === color ? null : color);
  return true;
}
