import { ReactFlowProvider } from '@xyflow/react';
import { type RefObject, useEffect, useMemo, useRef } from 'react';
import type { HopscopeApi } from '../../main/contract/api';
import type { CertificateStore } from '../stores/certificateStore';
import type { ConfigStore } from '../stores/configStore';
import type { FlowStore } from '../stores/flowStore';
import type { HealthStore } from '../stores/healthStore';
import type { UiStore } from '../stores/uiStore';
import { Canvas } from './canvas/Canvas';
import { EditorContext, type EditorTools } from './EditorContext';
import { EditorNotices } from './EditorNotices';
import { EditorToolbar } from './EditorToolbar';
import './editor.css';
import { removalEdit } from './editFromGraph';
import { shortcutOf } from './editorShortcuts';
import { Inspector } from './inspector/Inspector';
import { addThing } from './newThings';

export interface EditorScreenProps {
  readonly api: HopscopeApi;
  readonly config: ConfigStore;
  readonly certificates: CertificateStore;
  readonly health: HealthStore;
  readonly ui: UiStore;
  readonly flows: FlowStore;
}

/** The Routes screen: toolbar with the draft, canvas, inspector. */
export function EditorScreen({ api, config, certificates, health, ui, flows }: EditorScreenProps) {
  const inspector = useRef<HTMLElement>(null);
  const tools = useMemo(
    () => createTools({ api, config, certificates, health, ui, flows }, inspector),
    [api, config, certificates, health, ui, flows],
  );
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const shortcut = shortcutOf(event);
      if (shortcut === null || document.querySelector('dialog[open]') !== null) return;
      event.preventDefault();
      if (shortcut === 'apply') tools.apply();
      else if (shortcut === 'undo') config.undo();
      else config.redo();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [tools, config]);
  return (
    <EditorContext value={tools}>
      <ReactFlowProvider>
        <div className="editor">
          <h1 className="visually-hidden">Routes</h1>
          <EditorToolbar />
          <div className="editor-body">
            <div className="editor-canvas">
              <Canvas onEnter={() => focusFirstField(inspector)} />
              <EditorNotices />
            </div>
            <Inspector ref={inspector} />
          </div>
        </div>
      </ReactFlowProvider>
    </EditorContext>
  );
}

function createTools(props: EditorScreenProps, inspector: RefObject<HTMLElement | null>): EditorTools {
  const { config, ui } = props;
  return {
    ...props,
    add(thing, at) {
      const addition = addThing(config.getState().draft.document, at ?? ui.getState().selected, thing);
      if (addition === null) {
        ui.toast('info', 'An endpoint belongs to a pool: add a pool first.');
        return;
      }
      config.edit(addition.edits);
      ui.select(addition.node);
      requestAnimationFrame(() => focusFirstField(inspector));
    },
    remove(id) {
      const edit = removalEdit(config.getState().draft.document, id);
      if (edit === null) return;
      config.edit(edit);
      ui.select(null);
    },
    apply() {
      // The field that is being typed in commits what it holds before the draft is sent.
      if (document.activeElement instanceof HTMLInputElement) document.activeElement.blur();
      if (config.getState().isPending) void config.applyDraft();
    },
  };
}

function focusFirstField(inspector: RefObject<HTMLElement | null>): void {
  const form = inspector.current?.querySelector('.inspector-form') ?? inspector.current;
  form?.querySelector<HTMLElement>('input, select, textarea, button')?.focus();
}
