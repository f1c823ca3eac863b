import { Activity, FolderOpen, Send, Split } from 'lucide-react';
import { ContextMenu } from 'radix-ui';
import { type CSSProperties, useContext, useEffect, useEffectEvent, useState } from 'react';
import { useStore } from 'zustand';
import type { BoundListener, HopscopeApi } from '../../main/contract/api';
import type { Flow } from '../../main/contract/flow';
import { Button } from '../components/Button';
import { CommandLine } from '../components/CommandLine';
import { EmptyState } from '../components/EmptyState';
import { Notice } from '../components/Notice';
import { portalHost } from '../components/portalHost';
import { Splitter } from '../components/Splitter';
import type { ComposerStore } from '../composer/composerStore';
import type { Surroundings } from '../composer/wayOfUrl';
import type { CaptureFileStore } from '../stores/captureFileStore';
import type { FlowStore } from '../stores/flowState';
import type { FlowsViewStore } from '../stores/flowsViewStore';
import { SendBothDialog } from './both/SendBothDialog';
import { CaptureBanner } from './CaptureBanner';
import type { ConfigPlace } from './configPlaces';
import { curlHint } from './curlHint';
import { FlowDetail } from './FlowDetail';
import { FlowList } from './FlowList';
import { type CaptureWords, FlowToolbar } from './FlowToolbar';
import { FlowMenuItems } from './flowMenu';
import { flowsKey } from './flowsKeys';
import { IsViewer } from './isViewer';
import { useFileDrop } from './useFileDrop';
import { WithComposer } from './WithComposer';
import './flows.css';
import './flowList.css';
import './diagram.css';
import './detailTabs.css';
import './compare/compare.css';

export interface FlowsScreenProps {
  readonly api: HopscopeApi;
  readonly flowStore: FlowStore;
  readonly captureFile: CaptureFileStore;
  /** Asks for a file with flows. */
  readonly onOpenFile: () => void;
  readonly view: FlowsViewStore;
  readonly composer: ComposerStore;
  /** What the composer may send to. */
  readonly around: Surroundings;
  /** What is captured beyond the usual; null = nothing. */
  readonly capture: CaptureWords | null;
  readonly onOpenPlace: (place: ConfigPlace) => void;
  readonly onMakeRoute: (flow: Flow) => void;
}

/** The live list of flows, and the story of one of them. */
export function FlowsScreen(props: FlowsScreenProps) {
  const { api, flowStore, captureFile, view, composer } = props;
  const isViewer = useContext(IsViewer);
  const { isOver, handlers } = useFileDrop((file) => void captureFile.getState().open(file));
  const hasFlows = useStore(flowStore, (state) => state.flows.length > 0 || state.pinned.length > 0);
  const error = useStore(flowStore, (state) => state.error);
  const isComparisonOnly = useComparisonOnly(flowStore, view);
  useEffect(() => flowStore.getState().start(), [flowStore]);
  const openRoute = (route: string) =>
    props.onOpenPlace({ node: `route:${route}`, section: null, at: null, label: `routes › ${route}` });
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    const actions = { openRoute, composer, isViewer };
    if (flowsKey(event, flowStore, actions)) event.preventDefault();
  });
  // On the document: where nothing has the focus, keys go to its body.
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKeyDown(event);
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);
  return (
    <section className={isOver ? 'flows flows-drop' : 'flows'} aria-label="Flows" {...handlers}>
      {!isComparisonOnly && (
        <FlowToolbar
          api={api}
          flowStore={flowStore}
          view={view}
          composer={composer}
          capture={props.capture}
          onOpenFile={props.onOpenFile}
        />
      )}
      <CaptureBanner captureFile={captureFile} />
      <AskedBoth {...props} />
      {error !== null && (
        <Notice tone="danger" isLive>
          Flows are not live: {error}
        </Notice>
      )}
      <WithComposer {...props}>
        {hasFlows && <FlowPanes {...props} onOpenRoute={openRoute} />}
        {!hasFlows && (isViewer ? <NoFile {...props} /> : <NoFlows api={api} composer={composer} />)}
      </WithComposer>
    </section>
  );
}

/** Two diagrams side by side need the width, so the list makes room unless it is asked for. */
function useComparisonOnly(flowStore: FlowStore, view: FlowsViewStore): boolean {
  const isComparing = useStore(flowStore, (state) => state.compared.length === 2);
  const keepsList = useStore(view, (state) => state.comparesWithList);
  return isComparing && !keepsList;
}

