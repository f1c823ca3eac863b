import { type CSSProperties, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { Flow } from '../../main/contract/flow';
import { Button } from '../components/Button';
import { Splitter } from '../components/Splitter';
import type { FlowStore, ShownFlow } from '../stores/flowState';
import type { FlowsViewStore } from '../stores/flowsViewStore';
import type { Unfolded } from './chunkSteps';
import type { ConfigPlace } from './configPlaces';
import { type ConnectionPicture, connectionPicture } from './connectionPicture';
import { DiagramControls } from './DiagramControls';
import type { DiagramPicture } from './DiagramFrame';
import { DiagramView } from './DiagramView';
import type { Zoom } from './diagramFrame/frameMessages';
import { type DiagramLevel, diagramSteps, sharedDiagramSteps } from './diagramSteps';
import { EventList } from './EventList';
import { paces } from './playback';
import { StepPanel } from './StepPanel';
import { type Step, stepOf } from './stepBuilder';
import { useStepping } from './useStepping';

/** The picture, the words beside it, and the way through both. */
export function DiagramTab(props: {
  readonly shown: ShownFlow;
  /** Draws all flows of the client's connection. */
  readonly isWhole: boolean;
  readonly onOneFlow: () => void;
  readonly flowStore: FlowStore;
  readonly view: FlowsViewStore;
  readonly onOpenPlace: (place: ConfigPlace) => void;
}) {
  const { shown, flowStore, view } = props;
  const connection = useMemo(
    () => (props.isWhole ? connectionPicture(shown, flowStore.getState()) : null),
    [props.isWhole, shown, flowStore],
  );
  const flow = connection?.flows[0] ?? shown.flow;
  const events = connection?.events ?? shown.events;
  const [level, setLevel] = useState<DiagramLevel>('messages');
  const [zoom, setZoom] = useState<Zoom>('fit');
  const [scale, setScale] = useState(1);
  const [pace, setPace] = useState(paces[1]!);
  const { unfolded, toggle } = useUnfolded(flow.id);
  const wordsShare = useStore(view, (state) => state.wordsShare);
  const picture = useRef<DiagramPicture | null>(null);
  const diagram = useMemo(
    () =>
      connection === null
        ? diagramSteps(flow, events, { level, unfolded })
        : sharedDiagramSteps(connection.flows, events, { level, unfolded }),
    [connection, flow, events, level, unfolded],
  );
  const { steps } = diagram;
  const subject = connection === null ? `${flow.id}` : `connection ${flow.downstreamConnectionId}`;
  const stepping = useStepping(subject, steps, pace.pace, () => flowStore.getState().choose(shown.flow.id));
  const step = stepping.position === null ? undefined : steps[stepping.position];
  const stepFlow = connection === null || step === undefined ? flow : flowOf(connection, step);
  return (
    <div className="diagram-tab">
      <DiagramControls
        level={level}
        onLevel={setLevel}
        scale={scale}
        isFit={zoom === 'fit'}
        onZoom={setZoom}
        stepping={stepping}
        pace={pace}
        onPace={setPace}
        diagram={diagram}
        flow={flow}
        picture={picture}
      />
      {connection !== null && (
        <div className="diagram-whole" role="status">
          {connection.flows.length} flows of TCP connection {flow.downstreamConnectionId}, as they happened
          <Button size="small" onClick={props.onOneFlow}>
            Only this flow
          </Button>
        </div>
      )}
      <div className="diagram-body" style={{ '--words-share': `${wordsShare * 100}%` } as CSSProperties}>
        <DiagramView
          diagram={diagram}
          subject={`${subject} ${level}`}
          position={stepping.position}
          zoom={zoom}
          onChoose={stepping.go}
          onKey={stepping.onKey}
          onScale={setScale}
          picture={picture}
        />
        <Splitter
          label="Size of the words"
          share={1 - wordsShare}
          direction="columns"
          least={0.3}
          onChange={(share) => view.change({ wordsShare: 1 - share })}
        />
        <div className="diagram-words">
          {step !== undefined && (
            <StepPanel
              step={step}
              flow={stepFlow}
              startedAt={flow.openedAt}
              events={events}
              isUnfolded={unfolded === 'all' || unfolded.size > 0}
              onFold={toggle}
              onOpenPlace={props.onOpenPlace}
            />
          )}
          <EventList
            key={subject}
            events={events}
            startedAt={flow.openedAt}
            currentSeqs={step?.seqs ?? []}
            isFollowing={stepping.position === null}
            onChoose={(seq) => stepping.go(stepOf(steps, seq))}
          />
        </div>
      </div>
    </div>
  );
}

/** Whose step it is: the configuration behind it is that of its own flow. */
function flowOf({ flows, events }: ConnectionPicture, { seqs }: Step): Flow {
  const event = events.find(({ seq }) => seqs.includes(seq));
  return flows.find(({ id }) => id === event?.flowId) ?? flows[0];
}

const noneUnfolded: ReadonlySet<number> = new Set();

/** Which folds of this flow are open; another flow starts with all closed. */
function useUnfolded(flowId: number): {
  readonly unfolded: Unfolded;
  /** null closes all. */
  toggle(key: number | null): void;
} {
  const [open, setOpen] = useState<{ readonly flowId: number; readonly keys: ReadonlySet<number> } | null>(
    null,
  );
  const keys = open?.flowId === flowId ? open.keys : noneUnfolded;
  const toggle = (key: number | null) =>
    setOpen({ flowId, keys: key === null ? noneUnfolded : new Set([...keys, key]) });
  return { unfolded: keys, toggle };
}
