// What is shown of the document beside the canvas: its YAML, its history, a conflict.
import { createStore, type StoreApi } from 'zustand/vanilla';

export type EditorView = 'canvas' | 'split' | 'yaml';

export interface DocumentViewsState {
  readonly view: EditorView;
  readonly dialog: 'history' | 'merge' | 'outside' | null;
}

export interface DocumentViews extends StoreApi<DocumentViewsState> {
  show(view: EditorView): void;
  openDialog(dialog: DocumentViewsState['dialog']): void;
}

const key = 'hopscope.editorView';

export function createDocumentViews(storage: Pick<Storage, 'getItem' | 'setItem'>): DocumentViews {
  const kept = storage.getItem(key);
  const store = createStore<DocumentViewsState>(() => ({
    view: kept === 'split' || kept === 'yaml' ? kept : 'canvas',
    dialog: null,
  }));
  return {
    ...store,
    show(view) {
      storage.setItem(key, view);
      store.setState({ view });
    },
    openDialog: (dialog) => store.setState({ dialog }),
  };
}
