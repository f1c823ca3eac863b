import {
  ChevronLeft,
  ChevronRight,
  ChevronsLeft,
  ChevronsRight,
  Minus,
  Pause,
  Play,
  Plus,
  Radio,
} from 'lucide-react';
import type { Flow } from '../../main/contract/flow';
import { Button, IconButton } from '../components/Button';
import { counted, formatOffset } from '../stores/flowFormat';
import { CopyDiagramMenu, mermaidOf, svgOf } from './CopyDiagramMenu';
import type { DiagramPicture } from './DiagramFrame';
import type { Zoom } from './diagramFrame/frameMessages';
import type { DiagramLevel, DiagramSteps } from './diagramSteps';
import { paces } from './playback';
import { maxDrawnSteps } from './sequenceText';
import type { Stepping } from './useStepping';
import { zoomedBy } from './zoom';

const levels: readonly { readonly id: DiagramLevel; readonly label: string; readonly title: string }[] = [
  { id: 'chunks', label: 'Chunks', title: 'Every read from and write to a socket' },
  { id: 'messages', label: 'Messages', title: 'Heads and bodies' },
  { id: 'decisions', label: 'Decisions', title: 'Routes, filters, picks, retries' },
];

export interface DiagramControlsProps {
  readonly level: DiagramLevel;
  readonly onLevel: (level: DiagramLevel) => void;
  readonly scale: number;
  readonly isFit: boolean;
  readonly onZoom: (zoom: Zoom) => void;
  readonly stepping: Stepping;
  readonly pace: (typeof paces)[number];
  readonly onPace: (pace: (typeof paces)[number]) => void;
  readonly diagram: DiagramSteps;
  readonly flow: Flow;
  readonly picture: { current: DiagramPicture | null };
}

export function DiagramControls(props: DiagramControlsProps) {
  return (
    <div className="diagram-controls">
      <LevelChoice level={props.level} onLevel={props.onLevel} />
      <StepControls {...props} />
      <span className="flows-toolbar-space" />
      <ZoomControls {...props} />
      <CopyDiagramMenu
        name={`hopscope-flow-${props.flow.id}-${props.level}`}
        text={mermaidOf(props.diagram)}
        svg={() => svgOf(props.picture)}
      />
    </div>
  );
}

export function LevelChoice(props: {
  readonly level: DiagramLevel;
  readonly onLevel: (level: DiagramLevel) => void;
}) {
  return (
    <fieldset className="segmented">
      <legend className="visually-hidden">What the diagram shows</legend>
      {levels.map(({ id, label, title }) => (
        <button
          key={id}
          type="button"
          className={id === props.level ? 'segment segment-on' : 'segment'}
          aria-pressed={id === props.level}
          title={title}
          onClick={() => props.onLevel(id)}
        >
          {label}
        </button>
      ))}
    </fieldset>
  );
}

function StepControls({ stepping, diagram: { steps }, flow, pace, onPace }: DiagramControlsProps) {
  const { position } = stepping;
  const step = position === null ? undefined : steps[position];
  const shown = position === null ? counted(steps.length, 'step') : `${position + 1} of ${steps.length}`;
  const time = step === undefined ? '' : ` ${formatOffset(step.at - flow.openedAt)}`;
  const pages = steps.length > maxDrawnSteps;
  return (
    <div className="control-group step-controls">
      {pages && (
        <IconButton
          label="A page back"
          size="small"
          icon={<ChevronsLeft size={15} aria-hidden />}
          onClick={() => stepping.stepBy(-maxDrawnSteps)}
        />
      )}
      <StepButtons stepping={stepping} />
      {pages && (
        <IconButton
          label="A page on"
          size="small"
          icon={<ChevronsRight size={15} aria-hidden />}
          onClick={() => stepping.stepBy(maxDrawnSteps)}
        />
      )}
      <ScrubAndPace
        stepping={stepping}
        count={steps.length}
        shown={shown}
        time={time}
        pace={pace}
        onPace={onPace}
      />
      <IconButton
        label="Back to the newest (Esc)"
        size="small"
        icon={<Radio size={14} aria-hidden />}
        disabled={position === null}
        onClick={stepping.leave}
      />
    </div>
  );
}

/** One step back, play or stop, one step on. `isBoth` = of two diagrams. */
export function StepButtons({
  stepping,
  isBoth = false,
}: {
  readonly stepping: Stepping;
  readonly isBoth?: boolean;
}) {
  const { isPlaying } = stepping;
  const step = isBoth ? 'Step both' : 'Step';
  return (
    <>
      <IconButton
        label={`${step} back (←)`}
        size="small"
        icon={<ChevronLeft size={15} aria-hidden />}
        onClick={() => stepping.stepBy(-1)}
      />
      <IconButton
        label={isPlaying ? 'Stop playing (S)' : isBoth ? 'Play both (S)' : 'Play (S)'}
        size="small"
        icon={isPlaying ? <Pause size={14} aria-hidden /> : <Play size={14} aria-hidden />}
        onClick={() => stepping.setPlaying(!isPlaying)}
      />
      <IconButton
        label={`${step} forward (→)`}
        size="small"
        icon={<ChevronRight size={15} aria-hidden />}
        onClick={() => stepping.stepBy(1)}
      />
    </>
  );
}

/** The way to any step at once, where one stands, and how fast it plays. */
export function ScrubAndPace(props: {
  readonly stepping: Stepping;
  readonly count: number;
  /** "3 of 17". */
  readonly shown: string;
  readonly time: string;
  readonly pace: (typeof paces)[number];
  readonly onPace: (pace: (typeof paces)[number]) => void;
}) {
  const { stepping, count, shown, time, pace, onPace } = props;
  const { position } = stepping;
  return (
    <>
      <input
        type="range"
        className="scrub"
        aria-label="Step"
        min={0}
        max={Math.max(0, count - 1)}
        value={position ?? Math.max(0, count - 1)}
        aria-valuetext={`${shown}${time}`}
        onChange={(event) => stepping.go(Number(event.target.value))}
      />
      <span className="diagram-position" role="status">
        {shown}
      </span>
      <select
        className="pace"
        aria-label="Pace of playing"
        title="Pace of playing"
        value={pace.id}
        onChange={(event) => onPace(paces.find(({ id }) => id === event.target.value) ?? pace)}
      >
        {paces.map(({ id, label }) => (
          <option key={id} value={id}>
            {label}
          </option>
        ))}
      </select>
    </>
  );
}

export function ZoomControls(props: {
  readonly scale: number;
  readonly isFit: boolean;
  readonly onZoom: (zoom: Zoom) => void;
}) {
  const { scale, isFit, onZoom } = props;
  return (
    <div className="control-group">
      <IconButton
        label="Smaller"
        size="small"
        icon={<Minus size={14} aria-hidden />}
        onClick={() => onZoom(zoomedBy(scale, -1))}
      />
      <Button size="small" variant="ghost" title="Show at 100 %" onClick={() => onZoom(1)}>
        {Math.round(scale * 100)} %
      </Button>
      <IconButton
        label="Larger"
        size="small"
        icon={<Plus size={14} aria-hidden />}
        onClick={() => onZoom(zoomedBy(scale, 1))}
      />
      <Button size="small" variant="ghost" aria-pressed={isFit} onClick={() => onZoom('fit')}>
        Fit
      </Button>
    </div>
  );
}
