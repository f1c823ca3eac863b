// "Apply as I edit": a draft that is free of errors goes live by itself, once there was no edit for a moment.
import type { ApplyPreferencesStore } from './applyPreferences';
import type { ConfigState, ConfigStore } from './configStore';
import { isBroken } from './draft';
import { createNamedTimers } from './namedTimers';

const pauseMs = 600;

/** Returns how to stop. */
export function startAutoApply(config: ConfigStore, preferences: ApplyPreferencesStore): () => void {
  const timers = createNamedTimers<'apply'>();
  const look = () => {
    timers.cancel('apply');
    if (!preferences.getState().asIEdit || !isReady(config.getState())) return;
    timers.restart('apply', pauseMs, () => {
      if (isReady(config.getState())) void config.applyDraft();
    });
  };
  const stops = [config.subscribe(look), preferences.subscribe(look)];
  return () => {
    for (const stop of stops) stop();
    timers.close();
  };
}

/** Checked by the main process, nothing wrong, nobody to ask, and not refused already. */
function isReady({ isPending, isChecked, issues, conflict, draft, apply, note }: ConfigState): boolean {
  if (!isPending || !isChecked || conflict !== null || apply.kind === 'applying') return false;
  // What was left over from another day waits for the user's word.
  if (isBroken(draft) || (note !== null && note.kind !== 'rebased')) return false;
  if (apply.kind === 'failed' && apply.document === draft.document) return false;
  return !issues.some((issue) => issue.severity === 'error');
}