function AskedBoth({ api, flowStore, composer, around }: FlowsScreenProps) {
  const isAsked = useStore(composer, (state) => state.both !== null);
  const isLive = useStore(flowStore, (state) => state.isLive);
  if (!isAsked || !isLive) return null;
  return <SendBothDialog api={api} flowStore={flowStore} composer={composer} around={around} />;
}

function FlowPanes(props: FlowsScreenProps & { readonly onOpenRoute: (route: string) => void }) {
  const { flowStore, view } = props;
  const chosenLayout = useStore(view, (state) => state.layout);
  // Three columns would be too narrow to read.
  const isComposing = useStore(props.composer, (state) => state.isOpen);
  const layout = isComposing ? 'stacked' : chosenLayout;
  const shares = useStore(view, (state) => state.listShare);
  const shown = useStore(flowStore, (state) => state.shown?.flow ?? null);
  const share = shares[layout];
  const detail = (
    <FlowDetail
      api={props.api}
      flowStore={flowStore}
      view={view}
      composer={props.composer}
      onOpenRoute={props.onOpenRoute}
      onOpenPlace={props.onOpenPlace}
      onMakeRoute={props.onMakeRoute}
    />
  );
  if (useComparisonOnly(flowStore, view)) return <div className="flows-body">{detail}</div>;
  return (
    <div
      className={`flows-body flows-body-${layout}`}
      style={{ '--list-share': `${share * 100}%` } as CSSProperties}
    >
      <FlowList
        flowStore={flowStore}
        view={view}
        menu={
          shown !== null && (
            <ContextMenu.Portal container={portalHost()}>
              <ContextMenu.Content className="menu">
                <FlowMenuItems
                  parts={ContextMenu}
                  flow={shown}
                  flowStore={flowStore}
                  composer={props.composer}
                  onOpenRoute={props.onOpenRoute}
                  onMakeRoute={props.onMakeRoute}
                />
              </ContextMenu.Content>
            </ContextMenu.Portal>
          )
        }
      />
      <Splitter
        label="Size of the list"
        share={share}
        direction={layout === 'side' ? 'columns' : 'rows'}
        onChange={(next) => view.change({ listShare: { ...shares, [layout]: next } })}
      />
      {detail}
    </div>
  );
}

function NoFile({ onOpenFile }: FlowsScreenProps) {
  return (
    <EmptyState
      icon={<FolderOpen size={28} aria-hidden />}
      title="No capture file is open"
      actions={
        <Button variant="primary" icon={<FolderOpen size={14} aria-hidden />} onClick={onOpenFile}>
          Open a capture file
        </Button>
      }
    >
      <p>Or drop one here: flows that were saved from a list, or what serve --events wrote.</p>
    </EmptyState>
  );
}

function NoFlows(props: { readonly api: HopscopeApi; readonly composer: ComposerStore }) {
  const { api, composer } = props;
  const isOpen = useStore(composer, (state) => state.isOpen);
  const hint = useCurlHint(api);
  return (
    <EmptyState
      icon={<Activity size={28} aria-hidden />}
      title="No traffic yet"
      actions={
        <>
          {hint !== null && !isOpen && (
            <Button variant="primary" icon={<Send size={14} aria-hidden />} onClick={() => composer.open()}>
              Send a request
            </Button>
          )}
          <Button icon={<Split size={14} aria-hidden />} onClick={() => composer.askBoth('pairs')}>
            Send through both…
          </Button>
        </>
      }
    >
      {hint === null ? (
        <p>No listener is running. Add one on the Routes screen and apply it; its traffic shows up here.</p>
      ) : (
        <>
          <p>Send something through a running listener and watch it here, chunk by chunk:</p>
          <CommandLine command={hint} label="Command that sends a request" />
        </>
      )}
      <p>Or watch the same request take two ways, with a sample server: L4 and L7, side by side.</p>
      <p className="muted">Or open flows that were saved before: drop the file here.</p>
    </EmptyState>
  );
}

function useCurlHint(api: HopscopeApi): string | null {
  const [hint, setHint] = useState<string | null>(null);
  useEffect(() => {
    let isMounted = true;
    const show = (running: { readonly listeners: readonly BoundListener[]; readonly document: unknown }) => {
      if (isMounted) setHint(curlHint(running.listeners, running.document));
    };
    // Without an answer there is no hint; the screen says so by itself.
    api.call('getRunningConfig', undefined).then(show, () => undefined);
    const stop = api.on('config.changed', show);
    return () => {
      isMounted = false;
      stop();
    };
  }, [api]);
  return hint;
}
