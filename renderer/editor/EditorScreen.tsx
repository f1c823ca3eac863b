import { ReactFlowProvider } from '@xyflow/react';
import { type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import type { HopscopeApi } from '../../main/contract/api';
import type { ApplyPreferencesStore } from '../stores/applyPreferences';
import type { CertificateStore } from '../stores/certificateStore';
import type { ConfigStore } from '../stores/configStore';
import type { FlowStore } from '../stores/flowStore';
import type { HealthStore } from '../stores/healthStore';
import type { UiStore } from '../stores/uiStore';
import { createApplying } from './applying';
import { Canvas } from './canvas/Canvas';
import { createDocumentViews } from './documentViews';
import { EditorContext, type EditorTools } from './EditorContext';
import { EditorNotices } from './EditorNotices';
import { EditorToolbar } from './EditorToolbar';
import './editor.css';
import './draft.css';
import './palette.css';
import './tester.css';
import './traffic.css';
import { removalEdit } from './editFromGraph';
import { shortcutOf } from './editorShortcuts';
import { HistoryDialog } from './history/HistoryDialog';
import { Inspector } from './inspector/Inspector';
import { MergeDialog } from './MergeDialog';
import { addThing } from './newThings';
import { Palette, type PaletteMode } from './Palette';
import { proposedTest } from './proposedTest';
import { ReviewDialog } from './ReviewDialog';
import { createTesterStore } from './testerStore';
import { createTrafficStore } from './trafficStore';
import { WayNotice } from './WayNotice';

export interface EditorScreenProps {
  readonly api: HopscopeApi;
  readonly config: ConfigStore;
  readonly certificates: CertificateStore;
  readonly health: HealthStore;
  readonly ui: UiStore;
  readonly flows: FlowStore;
  readonly preferences: ApplyPreferencesStore;
}

/** The Routes screen: toolbar with the draft, canvas, inspector. */
export function EditorScreen({
  api,
  config,
  certificates,
  health,
  ui,
  flows,
  preferences,
}: EditorScreenProps) {
  const inspector = useRef<HTMLElement>(null);
  const [palette, setPalette] = useState<PaletteMode | null>(null);
  const tools = useMemo(
    () => createTools({ api, config, certificates, health, ui, flows, preferences }, inspector),
    [api, config, certificates, health, ui, flows, preferences],
  );
  useEffect(() => tools.tester.followDraft(), [tools]);
  useEffect(() => tools.traffic.watch(), [tools]);
  useEffect(
    () =>
      ui.subscribe((now, before) => {
        if (now.selected !== before.selected && now.selected !== null) tools.tester.close();
      }),
    [tools, ui],
  );
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const shortcut = shortcutOf(event);
      if (shortcut === null || document.querySelector('dialog[open]') !== null) return;
      event.preventDefault();
      if (shortcut === 'apply') tools.apply();
      else if (shortcut === 'undo') config.undo();
      else if (shortcut === 'redo') config.redo();
      else setPalette(shortcut);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [tools, config]);
  return (
    <EditorContext value={tools}>
      <ReactFlowProvider>
        <div className="editor">
          <h1 className="visually-hidden">Routes</h1>
          <EditorToolbar onFind={() => setPalette('find')} />
          <div className="editor-body">
            <div className="editor-canvas">
              <Canvas onEnter={() => focusFirstField(inspector)} />
              <EditorNotices />
              <WayNotice />
            </div>
            <Inspector ref={inspector} />
          </div>
          <ReviewDialog />
          <HistoryDialog />
          <MergeDialog />
          {palette !== null && <Palette mode={palette} onClose={() => setPalette(null)} />}
        </div>
      </ReactFlowProvider>
    </EditorContext>
  );
}

function createTools(props: EditorScreenProps, inspector: RefObject<HTMLElement | null>): EditorTools {
  const { config, ui } = props;
  const tester = createTesterStore(props.api, config);
  const applying = createApplying(config, ui, props.preferences);
  return {
    ...props,
    tester,
    applying,
    views: createDocumentViews(localStorage),
    traffic: createTrafficStore(props.api, config),
    askRoutes() {
      const { document } = config.getState().draft;
      const { request, answer } = tester.getState();
      tester.open(answer === null ? proposedTest(document, ui.getState().selected, request) : {});
      requestAnimationFrame(() => focusFirstField(inspector));
    },
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
      applying.request();
    },
  };
}

function focusFirstField(inspector: RefObject<HTMLElement | null>): void {
  const form = inspector.current?.querySelector('.inspector-form') ?? inspector.current;
  form?.querySelector<HTMLElement>('input, select, textarea, button')?.focus();
}
