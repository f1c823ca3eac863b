import { GitMerge } from 'lucide-react';
import { useMemo } from 'react';
import type { FlowEvent, FlowEventOf } from '../../main/contract/flowEvent';
import { Button } from '../components/Button';
import { counted, formatAddress, formatBytes, formatMicroseconds, formatOffset } from '../stores/flowFormat';
import { flowRow } from '../stores/flowRow';
import type { FlowStore, ShownFlow } from '../stores/flowState';
import { mostDrawnFlows } from './connectionPicture';
import { Term } from './Term';

/** The TCP connections of this flow on both sides, and what else they carried. */
export function ConnectionTab({
  shown,
  flowStore,
  onDrawAll,
}: {
  readonly shown: ShownFlow;
  readonly flowStore: FlowStore;
  /** Draws all flows of the client's connection in one picture. */
  readonly onDrawAll: () => void;
}) {
  const { flow, events } = shown;
  const upstream = flow.upstreamConnectionIds.filter((id) => id !== 0);
  return (
    <div className="tab-scroll connections">
      {flow.downstreamConnectionId !== 0 && (
        <Connection
          id={flow.downstreamConnectionId}
          leg="downstream"
          {...{ shown, events, flowStore, onDrawAll }}
        />
      )}
      {upstream.map((id) => (
        <Connection key={id} id={id} leg="upstream" {...{ shown, events, flowStore }} />
      ))}
      {upstream.length === 0 && <p className="muted">No connection to an endpoint was used.</p>}
    </div>
  );
}

function Connection(props: {
  readonly id: number;
  readonly leg: 'downstream' | 'upstream';
  readonly shown: ShownFlow;
  readonly events: readonly FlowEvent[];
  readonly flowStore: FlowStore;
  readonly onDrawAll?: () => void;
}) {
  const { id, leg, shown, events, flowStore, onDrawAll } = props;
  const uses = useMemo(
    () => ({ ...flowStore.getState().connectionUses(id), seen: events.length }),
    [flowStore, id, events],
  );
  const own = [...uses.events, ...events.filter((event) => event.connectionId === id)];
  const opened = own.find(
    (event): event is FlowEventOf<'connection.opened'> => event.kind === 'connection.opened',
  );
  const closed = own.find(
    (event): event is FlowEventOf<'connection.closed'> => event.kind === 'connection.closed',
  );
  return (
    <section className="connection">
      <h3>
        <Term id={leg}>{leg === 'downstream' ? 'Client side' : 'Endpoint side'}</Term> · TCP connection {id}
      </h3>
      <dl className="facts">
        <dt>From → to</dt>
        <dd className="mono">{ends(leg, opened)}</dd>
        <dt>Opened</dt>
        <dd>
          {opened === undefined ? 'before what is remembered' : formatOffset(opened.at - shown.flow.openedAt)}
        </dd>
        <dt>Closed</dt>
        <dd>{closed === undefined ? 'still open' : closedWords(closed, shown)}</dd>
        <dt>Carried</dt>
        <dd>
          {counted(uses.flows.length + uses.forgotten, 'flow')}
          {uses.forgotten > 0 && `, ${uses.forgotten} of them no longer remembered`}
        </dd>
      </dl>
      {onDrawAll !== undefined && uses.flows.length > 1 && (
        <Button size="small" icon={<GitMerge size={14} aria-hidden />} onClick={onDrawAll}>
          Draw{' '}
          {uses.flows.length > mostDrawnFlows ? `the newest ${mostDrawnFlows}` : `all ${uses.flows.length}`}{' '}
          in one picture
        </Button>
      )}
      <ol className="connection-flows">
        {uses.flows.map((flow) => (
          <li key={flow.id}>
            <ConnectionFlow {...{ flow, flowStore }} isShown={flow.id === shown.flow.id} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function ConnectionFlow(props: {
  readonly flow: ShownFlow['flow'];
  readonly flowStore: FlowStore;
  readonly isShown: boolean;
}) {
  const row = flowRow(props.flow);
  return (
    <button
      type="button"
      className={props.isShown ? 'connection-flow connection-flow-shown' : 'connection-flow'}
      aria-current={props.isShown || undefined}
      onClick={() => props.flowStore.getState().choose(row.id)}
    >
      <span className="flow-time">{row.time}</span>
      <span className={`flow-result flow-result-${row.tone}`}>{row.result}</span>
      <span className="connection-subject mono">
        {row.method} {row.subject}
      </span>
      <span className="figure">{row.duration}</span>
      {props.isShown && <span className="muted">this one</span>}
    </button>
  );
}

function ends(leg: 'downstream' | 'upstream', opened: FlowEventOf<'connection.opened'> | undefined): string {
  if (opened === undefined) return 'not known';
  const [from, to] = leg === 'downstream' ? [opened.remote, opened.local] : [opened.local, opened.remote];
  return `${formatAddress(from)} → ${formatAddress(to)}`;
}

function closedWords(closed: FlowEventOf<'connection.closed'>, { flow }: ShownFlow): string {
  const who = closed.closedBy === 'proxy' ? 'Hopscope' : `the ${closed.closedBy}`;
  const bytes = `${formatBytes(closed.bytesRead)} read, ${formatBytes(closed.bytesWritten)} written`;
  const why = closed.reason.replaceAll('_', ' ');
  return `${formatOffset(closed.at - flow.openedAt)} by ${who} (${why}); ${bytes}${lasted(closed, flow)}`;
}

function lasted(closed: FlowEvent, flow: ShownFlow['flow']): string {
  return closed.at > flow.openedAt
    ? `, ${formatMicroseconds(closed.at - flow.openedAt)} after this flow began`
    : '';
}
