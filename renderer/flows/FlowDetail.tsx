import { ArrowUpRight } from 'lucide-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { Button } from '../components/Button';
import { EmptyState } from '../components/EmptyState';
import { Tabs } from '../components/Tabs';
import { flowRow } from '../stores/flowRow';
import type { FlowStore, ShownFlow } from '../stores/flowStore';
import { DecisionsTab } from './DecisionsTab';
import { DiagramTab } from './DiagramTab';
import { EventsTab } from './EventsTab';
import { HeadersTab } from './HeadersTab';

type TabId = 'diagram' | 'decisions' | 'headers' | 'events';

export function FlowDetail(props: {
  readonly flowStore: FlowStore;
  readonly onOpenRoute: (routeId: string) => void;
}) {
  const shown = useStore(props.flowStore, (state) => state.shown);
  const [tab, setTab] = useState<TabId>('diagram');
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
      <FlowHeading shown={shown} onOpenRoute={props.onOpenRoute} />
      <Tabs<TabId>
        label="Flow"
        value={tab}
        onChange={setTab}
        items={[
          {
            id: 'diagram',
            label: 'Diagram',
            content: <DiagramTab shown={shown} flowStore={props.flowStore} />,
          },
          { id: 'decisions', label: 'Decisions', content: <DecisionsTab shown={shown} /> },
          { id: 'headers', label: 'Headers', content: <HeadersTab shown={shown} /> },
          { id: 'events', label: 'Events', content: <EventsTab shown={shown} /> },
        ]}
      />
    </div>
  );
}

function FlowHeading({
  shown: { flow },
  onOpenRoute,
}: {
  readonly shown: ShownFlow;
  readonly onOpenRoute: (routeId: string) => void;
}) {
  const row = flowRow(flow);
  const { route } = flow;
  return (
    <header className="flow-heading">
      <span className={`flow-result flow-result-${row.tone}`}>{row.result}</span>
      <h2 title={`${row.method} ${row.subject}`}>
        {row.method !== '' && <span className="flow-method">{row.method}</span>} {row.subject}
      </h2>
      <span className="flow-heading-figures">
        {row.duration} · {row.bytes}
      </span>
      {route !== null && (
        <Button
          size="small"
          variant="ghost"
          icon={<ArrowUpRight size={14} aria-hidden />}
          onClick={() => onOpenRoute(route)}
        >
          Route {route}
        </Button>
      )}
    </header>
  );
}
