import { List, Split, X } from 'lucide-react';
import { Button, IconButton } from '../../components/Button';
import { counted, formatOffset } from '../../stores/flowFormat';
import { CopyDiagramMenu, type CopyDiagramProps } from '../CopyDiagramMenu';
import { LevelChoice, ScrubAndPace, StepButtons, ZoomControls } from '../DiagramControls';
import type { Zoom } from '../diagramFrame/frameMessages';
import type { DiagramLevel } from '../diagramSteps';
import type { paces } from '../playback';
import type { Stepping } from '../useStepping';

export interface CompareHeadProps {
  readonly level: DiagramLevel;
  readonly onLevel: (level: DiagramLevel) => void;
  readonly stepping: Stepping;
  readonly count: number;
  /** Microseconds since each flow was opened; null = live. */
  readonly at: number | null;
  readonly pace: (typeof paces)[number];
  readonly onPace: (pace: (typeof paces)[number]) => void;
  readonly scale: number;
  readonly zoom: Zoom;
  readonly onZoom: (zoom: Zoom) => void;
  readonly copy: CopyDiagramProps;
  readonly hasList: boolean;
  readonly onList: (hasList: boolean) => void;
  /** null = nothing can be sent: these flows are from a file. */
  readonly onSendBoth: (() => void) | null;
  readonly onClose: () => void;
}

/** One row over both diagrams: what they show, where they stand, and the ways out. */
export function CompareHead(props: CompareHeadProps) {
  const { hasList, onSendBoth, zoom } = props;
  return (
    <header className="compare-head">
      <h2>Compare</h2>
      <LevelChoice level={props.level} onLevel={props.onLevel} />
      <LockstepControls {...props} />
      <span className="flows-toolbar-space" />
      <ZoomControls scale={props.scale} isFit={zoom === 'fit'} onZoom={props.onZoom} />
      <CopyDiagramMenu {...props.copy} />
      {onSendBoth !== null && (
        <Button
          size="small"
          icon={<Split size={14} aria-hidden />}
          aria-label="Send through both…"
          title="Send through both: the same bytes two ways, side by side"
          onClick={onSendBoth}
        >
          <span className="compare-head-detail">Send through both…</span>
        </Button>
      )}
      <Button
        size="small"
        className="button-icon"
        icon={<List size={14} aria-hidden />}
        aria-label="Show the list of flows"
        title="Show the list of flows"
        aria-pressed={hasList}
        onClick={() => props.onList(!hasList)}
      />
      <IconButton
        label="End the comparison (Esc)"
        size="small"
        icon={<X size={14} aria-hidden />}
        onClick={props.onClose}
      />
    </header>
  );
}

function LockstepControls({ stepping, count, at, pace, onPace }: CompareHeadProps) {
  const { position } = stepping;
  const time = at === null ? '' : formatOffset(at);
  return (
    <div className="control-group">
      <StepButtons stepping={stepping} isBoth />
      <ScrubAndPace
        stepping={stepping}
        count={count}
        shown={position === null ? counted(count, 'step') : `${position + 1} of ${count}`}
        time={` ${time}`}
        pace={pace}
        onPace={onPace}
      />
      <span className="compare-time" title="Time since each flow began">
        {time}
      </span>
    </div>
  );
}
