import { ArrowUpRight, MoreVertical } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useContext, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { HopscopeApi } from '../../main/contract/api';
import type { Flow } from '../../main/contract/flow';
import type { FlowEvent } from '../../main/contract/flowEvent';
import { Button } from '../components/Button';
import { EmptyState } from '../components/EmptyState';
import { portalHost } from '../components/portalHost';
import { type TabItem, Tabs } from '../components/Tabs';
import type { ComposerStore } from '../composer/composerStore';
import { flowRow } from '../stores/flowRow';
import type { FlowStore, ShownFlow } from '../stores/flowState';
import type { FlowsViewStore } from '../stores/flowsViewStore';
import { BytesTab } from './BytesTab';
import { ConnectionTab } from './ConnectionTab';
import { CompareView } from './compare/CompareView';
import { comparedClocks } from './compare/comparedClocks';
import type { ConfigPlace } from './configPlaces';
import { DecisionsTab } from './DecisionsTab';
import { DiagramTab } from './DiagramTab';
import { EventsTab } from './EventsTab';
import { FlowMenuItems } from './flowMenu';
import { HeadersTab } from './HeadersTab';
import { IsViewer } from './isViewer';
import { TakeAwayMenu } from './TakeAwayMenu';
import { TimingTab } from './TimingTab';
import { TlsTab } from './TlsTab';

type TabId = 'diagram' | 'decisions' | 'headers' | 'timing' | 'bytes' | 'connection' | 'tls' | 'events';

export interface FlowDetailProps {
  readonly api: HopscopeApi;
  readonly flowStore: FlowStore;
  readonly view: FlowsViewStore;
  readonly composer: ComposerStore;
  readonly onOpenRoute: (routeId: string) => void;
  readonly onOpenPlace: (place: ConfigPlace) => void;
  readonly onMakeRoute: (flow: Flow) => void;
}

export function FlowDetail(props: FlowDetailProps) {
  const shown = useStore(props.flowStore, (state) => state.shown);
  const [a, b] = useStore(props.flowStore, (state) => state.compared);
  const [tab, setTab] = useState<TabId>('diagram');
  /** The connection that is drawn as a whole; null = one flow is. */
  const [whole, setWhole] = useState<number | null>(null);
  if (a !== undefined && b !== undefined) return <Comparison {...props} pair={[a, b]} />;
  if (shown === null) {
    return (
      <div className="flow-detail">
        <EmptyState title="Choose a flow">
          <p>Its diagram, decisions, headers and events show up here.</p>
        </EmptyState>
      </div>
    );
  }
  return (
    <div className="flow-detail">
      <FlowHeading {...props} shown={shown} />
      <Tabs<TabId>
        label="Flow"
        value={tab}
        onChange={setTab}
        items={tabsOf(shown, props, { whole, setWhole, setTab })}
      />
    </div>
  );
}

function Comparison(props: FlowDetailProps & { readonly pair: readonly [a: ShownFlow, b: ShownFlow] }) {
  const { flowStore, composer } = props;
  const [shownA, shownB] = props.pair;
  const [a, b] = useMemo(
    () => comparedClocks([shownA, shownB], flowStore.getState().connectionUses),
    [shownA, shownB, flowStore],
  );
  const { isLive, endComparison } = flowStore.getState();
  return (
    <CompareView
      a={a}
      b={b}
      view={props.view}
      onOpenPlace={props.onOpenPlace}
      onSendBoth={isLive ? () => composer.askBoth('pairs') : null}
      onClose={endComparison}
    />
  );
}

interface DetailState {
  readonly whole: number | null;
  readonly setWhole: (connectionId: number | null) => void;
  readonly setTab: (tab: TabId) => void;
}

function tabsOf(
  shown: ShownFlow,
  { flowStore, view, onOpenPlace }: FlowDetailProps,
  { whole, setWhole, setTab }: DetailState,
): TabItem<TabId>[] {
  const { downstreamConnectionId } = shown.flow;
  const drawAll = () => {
    setWhole(downstreamConnectionId);
    setTab('diagram');
  };
  const tlsEvents = tlsEventsOf(shown, flowStore);
  const hasTls = tlsEvents.length > 0;
  const tls: TabItem<TabId> = {
    id: 'tls',
    label: 'TLS',
    content: <TlsTab shown={shown} events={tlsEvents} />,
  };
  return [
    {
      id: 'diagram',
      label: 'Diagram',
      content: (
        <DiagramTab
          shown={shown}
          isWhole={whole !== null && whole === downstreamConnectionId}
          onOneFlow={() => setWhole(null)}
          flowStore={flowStore}
          view={view}
          onOpenPlace={onOpenPlace}
        />
      ),
    },
    {
      id: 'decisions',
      label: 'Decisions',
      content: <DecisionsTab shown={shown} onOpenPlace={onOpenPlace} />,
    },
    { id: 'headers', label: 'Headers', content: <HeadersTab shown={shown} /> },
    { id: 'timing', label: 'Timing', content: <TimingTab shown={shown} /> },
    { id: 'bytes', label: 'Bytes', content: <BytesTab shown={shown} /> },
    {
      id: 'connection',
      label: 'Connection',
      content: <ConnectionTab shown={shown} flowStore={flowStore} onDrawAll={drawAll} />,
    },
    ...(hasTls ? [tls] : []),
    { id: 'events', label: 'Events', content: <EventsTab shown={shown} /> },
  ];
}

/** Those of the flow and of its connections: a handshake is told with the flow that it was made for. */
function tlsEventsOf({ flow, events }: ShownFlow, flowStore: FlowStore): FlowEvent[] {
  const ids = [flow.downstreamConnectionId, ...flow.upstreamConnectionIds].filter((id) => id !== 0);
  const all = [...events, ...ids.flatMap((id) => flowStore.getState().connectionUses(id).events)];
  const bySeq = new Map(
    all.filter((event) => event.kind.startsWith('tls.')).map((event) => [event.seq, event]),
  );
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}

function FlowHeading(props: FlowDetailProps & { readonly shown: ShownFlow }) {
  const { flow } = props.shown;
  const row = flowRow(flow);
  const { route } = flow;
  const isViewer = useContext(IsViewer);
  return (
    <header className="flow-heading">
      <span className={`flow-result flow-result-${row.tone}`}>{row.result}</span>
      <h2 title={`${row.method} ${row.subject}`}>
        {row.method !== '' && <span className="flow-method">{row.method}</span>} {row.subject}
      </h2>
      <span className="flow-heading-figures">
        {row.duration} · {row.bytes}
      </span>
      {route !== null && !isViewer && (
        <Button
          size="small"
          variant="ghost"
          icon={<ArrowUpRight size={14} aria-hidden />}
          onClick={() => props.onOpenRoute(route)}
        >
          Route {route}
        </Button>
      )}
      <TakeAwayMenu api={props.api} flowStore={props.flowStore} flowId={flow.id} />
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger asChild>
          <Button
            size="small"
            variant="ghost"
            className="button-icon"
            aria-label="What to do with this flow"
            title="What to do with this flow"
          >
            <MoreVertical size={14} aria-hidden />
          </Button>
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal container={portalHost()}>
          <DropdownMenu.Content className="menu" align="end" sideOffset={4}>
            <FlowMenuItems
              parts={DropdownMenu}
              flow={flow}
              flowStore={props.flowStore}
              composer={props.composer}
              onOpenRoute={props.onOpenRoute}
              onMakeRoute={props.onMakeRoute}
            />
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
    </header>
  );
}
