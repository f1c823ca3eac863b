import { Pin } from 'lucide-react';
import { memo } from 'react';
import type { Flow } from '../../main/contract/flow';
import { flowRow } from '../stores/flowRow';
import type { MarkColor } from '../stores/flowState';
import type { FlowColumn } from './flowColumns';

/** Pixels. */
export const rowHeight = 28;

interface FlowListRowProps {
  readonly flow: Flow;
  readonly columns: readonly FlowColumn[];
  readonly isShown: boolean;
  readonly isPinned: boolean;
  readonly mark: MarkColor | null;
  /** Its place in the comparison. */
  readonly side: 'A' | 'B' | null;
  readonly onChoose: (flowId: number) => void;
}

export const FlowListRow = memo(function FlowListRow(props: FlowListRowProps) {
  const { flow, isShown, isPinned, mark } = props;
  const row = flowRow(flow);
  return (
    // The list itself has the focus and the keys; rows are options that can be clicked.
    // biome-ignore lint/a11y/useFocusableInteractive: the listbox manages focus by aria-activedescendant.
    // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox handles the keys for all of its options.
    <div
      id={`flow-${row.id}`}
      data-flow={row.id}
      role="option"
      aria-selected={isShown}
      className={`flow-row ${isShown ? 'flow-row-shown' : ''} ${isPinned ? 'flow-row-pinned' : ''}`}
      style={{ height: rowHeight }}
      onClick={() => props.onChoose(row.id)}
    >
      <span className="flow-mark">
        {props.side !== null && <b title={`${props.side} of the comparison`}>{props.side}</b>}
        {isPinned && <Pin size={11} aria-label="pinned" />}
        {mark !== null && <i className={`mark mark-${mark}`} role="img" aria-label={`marked ${mark}`} />}
      </span>
      {props.columns.map((column) => {
        const text = column.text(row);
        return (
          <span
            key={column.id}
            className={`flow-cell flow-cell-${column.id} ${column.isFigure === true ? 'flow-cell-figure' : ''}`}
            style={{ width: column.width }}
          >
            {column.id === 'result' ? (
              <span className={`flow-result flow-result-${row.tone}`}>{text}</span>
            ) : (
              text
            )}
          </span>
        );
      })}
    </div>
  );
});
