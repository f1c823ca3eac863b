import { useMemo } from 'react';
import { EmptyState } from '../components/EmptyState';
import { formatMicroseconds, formatOffset } from '../stores/flowFormat';
import type { ShownFlow } from '../stores/flowState';
import { flowTiming, type TimingPhase } from './flowTiming';
import { Term } from './Term';

const legWords = { downstream: 'client side', proxy: 'inside Hopscope', upstream: 'endpoint side' } as const;

/** Where the time went, phase by phase on one axis. */
export function TimingTab({ shown }: { readonly shown: ShownFlow }) {
  const timing = useMemo(() => flowTiming(shown.flow, shown.events), [shown]);
  const span = Math.max(1, timing.to - timing.from);
  if (timing.phases.length === 0) {
    return (
      <EmptyState title="No times yet">
        <p>Phases show up here as the flow goes through them.</p>
      </EmptyState>
    );
  }
  const share = (at: number) => `${(100 * (at - timing.from)) / span}%`;
  return (
    <div className="tab-scroll">
      <table className="timing">
        <caption className="visually-hidden">Phases of this flow</caption>
        <thead className="timing-head">
          <tr>
            <th scope="col">Phase</th>
            <th scope="col">
              <Term id="offset">Begins</Term>
            </th>
            <th scope="col">Takes</th>
            <th scope="col" className="timing-axis">
              <span>0</span>
              <span>{formatMicroseconds(span / 2)}</span>
              <span>{formatMicroseconds(span)}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {timing.phases.map((phase) => (
            <tr key={`${phase.term} ${phase.from}`}>
              <th scope="row">
                <Term id={phase.term}>{phase.label}</Term>
              </th>
              <td className="figure">{formatOffset(phase.from - shown.flow.openedAt)}</td>
              <td className="figure">{took(phase)}</td>
              <td className="timing-lane">
                <span
                  className={`timing-bar timing-${phase.leg}`}
                  style={{ left: share(phase.from), width: barWidth(phase, timing.to, span) }}
                  title={`${phase.label}, ${legWords[phase.leg]}: ${took(phase)}`}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <ul className="timing-legend">
        {(['downstream', 'proxy', 'upstream'] as const).map((leg) => (
          <li key={leg}>
            <i className={`timing-bar timing-${leg}`} aria-hidden /> {legWords[leg]}
          </li>
        ))}
      </ul>
    </div>
  );
}

function took(phase: TimingPhase): string {
  return phase.to === null ? 'goes on' : formatMicroseconds(phase.to - phase.from);
}

function barWidth(phase: TimingPhase, end: number, span: number): string {
  return `max(2px, ${(100 * ((phase.to ?? end) - phase.from)) / span}%)`;
}
