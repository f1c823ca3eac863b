import { inferredMark } from '../sequenceText';
import type { ComparedFigure, FigureCell } from './compareFigures';

/** What differs in figures; what is the same stands back. */
export function CompareTable({ figures }: { readonly figures: readonly ComparedFigure[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <section className="compare-figures" aria-label="Figures" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">From the events</th>
            <th scope="col">A</th>
            <th scope="col">B</th>
          </tr>
        </thead>
        <tbody>
          {figures.map((figure) => (
            <tr key={figure.label} className={figure.isSame ? 'compare-same' : 'compare-differs'}>
              <th scope="row">{figure.label}</th>
              <FigureText cell={figure.a} />
              <FigureText cell={figure.b} />
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Marked as the diagrams mark it. */
function FigureText({ cell }: { readonly cell: FigureCell }) {
  return (
    <td>
      {cell.isInferred && (
        <span
          className="compare-inferred"
          title="No event says exactly this; it follows from what was recorded"
        >
          {inferredMark}
        </span>
      )}
      {cell.text}
    </td>
  );
}
