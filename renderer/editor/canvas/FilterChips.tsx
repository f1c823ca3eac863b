import { useStore } from '@xyflow/react';
import { useEditor } from '../EditorContext';
import { moveItem } from '../filterTexts';
import type { FilterChip } from '../nodeFaces';
import { useReorder } from '../useReorder';

/** Of the card's row, in pixels; what does not fit becomes a number. */
const rowWidth = 196;
const restWidth = 30;
/** Below it chips are too small to be hit; the form has the same. */
const leastZoom = 0.75;

/** The filters of a route on its card, in order; dragging a chip, or Alt with an arrow, changes the order. */
export function FilterChips(props: {
  readonly route: string;
  readonly chips: readonly FilterChip[];
  readonly isSelected: boolean;
}) {
  const { config, ui, focusForm } = useEditor();
  const isReachable = useStore((state) => state.transform[2] >= leastZoom) && props.isSelected;
  const { route, chips } = props;
  const filters = () => {
    const found = config.getState().draft.document.routes?.find((item) => item.id === route);
    return found?.kind === 'http' ? (found.filters ?? []) : [];
  };
  const reorder = useReorder({
    scope: `filters of ${route}`,
    count: chips.length,
    words: (index) => `filter ${chips[index]?.summary ?? ''}`,
    onMove: (from, to) =>
      config.edit({ type: 'updateRoute', id: route, patch: { filters: moveItem(filters(), from, to) } }),
  });
  const shown = chips.slice(0, fittingChips(chips));
  const open = (index: number) => {
    ui.select(`route:${route}`);
    focusForm(`filters.${index}`);
  };
  return (
    <div className="node-chips nodrag nopan" data-order-list>
      {shown.map((chip, index) => (
        <button
          // biome-ignore lint/suspicious/noArrayIndexKey: a filter has no id; its place in the list is its name.
          key={index}
          type="button"
          tabIndex={isReachable ? 0 : -1}
          title={`${index + 1}. ${chip.summary}`}
          aria-label={`Filter ${index + 1} of ${chips.length}: ${chip.summary}`}
          {...reorder.dragOf(index)}
          {...reorder.dropOf(index)}
          onClick={(event) => {
            event.stopPropagation();
            open(index);
          }}
        >
          {chip.text}
        </button>
      ))}
      {shown.length < chips.length && (
        <button
          type="button"
          tabIndex={isReachable ? 0 : -1}
          aria-label={`${chips.length - shown.length} more filters`}
          title={chips
            .slice(shown.length)
            .map((chip) => chip.summary)
            .join('\n')}
          onClick={(event) => {
            event.stopPropagation();
            open(shown.length);
          }}
        >
          +{chips.length - shown.length}
        </button>
      )}
    </div>
  );
}

/** How many chips fit in one row, by the length of their words; at least one. */
export function fittingChips(chips: readonly FilterChip[]): number {
  let used = 0;
  for (const [index, chip] of chips.entries()) {
    used += 18 + Math.min(15, chip.text.length) * 6.1;
    const isLast = index === chips.length - 1;
    if (used > rowWidth - (isLast ? 0 : restWidth)) return Math.max(1, index);
  }
  return chips.length;
}
