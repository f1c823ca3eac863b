import type { NodeProps } from '@xyflow/react';
import { memo } from 'react';
import type { MarkNode } from './flowElements';

/** A sticky text. It is edited in the inspector, so that the keys of the canvas stay the canvas's. */
export const NoteCard = memo(function NoteCard({ data: { mark }, selected }: NodeProps<MarkNode>) {
  return (
    <div className={`note-card ${selected ? 'note-selected' : ''}`}>
      {mark.text === '' ? <em>An empty note</em> : mark.text}
    </div>
  );
});
