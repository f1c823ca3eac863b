import { useMemo } from 'react';
import { maskedValue } from '../../main/contract/flowEvent';
import { EmptyState } from '../components/EmptyState';
import type { ShownFlow } from '../stores/flowState';
import { type HeaderComparison, type HeaderLine, headerComparisons } from './headerDiff';
import { Term } from './Term';

export function HeadersTab({ shown }: { readonly shown: ShownFlow }) {
  const comparisons = useMemo(() => headerComparisons(shown.events), [shown]);
  if (comparisons.length === 0) {
    return (
      <EmptyState title="No headers">
        <p>
          {shown.flow.kind === 'http'
            ? 'No complete head came so far.'
            : 'Hopscope relays these bytes without reading them, so there are no headers to show.'}
        </p>
      </EmptyState>
    );
  }
  return (
    <div className="tab-scroll">
      {isMasked(comparisons) && (
        <p className="muted">
          <Term id="masked">Values of secret headers are masked</Term>
        </p>
      )}
      {comparisons.map((comparison) => (
        <HeaderTable key={comparison.title} comparison={comparison} />
      ))}
    </div>
  );
}

function HeaderTable({ comparison }: { readonly comparison: HeaderComparison }) {
  const changed = comparison.lines.filter((line) => line.change !== 'same').length;
  return (
    <section className="header-section">
      <h3>
        {comparison.title} <span className="muted">{changed === 0 ? 'unchanged' : `${changed} changed`}</span>
      </h3>
      <table className="header-table">
        <thead>
          <tr>
            <th scope="col">Header</th>
            <th scope="col">{comparison.cameFrom}</th>
            <th scope="col">{comparison.sentTo}</th>
          </tr>
        </thead>
        <tbody>
          <tr className={comparison.startLineBefore === comparison.startLineAfter ? '' : 'header-changed'}>
            <th scope="row">first line</th>
            <td>{comparison.startLineBefore ?? <Absent />}</td>
            <td>{comparison.startLineAfter ?? <Absent />}</td>
          </tr>
          {comparison.lines.map((line, index) => (
            // A header may come several times, so its place is part of its name.
            // biome-ignore lint/suspicious/noArrayIndexKey: lines never move within one comparison.
            <HeaderRow key={`${index} ${line.name}`} line={line} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function isMasked(comparisons: readonly HeaderComparison[]): boolean {
  return comparisons.some(({ lines }) =>
    lines.some((line) => (line.before ?? line.after)?.includes(maskedValue)),
  );
}

const changeWords = { same: '', changed: 'changed', added: 'added', removed: 'removed' } as const;

function HeaderRow({ line }: { readonly line: HeaderLine }) {
  return (
    <tr className={`header-${line.change}`}>
      <th scope="row">
        {line.name}
        {line.change !== 'same' && (
          <span className="header-mark">
            {changeWords[line.change]}
            {line.by.length > 0 && ` by ${line.by.join(', then ')}`}
          </span>
        )}
      </th>
      <td>{line.before ?? <Absent />}</td>
      <td>{line.after ?? <Absent />}</td>
    </tr>
  );
}

function Absent() {
  return <span className="muted">—</span>;
}
