import { BaseEdge, type EdgeProps, getBezierPath } from '@xyflow/react';
import { memo, useMemo, useState } from 'react';
import { EdgeLabel } from './EdgeLabel';
import type { LineEdge } from './flowElements';
import { LineFigures } from './LineFigures';

/** A line with what flows along it; all its figures in words while it is pointed at. The inspector has them when it is selected. */
export const LiveLine = memo(function LiveLine(props: EdgeProps<LineEdge>) {
  const { lines, figures } = props.data ?? none;
  const [path, x, y] = getBezierPath(props);
  const [isNear, setNear] = useState(false);
  const label = useMemo(() => (lines.length === 0 ? undefined : <EdgeLabel lines={lines} />), [lines]);
  const isTold = isNear && figures.length > 0;
  return (
    <g onPointerEnter={() => setNear(true)} onPointerLeave={() => setNear(false)}>
      <BaseEdge
        path={path}
        interactionWidth={18}
        label={isTold ? undefined : label}
        labelX={x}
        labelY={y}
        labelBgPadding={[3, 2]}
        labelBgBorderRadius={4}
      />
      {isTold && <LineFigures figures={figures} x={x} y={y} />}
    </g>
  );
});

const none: NonNullable<LineEdge['data']> = { lines: [], figures: [] };
