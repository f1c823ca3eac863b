import { EdgeLabelRenderer } from '@xyflow/react';
import type { Figure } from '../lineLabel';

/** All figures of a line in words, over everything else. `x` and `y`: its middle, on the canvas. */
export function LineFigures(props: {
  readonly figures: readonly Figure[];
  readonly x: number;
  readonly y: number;
}) {
  return (
    <EdgeLabelRenderer>
      <dl
        className="line-figures"
        style={{ transform: `translate(-50%, -50%) translate(${props.x}px, ${props.y}px)` }}
      >
        {props.figures.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </EdgeLabelRenderer>
  );
}
