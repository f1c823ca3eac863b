// From "Apply" to traffic: asks first where the user wants that, applies, and says what came of it.
import { createStore, type StoreApi } from 'zustand/vanilla';
import { describeChanges, summarizeChanges } from '../../main/contract/describeChanges';
import type { ApplyPreferencesStore } from '../stores/applyPreferences';
import type { ConfigStore } from '../stores/configStore';
import { isBroken } from '../stores/draft';
import type { UiStore } from '../stores/uiStore';
import { fieldHelp } from './fieldHelp';

export interface ApplyingState {
  /** What will change is shown; the next "Apply" is the yes. */
  readonly isReviewing: boolean;
}

export interface Applying extends StoreApi<ApplyingState> {
  readonly preferences: ApplyPreferencesStore;
  /** Shows the changes first, unless the user does not want that or the draft cannot be applied anyway. */
  request(): void;
  confirm(): Promise<void>;
  cancel(): void;
}

export function createApplying(
  config: ConfigStore,
  ui: Pick<UiStore, 'toast'>,
  preferences: ApplyPreferencesStore,
): Applying {
  const store = createStore<ApplyingState>(() => ({ isReviewing: false }));
  const confirm = async () => {
    store.setState({ isReviewing: false });
    const { draft } = config.getState();
    const summary = summarizeChanges(describeChanges(draft.base, draft.document, fieldHelp));
    if (!(await config.applyDraft())) return;
    const { running } = config.getState();
    ui.toast('ok', `Applied as revision ${running?.revision}${summary === '' ? '.' : `: ${summary}.`}`);
  };
  return {
    ...store,
    preferences,
    request() {
      const { isPending, issues, draft } = config.getState();
      if (!isPending) return;
      // The main process has the last word on what is wrong: it refuses and says why.
      const isRefused = isBroken(draft) || issues.some((issue) => issue.severity === 'error');
      if (preferences.getState().asksFirst && !isRefused) store.setState({ isReviewing: true });
      else void confirm();
    },
    confirm,
    cancel: () => store.setState({ isReviewing: false }),
  };
}
