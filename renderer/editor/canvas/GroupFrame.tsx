import type { NodeProps } from '@xyflow/react';
import { memo } from 'react';
import type { MarkNode } from './flowElements';

/** A named frame around nodes; dragging it moves them all. */
export const GroupFrame = memo(function GroupFrame({
  data: { mark, isDropPlace },
  selected,
}: NodeProps<MarkNode>) {
  return (
    <div className={`group-frame ${selected ? 'group-selected' : ''} ${isDropPlace ? 'is-drop-place' : ''}`}>
      <span className="group-name">{mark.text}</span>
    </div>
  );
});
