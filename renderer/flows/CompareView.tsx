import { ChevronLeft, ChevronRight, Pause, Play, X } from 'lucide-react';
import { useMemo, useState } from 'react';
import { IconButton } from '../components/Button';
import { counted, formatOffset } from '../stores/flowFormat';
import { flowRow } from '../stores/flowRow';
import type { ShownFlow } from '../stores/flowState';
import { compareFigures, type FigureCell } from './compareFigures';
import type { ConfigPlace } from './configPlaces';
import { ScrubAndPace } from './DiagramControls';
import { DiagramView } from './DiagramView';
import { type DiagramLevel, type DiagramSteps, diagramSteps } from './diagramSteps';
import { lockstepOf, placeAt } from './lockstep';
import { paces } from './playback';
import { StepPanel } from './StepPanel';
import { inferredMark } from './sequenceText';
import { type Stepping, useStepping } from './useStepping';

const levels: readonly DiagramLevel[] = ['chunks', 'messages', 'decisions'];
const nothing = () => undefined;

/** Two flows on one time axis, stepped together, and what differs in figures. */
export function CompareView(props: {
  readonly a: ShownFlow;
  readonly b: ShownFlow;
  readonly onOpenPlace: (place: ConfigPlace) => void;
  readonly onClose: () => void;
}) {
  const { a, b, onOpenPlace } = props;
  const [level, setLevel] = useState<DiagramLevel>('messages');
  const [pace, setPace] = useState(paces[1]!);
  const first = useMemo(() => diagramSteps(a.flow, a.events, { level }), [a, level]);
  const second = useMemo(() => diagramSteps(b.flow, b.events, { level }), [b, level]);
  const moments = useMemo(
    () =>
      lockstepOf([
        { flow: a.flow, steps: first.steps },
        { flow: b.flow, steps: second.steps },
      ]),
    [a.flow, b.flow, first, second],
  );
  const subject = `${a.flow.id} ${b.flow.id}`;
  const stepping = useStepping(subject, moments, pace.pace, nothing);
  const moment = stepping.position === null ? undefined : moments[stepping.position];
  const side = (name: 'A' | 'B', shown: ShownFlow, diagram: DiagramSteps) => {
    const { flow } = shown;
    const place = { flow, steps: diagram.steps };
    return (
      <section className="compare-side" aria-label={`Flow ${name}`}>
        <h3>
          <b>{name}</b> {flowRow(flow).result} {flowRow(flow).method} {flowRow(flow).subject}
          <span className="muted"> · {flow.listener}</span>
        </h3>
        <DiagramView
          diagram={diagram}
          subject={`${subject} ${name} ${level}`}
          position={moment === undefined ? null : placeAt(place, moment)}
          zoom="fit"
          onChoose={(index) =>
            stepping.go(moments.findIndex((other) => other.key === diagram.steps[index]?.key))
          }
          onKey={stepping.onKey}
          onScale={nothing}
        />
        {moment !== undefined && (
          <StepPanel
            step={diagram.steps[placeAt(place, moment)]!}
            flow={flow}
            startedAt={flow.openedAt}
            events={shown.events}
            isUnfolded={false}
            onFold={nothing}
            onOpenPlace={onOpenPlace}
          />
        )}
      </section>
    );
  };
  return (
    <section className="flow-detail compare" aria-label="Comparison">
      <header className="compare-head">
        <h2>Compare</h2>
        <select
          className="pace"
          aria-label="Level"
          value={level}
          onChange={(event) => setLevel(event.target.value as DiagramLevel)}
        >
          {levels.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        <LockstepControls
          stepping={stepping}
          count={moments.length}
          at={moment?.at ?? null}
          pace={pace}
          onPace={setPace}
        />
        <span className="flows-toolbar-space" />
        <IconButton
          label="End the comparison (Esc)"
          size="small"
          icon={<X size={14} aria-hidden />}
          onClick={props.onClose}
        />
      </header>
      <div className="compare-sides">
        {side('A', a, first)}
        {side('B', b, second)}
      </div>
      <CompareTable a={a} b={b} />
    </section>
  );
}

function LockstepControls(props: {
  readonly stepping: Stepping;
  readonly count: number;
  /** Microseconds since each flow was opened; null = live. */
  readonly at: number | null;
  readonly pace: (typeof paces)[number];
  readonly onPace: (pace: (typeof paces)[number]) => void;
}) {
  const { stepping, count, at, pace, onPace } = props;
  const { position, isPlaying } = stepping;
  return (
    <div className="control-group">
      <IconButton
        label="Step both back (←)"
        size="small"
        icon={<ChevronLeft size={15} aria-hidden />}
        onClick={() => stepping.stepBy(-1)}
      />
      <IconButton
        label={isPlaying ? 'Stop playing (S)' : 'Play both (S)'}
        size="small"
        icon={isPlaying ? <Pause size={14} aria-hidden /> : <Play size={14} aria-hidden />}
        onClick={() => stepping.setPlaying(!isPlaying)}
      />
      <IconButton
        label="Step both forward (→)"
        size="small"
        icon={<ChevronRight size={15} aria-hidden />}
        onClick={() => stepping.stepBy(1)}
      />
      <ScrubAndPace
        stepping={stepping}
        count={count}
        shown={position === null ? counted(count, 'step') : `${position + 1} of ${count}`}
        time={at === null ? '' : ` ${formatOffset(at)}`}
        pace={pace}
        onPace={onPace}
      />
    </div>
  );
}

function CompareTable({ a, b }: { readonly a: ShownFlow; readonly b: ShownFlow }) {
  const figures = useMemo(() => compareFigures(a, b), [a, b]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <section className="compare-figures" aria-label="Figures" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">From the events</th>
            <th scope="col">A</th>
            <th scope="col">B</th>
          </tr>
        </thead>
        <tbody>
          {figures.map((figure) => (
            <tr key={figure.label} className={figure.isSame ? 'compare-same' : 'compare-differs'}>
              <th scope="row">{figure.label}</th>
              <FigureText cell={figure.a} />
              <FigureText cell={figure.b} />
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Marked as the diagrams mark it. */
function FigureText({ cell }: { readonly cell: FigureCell }) {
  return (
    <td>
      {cell.isInferred && (
        <span
          className="compare-inferred"
          title="No event says exactly this; it follows from what was recorded"
        >
          {inferredMark}
        </span>
      )}
      {cell.text}
    </td>
  );
}
