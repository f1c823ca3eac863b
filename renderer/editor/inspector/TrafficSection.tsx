import { useMemo } from 'react';
import { useStore } from 'zustand';
import type { TrafficCount } from '../../../main/contract/api';
import { Section } from '../../components/Section';
import { useEditor } from '../EditorContext';
import { trafficFigures } from '../trafficFigures';

/** Rate, errors, latencies, connections and bytes of what is selected, as they are now. */
export function TrafficSection(props: { readonly scope: TrafficCount['scope']; readonly id: string }) {
  const { scope, id } = props;
  const { traffic } = useEditor();
  const readings = useStore(traffic, (state) => state.readings);
  const figures = useMemo(
    () => (readings === null ? null : trafficFigures(readings.before, readings.now, scope, id)),
    [readings, scope, id],
  );
  if (figures === null) return null;
  return (
    <Section title="Traffic now" summary={figures[0]!.value}>
      <dl className="traffic-figures">
        {figures.map(({ label, value }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p className="field-help">Times are those of the last half to whole minute.</p>
    </Section>
  );
}
