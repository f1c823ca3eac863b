import { useCallback, useEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import type { HopscopeApi } from '../../main/contract/api';
import { CertificatesScreen } from '../certificates/CertificatesScreen';
import { CopyContext } from '../components/copyContext';
import { createEditorTools } from '../editor/createEditorTools';
import { DocumentDialogs } from '../editor/DocumentDialogs';
import { EditorContext } from '../editor/EditorContext';
import { EditorOverlays } from '../editor/EditorOverlays';
import { EditorScreen } from '../editor/EditorScreen';
import type { OverlayStore } from '../editor/overlayStore';
import { FileDialogs } from '../files/FileDialogs';
import { createFilesStore } from '../files/filesStore';
import { StartScreen } from '../start/StartScreen';
import { AppNotice } from './AppNotice';
import { ConnectionBanner } from './ConnectionBanner';
import type { Stores } from './createStores';
import { FlowsPane } from './FlowsPane';
import { Header } from './Header';
import { Loading } from './Loading';
import { screenTitle } from './navigation';
import { openCapture } from './openCapture';
import { Toasts } from './Toasts';
import { ViewerApp } from './ViewerApp';

export function App({ api, stores }: { readonly api: HopscopeApi; readonly stores: Stores }) {
  const screen = useStore(stores.ui, (state) => state.screen);
  const host = useStore(stores.connection, (state) => state.appInfo?.host);
  const isViewer = useStore(stores.connection, (state) => state.appInfo?.isViewer === true);
  useEffect(() => {
    document.title = `${screenTitle(screen)} · Hopscope`;
  }, [screen]);
  // Electron's windows have no clipboard of their own; there the main process copies.
  const copy = useMemo(
    () => async (text: string) => {
      if (host === 'electron') await api.call('copyText', { text });
      else await navigator.clipboard.writeText(text);
    },
    [api, host],
  );
  const tools = useMemo(() => createEditorTools(api, stores, () => void openCapture(stores)), [api, stores]);
  const { config, ui, certificates } = stores;
  const files = useMemo(() => createFilesStore(api, config, ui), [api, config, ui]);
  const fileTools = { api, files, config, certificates, ui };
  const openHistory = useCallback(() => tools.views.openDialog('history'), [tools]);
  const fileMenu = {
    files,
    config,
    ui,
    onHistory: openHistory,
    onApply: tools.apply,
    onOpenCapture: tools.openCapture,
  };
  if (isViewer) {
    return (
      <CopyContext value={copy}>
        <ViewerApp api={api} stores={stores} />
      </CopyContext>
    );
  }
  return (
    <CopyContext value={copy}>
      <EditorContext value={tools}>
        <div className="app">
          <a className="skip-link" href="#screen">
            Skip to the screen
          </a>
          <Header menu={fileMenu} />
          <ConnectionBanner connection={stores.connection} />
          <AppNotice connection={stores.connection} ui={stores.ui} />
          <main id="screen" className="screen" aria-label={screenTitle(screen)} tabIndex={-1}>
            <CurrentScreen api={api} stores={stores} overlay={tools.overlay} />
          </main>
          <EditorOverlays />
          <DocumentDialogs />
          <FileDialogs tools={fileTools} />
          <Toasts ui={stores.ui} />
        </div>
      </EditorContext>
    </CopyContext>
  );
}

function CurrentScreen(props: {
  readonly api: HopscopeApi;
  readonly stores: Stores;
  readonly overlay: OverlayStore;
}) {
  const { api, stores, overlay } = props;
  const screen = useStore(stores.ui, (state) => state.screen);
  const isLoaded = useStore(stores.config, (state) => state.running !== null);
  const isEmpty = useStore(stores.config, ({ draft: { document } }) =>
    [document.listeners, document.routes, document.pools].every((list) => (list ?? []).length === 0),
  );
  const isStartSkipped = useStore(stores.ui, (state) => state.isStartSkipped);
  const certificateTools = useMemo(
    () => ({ api, certificates: stores.certificates, config: stores.config, ui: stores.ui }),
    [api, stores],
  );
  if (screen === 'flows') return <FlowsPane api={api} stores={stores} />;
  if (!isLoaded) return <Loading config={stores.config} />;
  if (screen === 'certificates') return <CertificatesScreen tools={certificateTools} />;
  if (isEmpty && !isStartSkipped)
    return (
      <StartScreen
        api={api}
        config={stores.config}
        certificates={stores.certificates}
        ui={stores.ui}
        onSamples={() => overlay.show({ kind: 'samples', pool: null })}
      />
    );
  return <EditorScreen />;
}
