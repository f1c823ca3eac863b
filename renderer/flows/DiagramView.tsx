import { useMemo } from 'react';
import { DiagramFrame, type DiagramPicture } from './DiagramFrame';
import type { Zoom } from './diagramFrame/frameMessages';
import type { DiagramSteps } from './diagramSteps';
import { maxDrawnSteps, textOfSteps, windowOf } from './sequenceText';

export interface DiagramViewProps {
  readonly diagram: DiagramSteps;
  /** What is drawn; a new subject starts at the top. */
  readonly subject: string;
  /** Index of the step to stand on; null = the newest steps, nothing marked. */
  readonly position: number | null;
  readonly zoom: Zoom;
  /** A drawn line was clicked: the index of its step. A line that folds steps gives the nearest of them. */
  readonly onChoose: (step: number) => void;
  readonly onKey: (key: string) => void;
  readonly onScale: (scale: number) => void;
  readonly picture?: { current: DiagramPicture | null };
}

/** One flow as a sequence diagram. Everything about it is decided outside, so two of them can be stepped together. */
export function DiagramView(props: DiagramViewProps) {
  const { diagram, subject, position } = props;
  const { steps } = diagram;
  const range = windowOf(
    steps,
    position === null ? 'newest' : { around: steps[position]?.key ?? 0 },
    maxDrawnSteps,
  );
  const { from, to } = range;
  const drawing = useMemo(() => textOfSteps(diagram, { from, to }), [diagram, from, to]);
  const onRow = (row: number) => {
    const step = from + row - drawing.rowsBefore;
    props.onChoose(Math.min(steps.length - 1, Math.max(0, step)));
  };
  return (
    <DiagramFrame
      text={drawing.text}
      rowCount={drawing.rows.length}
      subject={subject}
      row={position === null ? null : position - from + drawing.rowsBefore}
      zoom={props.zoom}
      isFollowing={position === null}
      onRow={onRow}
      onKey={props.onKey}
      onScale={props.onScale}
      {...(props.picture === undefined ? {} : { picture: props.picture })}
    />
  );
}
