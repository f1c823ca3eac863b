import type { LabelLine } from '../lineLabel';

const lineHeight = 1.15;

/** Short lines, one below the other, in the gap between two nodes. */
export function EdgeLabel({ lines }: { readonly lines: readonly LabelLine[] }) {
  return lines.map(({ text, tone }, index) => (
    <tspan
      key={tone + text}
      className={`edge-label-${tone}`}
      x="0"
      dy={index === 0 ? `${0.25 - ((lines.length - 1) * lineHeight) / 2}em` : `${lineHeight}em`}
    >
      {text}
    </tspan>
  ));
}
