import { useStore } from 'zustand';
import { useEditor } from '../EditorContext';
import { durationWords } from '../trafficMarks';

/** What flows along a line now, in figures. */
export function LiveFigures({ id }: { readonly id: string }) {
  const { traffic } = useEditor();
  const mark = useStore(traffic, (state) => state.marks.get(id));
  if (mark === undefined) return null;
  const { latency, openConnections } = mark;
  const figures: (readonly [label: string, value: string])[] = [
    ['Rate', mark.rate],
    ['Errors', mark.errors ?? 'none'],
    ...(latency === null
      ? []
      : ([
          ['Half within', durationWords(latency.p50Ms)],
          ['95 % within', durationWords(latency.p95Ms)],
        ] as const)),
    ...(openConnections === null ? [] : ([['Open connections', String(openConnections)]] as const)),
  ];
  return (
    <dl className="live-figures" aria-label="Live traffic">
      {figures.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
