import { type CSSProperties, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { Splitter } from '../components/Splitter';
import type { FlowStore, ShownFlow } from '../stores/flowState';
import type { FlowsViewStore } from '../stores/flowsViewStore';
import type { Unfolded } from './chunkSteps';
import type { ConfigPlace } from './configPlaces';
import { DiagramControls } from './DiagramControls';
import type { DiagramPicture } from './DiagramFrame';
import { DiagramView } from './DiagramView';
import type { Zoom } from './diagramFrame/frameMessages';
import { type DiagramLevel, diagramSteps } from './diagramSteps';
import { EventList } from './EventList';
import { paces } from './playback';
import { StepPanel } from './StepPanel';
import { stepOf } from './stepBuilder';
import { useStepping } from './useStepping';

/** The picture, the words beside it, and the way through both. */
export function DiagramTab(props: {
  readonly shown: ShownFlow;
  readonly flowStore: FlowStore;
  readonly view: FlowsViewStore;
  readonly onOpenPlace: (place: ConfigPlace) => void;
}) {
  const { shown, flowStore, view } = props;
  const { flow, events } = shown;
  const [level, setLevel] = useState<DiagramLevel>('messages');
  const [zoom, setZoom] = useState<Zoom>('fit');
  const [scale, setScale] = useState(1);
  const [pace, setPace] = useState(paces[1]!);
  const { unfolded, toggle } = useUnfolded(flow.id);
  const wordsShare = useStore(view, (state) => state.wordsShare);
  const picture = useRef<DiagramPicture | null>(null);
  const diagram = useMemo(
    () => diagramSteps(flow, events, { level, unfolded }),
    [flow, events, level, unfolded],
  );
  const { steps } = diagram;
  const stepping = useStepping(flow.id, steps, pace.pace, () => flowStore.getState().choose(flow.id));
  const step = stepping.position === null ? undefined : steps[stepping.position];
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
      <div className="diagram-body" style={{ '--words-share': `${wordsShare * 100}%` } as CSSProperties}>
        <DiagramView
          diagram={diagram}
          subject={`${flow.id} ${level}`}
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
              flow={flow}
              events={events}
              isUnfolded={unfolded === 'all' || unfolded.size > 0}
              onFold={toggle}
              onOpenPlace={props.onOpenPlace}
            />
          )}
          <EventList
            key={flow.id}
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
