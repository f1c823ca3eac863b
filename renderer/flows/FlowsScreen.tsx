import { Activity } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { BoundListener, HopscopeApi } from '../../main/contract/api';
import { CommandLine } from '../components/CommandLine';
import { EmptyState } from '../components/EmptyState';
import { Notice } from '../components/Notice';
import type { FlowStore } from '../stores/flowStore';
import { curlHint } from './curlHint';
import { FlowDetail } from './FlowDetail';
import { FlowList } from './FlowList';
import { FlowToolbar } from './FlowToolbar';
import './flows.css';

export interface FlowsScreenProps {
  readonly api: HopscopeApi;
  readonly flowStore: FlowStore;
  readonly onOpenRoute: (routeId: string) => void;
}

/** The live list of flows, and the story of one of them. */
export function FlowsScreen({ api, flowStore, onOpenRoute }: FlowsScreenProps) {
  const hasFlows = useStore(flowStore, (state) => state.flows.length > 0);
  const error = useStore(flowStore, (state) => state.error);
  useEffect(() => flowStore.getState().start(), [flowStore]);
  return (
    <section className="flows" aria-label="Flows">
      <FlowToolbar flowStore={flowStore} />
      {error !== null && (
        <Notice tone="danger" isLive>
          Flows are not live: {error}
        </Notice>
      )}
      {hasFlows ? (
        <div className="flows-body">
          <FlowList flowStore={flowStore} />
          <FlowDetail flowStore={flowStore} onOpenRoute={onOpenRoute} />
        </div>
      ) : (
        <NoFlows api={api} />
      )}
    </section>
  );
}

function NoFlows({ api }: { readonly api: HopscopeApi }) {
  const hint = useCurlHint(api);
  return (
    <EmptyState icon={<Activity size={28} aria-hidden />} title="No traffic yet">
      {hint === null ? (
        <p>No listener is running. Add one on the Routes screen and apply it; its traffic shows up here.</p>
      ) : (
        <>
          <p>Send something through a running listener and watch it here, chunk by chunk:</p>
          <CommandLine command={hint} label="Command that sends a request" />
        </>
      )}
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
