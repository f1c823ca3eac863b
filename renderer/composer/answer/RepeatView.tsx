import type { RepeatSummary } from '../../../main/contract/clientResult';
import { formatMicroseconds } from '../../stores/flowFormat';

/** How a repeated request goes, or went. */
export function RepeatView({
  summary,
  isOver,
}: {
  readonly summary: RepeatSummary;
  readonly isOver: boolean;
}) {
  const { times, answered, failed, latency, statuses, counts, errors } = summary;
  const isBehind = summary.latestStartMs >= 100;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard.
    <section className="answer-text repeat" aria-label="Repeats" tabIndex={0}>
      <div className="repeat-progress">
        <progress aria-label="Repeats" max={times} value={answered + failed} />
        <span className="figure">
          {(answered + failed).toLocaleString('en')} of {times.toLocaleString('en')}
        </span>
      </div>
      <dl className="answer-fields">
        <Fact name="Answered" value={answered.toLocaleString('en')} />
        <Fact name="Failed" value={failed.toLocaleString('en')} />
        <Fact name="A second" value={summary.perSecond.toLocaleString('en', { maximumFractionDigits: 1 })} />
        <Fact name="Connections" value={summary.connections.toLocaleString('en')} />
        <Fact name={isOver ? 'Took' : 'For'} value={formatMicroseconds(summary.elapsedMs * 1000)} />
        {latency !== null && (
          <>
            <Fact name="Half within" value={formatMicroseconds(latency.p50Ms * 1000)} />
            <Fact name="95 % within" value={formatMicroseconds(latency.p95Ms * 1000)} />
            <Fact name="99 % within" value={formatMicroseconds(latency.p99Ms * 1000)} />
            <Fact name="Slowest" value={formatMicroseconds(latency.slowestMs * 1000)} />
          </>
        )}
      </dl>
      {isBehind && (
        <p className="field-help">
          It could not keep up with the rate: a request began up to{' '}
          {formatMicroseconds(summary.latestStartMs * 1000)} later than planned. More at once may help.
        </p>
      )}
      <Counts
        title="Status"
        rows={statuses.map(({ status, count }) => [String(status), count])}
        all={answered}
      />
      <Counts
        title={summary.countedBy}
        rows={counts.map(({ value, count }) => [value === '' ? 'without it' : value, count])}
        all={answered}
      />
      <Counts
        title="Failures"
        rows={errors.map(({ message, count }) => [message, count])}
        all={failed}
        isBad
      />
    </section>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="figure">{value}</dd>
    </div>
  );
}

function Counts(props: {
  readonly title: string;
  readonly rows: readonly (readonly [name: string, count: number])[];
  readonly all: number;
  readonly isBad?: boolean;
}) {
  if (props.rows.length === 0) return null;
  return (
    <>
      <h3 className="answer-part">{props.title}</h3>
      <ul className="repeat-counts">
        {props.rows.map(([name, count]) => (
          <li key={name}>
            <span className="repeat-name">{name}</span>
            <span className="repeat-bar" aria-hidden>
              <span
                className={props.isBad === true ? 'repeat-bar-bad' : ''}
                style={{ width: `${(100 * count) / Math.max(1, props.all)}%` }}
              />
            </span>
            <span className="figure">{count.toLocaleString('en')}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
