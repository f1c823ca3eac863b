import { ChevronLeft, ChevronRight, Minus, Plus, Radio } from 'lucide-react';
import { Button, IconButton } from '../components/Button';
import { CopyButton } from '../components/CopyButton';
import { counted } from '../stores/flowFormat';
import type { Zoom } from './diagramFrame/frameMessages';
import type { DiagramLevel } from './diagramSteps';
import type { Stepping } from './useStepping';
import { zoomedBy } from './zoom';

const levels: readonly { readonly id: DiagramLevel; readonly label: string }[] = [
  { id: 'chunks', label: 'Chunks' },
  { id: 'messages', label: 'Messages' },
  { id: 'decisions', label: 'Decisions' },
];

export function DiagramControls(props: {
  readonly level: DiagramLevel;
  readonly onLevel: (level: DiagramLevel) => void;
  readonly scale: number;
  readonly isFit: boolean;
  readonly onZoom: (zoom: Zoom) => void;
  readonly stepping: Stepping;
  readonly eventCount: number;
  readonly text: string;
}) {
  const { stepping } = props;
  return (
    <div className="diagram-controls">
      <fieldset className="segmented">
        <legend className="visually-hidden">What the diagram shows</legend>
        {levels.map(({ id, label }) => (
          <label key={id} className={id === props.level ? 'segment segment-on' : 'segment'}>
            <input
              type="radio"
              name="diagram-level"
              checked={id === props.level}
              onChange={() => props.onLevel(id)}
            />
            {label}
          </label>
        ))}
      </fieldset>
      <div className="control-group">
        <IconButton
          label="Step back (←)"
          size="small"
          icon={<ChevronLeft size={15} aria-hidden />}
          onClick={() => stepping.stepBy(-1)}
        />
        <span className="diagram-position" role="status">
          {stepping.index === -1
            ? counted(props.eventCount, 'event')
            : `${stepping.index + 1} of ${props.eventCount}`}
        </span>
        <IconButton
          label="Step forward (→)"
          size="small"
          icon={<ChevronRight size={15} aria-hidden />}
          onClick={() => stepping.stepBy(1)}
        />
        {stepping.seq !== null && (
          <Button size="small" icon={<Radio size={13} aria-hidden />} onClick={stepping.leave}>
            Live
          </Button>
        )}
      </div>
      <span className="flows-toolbar-space" />
      <div className="control-group">
        <IconButton
          label="Smaller"
          size="small"
          icon={<Minus size={14} aria-hidden />}
          onClick={() => props.onZoom(zoomedBy(props.scale, -1))}
        />
        <Button size="small" variant="ghost" title="Show at 100 %" onClick={() => props.onZoom(1)}>
          {Math.round(props.scale * 100)} %
        </Button>
        <IconButton
          label="Larger"
          size="small"
          icon={<Plus size={14} aria-hidden />}
          onClick={() => props.onZoom(zoomedBy(props.scale, 1))}
        />
        <Button size="small" variant="ghost" aria-pressed={props.isFit} onClick={() => props.onZoom('fit')}>
          Fit
        </Button>
      </div>
      <CopyButton text={props.text} label="Copy as Mermaid" isIconOnly />
    </div>
  );
}
