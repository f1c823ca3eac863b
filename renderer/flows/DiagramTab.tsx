import { useMemo, useState } from 'react';
import type { FlowStore, ShownFlow } from '../stores/flowStore';
import { DiagramControls } from './DiagramControls';
import { DiagramFrame } from './DiagramFrame';
import type { Zoom } from './diagramFrame/frameMessages';
import type { DiagramLevel } from './diagramSteps';
import { EventList } from './EventList';
import { rowOf, sequenceText } from './sequenceText';
import { useStepping } from './useStepping';

/** The picture, the words beside it, and the way through both. */
export function DiagramTab({
  shown,
  flowStore,
}: {
  readonly shown: ShownFlow;
  readonly flowStore: FlowStore;
}) {
  const [level, setLevel] = useState<DiagramLevel>('messages');
  const [zoom, setZoom] = useState<Zoom>('fit');
  const [scale, setScale] = useState(1);
  const stepping = useStepping(shown, flowStore);
  const { seq } = stepping;
  const drawing = useMemo(
    () =>
      sequenceText(shown.flow, shown.events, { level, window: seq === null ? 'newest' : { around: seq } }),
    [shown, level, seq],
  );
  const onRow = (row: number) => {
    const first = drawing.rows[row]?.[0];
    if (first !== undefined) stepping.go(first);
  };
  return (
    // Keys work anywhere in here; each control keeps its own.
    // biome-ignore lint/a11y/noStaticElementInteractions: the arrow keys are a shortcut for the step buttons inside.
    <div className="diagram-tab" onKeyDown={stepping.onKeyDown}>
      <DiagramControls
        level={level}
        onLevel={setLevel}
        scale={scale}
        isFit={zoom === 'fit'}
        onZoom={setZoom}
        stepping={stepping}
        eventCount={shown.events.length}
        text={drawing.text}
      />
      <div className="diagram-body">
        <DiagramFrame
          text={drawing.text}
          rowCount={drawing.rows.length}
          subject={`${shown.flow.id} ${level}`}
          row={seq === null ? null : rowOf(drawing.rows, seq)}
          zoom={zoom}
          isFollowing={seq === null}
          onRow={onRow}
          onKey={stepping.onKey}
          onScale={setScale}
        />
        <EventList
          key={shown.flow.id}
          events={shown.events}
          startedAt={shown.flow.openedAt}
          currentSeq={seq}
          isFollowing={seq === null}
          onChoose={stepping.go}
        />
      </div>
    </div>
  );
}
