import { FoldVertical, Settings2, UnfoldVertical } from 'lucide-react';
import { useContext } from 'react';
import type { Flow } from '../../main/contract/flow';
import type { FlowEvent } from '../../main/contract/flowEvent';
import { Button } from '../components/Button';
import { formatBytes, formatOffset } from '../stores/flowFormat';
import { type ConfigPlace, configPlacesOfAll } from './configPlaces';
import { describeEvent } from './describeEvent';
import { IsViewer } from './isViewer';
import type { Step } from './stepBuilder';

/** The step that the user stands on: what it was, its bytes, and the line of the configuration behind it. */
export function StepPanel(props: {
  readonly step: Step;
  /** Of a comparison. */
  readonly side?: 'A' | 'B';
  readonly flow: Flow;
  /** Where the picture's clock begins. */
  readonly startedAt: number;
  readonly events: readonly FlowEvent[];
  readonly isUnfolded: boolean;
  /** The fold to open; null = close all. */
  readonly onFold: (key: number | null) => void;
  readonly onOpenPlace: (place: ConfigPlace) => void;
}) {
  const { step, flow } = props;
  const isViewer = useContext(IsViewer);
  const events = props.events.filter((event) => step.seqs.includes(event.seq));
  const places = configPlacesOfAll(events, flow);
  const first = events[0];
  const { fold } = step;
  return (
    <section
      className="step-panel"
      aria-label={props.side === undefined ? 'This step' : `This step of ${props.side}`}
      aria-live="polite"
    >
      <p className="step-title">
        <span className="step-offset">{formatOffset(step.at - props.startedAt)}</span>
        {first === undefined ? step.lines.join(' ') : describeEvent(first)}
      </p>
      {step.isInferred && (
        <p className="muted">Inferred: no event says exactly this; it follows from what was recorded.</p>
      )}
      <p className="muted">{bytesOf(events)}</p>
      <div className="step-actions">
        {places.map((place) => (
          <Button
            key={place.label}
            size="small"
            icon={<Settings2 size={13} aria-hidden />}
            title={`Caused by this part of the workspace${isViewer ? ', which is not open here' : ': open it'}`}
            disabled={isViewer}
            onClick={() => props.onOpenPlace(place)}
          >
            {place.label}
          </Button>
        ))}
        {fold !== null && (
          <Button
            size="small"
            icon={<UnfoldVertical size={13} aria-hidden />}
            onClick={() => props.onFold(fold.key)}
          >
            Unfold {fold.chunks} chunks
          </Button>
        )}
        {fold === null && props.isUnfolded && (
          <Button
            size="small"
            icon={<FoldVertical size={13} aria-hidden />}
            onClick={() => props.onFold(null)}
          >
            Fold again
          </Button>
        )}
      </div>
    </section>
  );
}

function bytesOf(events: readonly FlowEvent[]): string {
  const sizes = events.flatMap((event) => (event.kind === 'chunk' ? [event.bytes] : []));
  if (sizes.length === 0) return events.length === 1 ? 'one event' : `${events.length} events`;
  const total = sizes.reduce((sum, bytes) => sum + bytes, 0);
  if (sizes.length === 1) return `${total.toLocaleString('en')} bytes in one chunk`;
  const least = Math.min(...sizes);
  const most = Math.max(...sizes);
  const spread =
    least === most ? `each ${formatBytes(least)}` : `${formatBytes(least)} to ${formatBytes(most)} each`;
  return `${total.toLocaleString('en')} bytes in ${sizes.length} chunks, ${spread}`;
}
