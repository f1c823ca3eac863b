import { Check, X } from 'lucide-react';
import { useContext, useMemo } from 'react';
import type {
  FlowEventOf,
  HeaderChange,
  RouteDecisionTrace,
  RouteTrace,
} from '../../main/contract/flowEvent';
import { Badge } from '../components/Badge';
import { EmptyState } from '../components/EmptyState';
import { counted, formatOffset } from '../stores/flowFormat';
import type { ShownFlow } from '../stores/flowState';
import { type ConfigPlace, configPlacesOf } from './configPlaces';
import { type DecisionEvent, decisionsOf } from './decisions';
import { describeEvent, words } from './describeEvent';
import { IsViewer } from './isViewer';

/** What Hopscope decided for this flow, and why, in the order of the decisions. */
export function DecisionsTab({
  shown,
  onOpenPlace,
}: {
  readonly shown: ShownFlow;
  readonly onOpenPlace: (place: ConfigPlace) => void;
}) {
  const isViewer = useContext(IsViewer);
  const decisions = useMemo(() => decisionsOf(shown.events), [shown]);
  if (decisions.length === 0) {
    return (
      <EmptyState title="No decisions yet">
        <p>Routes, pools, endpoints and filters show up here as they are chosen.</p>
      </EmptyState>
    );
  }
  return (
    <ol className="tab-scroll decisions">
      {decisions.map((event) => (
        <li key={event.seq} className="decision">
          <span className="event-offset">{formatOffset(event.at - shown.flow.openedAt)}</span>
          <div className="decision-text">
            <p className={isTrouble(event) ? 'decision-trouble' : 'decision-title'}>{describeEvent(event)}</p>
            <DecisionDetail event={event} />
          </div>
          <div className="decision-places">
            {configPlacesOf(event, shown.flow).map((place) => (
              <button
                key={place.label}
                type="button"
                className="place-link"
                title={isViewer ? 'The workspace is not open here' : 'Open this part of the workspace'}
                disabled={isViewer}
                onClick={() => onOpenPlace(place)}
              >
                {place.label}
              </button>
            ))}
          </div>
        </li>
      ))}
    </ol>
  );
}

function isTrouble(event: DecisionEvent): boolean {
  return ['flow.failed', 'route.missed', 'upstream.failed', 'timeout'].includes(event.kind);
}

function DecisionDetail({ event }: { readonly event: DecisionEvent }) {
  switch (event.kind) {
    case 'route.matched':
    case 'route.missed':
      return <RouteTable trace={event.trace} />;
    case 'backend.picked':
      return event.weights.length > 1 ? <Weights event={event} /> : null;
    case 'endpoint.picked':
      return <Candidates event={event} />;
    case 'filter.applied':
      return event.changes.length > 0 ? <Changes changes={event.changes} /> : null;
    default:
      return null;
  }
}

function RouteTable({ trace }: { readonly trace: RouteDecisionTrace }) {
  return (
    <ul className="route-traces">
      {trace.routes.map((route, index) => (
        // A route may be tried once per match.
        // biome-ignore lint/suspicious/noArrayIndexKey: a trace never changes.
        <RouteTried key={index} route={route} />
      ))}
      {trace.omittedRoutes > 0 && (
        <li className="muted">{counted(trace.omittedRoutes, 'more route')} not listed here.</li>
      )}
      {trace.routes.length === 0 && <li className="muted">This listener has no routes.</li>}
    </ul>
  );
}

const outcomeTones = { won: 'ok', outranked: 'info', missed: 'neutral' } as const;

function RouteTried({ route }: { readonly route: RouteTrace }) {
  return (
    <li className="route-trace">
      <div className="route-trace-name">
        <span className="mono">{route.route}</span>
        <Badge tone={outcomeTones[route.outcome]}>{route.outcome}</Badge>
        {route.matchIndex !== null && <span className="muted">match {route.matchIndex + 1}</span>}
      </div>
      <ul className="predicates">
        {route.predicates.map((item, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a trace never changes.
          <li key={index} className={item.holds ? 'predicate-holds' : 'predicate-misses'}>
            {item.holds ? <Check size={14} aria-label="holds" /> : <X size={14} aria-label="misses" />}
            <span>{words(item.predicate)}</span>
            <span className="mono">{item.expected}</span>
            <span className="muted">
              {item.actual === null ? (
                'was absent'
              ) : (
                <>
                  was <span className="mono">{item.actual}</span>
                </>
              )}
            </span>
          </li>
        ))}
        {route.predicates.length === 0 && <li className="muted">takes everything</li>}
      </ul>
    </li>
  );
}

function Weights({ event }: { readonly event: FlowEventOf<'backend.picked'> }) {
  const total = event.weights.reduce((sum, item) => sum + item.weight, 0);
  return (
    <ul className="candidates">
      {event.weights.map((item) => (
        <li key={item.pool} className={item.pool === event.pool ? 'candidate-picked' : ''}>
          <span className="mono">{item.pool}</span> weight {item.weight}
          {total > 0 && <span className="muted">, {Math.round((100 * item.weight) / total)} %</span>}
        </li>
      ))}
    </ul>
  );
}

const healthWords = {
  healthy: 'healthy',
  unhealthy: 'unhealthy',
  ejected: 'ejected',
  unknown: 'health not checked',
} as const;

function Candidates({ event }: { readonly event: FlowEventOf<'endpoint.picked'> }) {
  return (
    <ul className="candidates">
      {event.candidates.map((item) => (
        <li key={item.endpoint} className={item.endpoint === event.endpoint ? 'candidate-picked' : ''}>
          <span className="mono">{item.endpoint}</span> {healthWords[item.health]}
          <span className="muted">
            , weight {item.weight}, {counted(item.activeRequests, 'request')} under way
          </span>
        </li>
      ))}
    </ul>
  );
}

function Changes({ changes }: { readonly changes: readonly HeaderChange[] }) {
  return (
    <table className="header-table">
      <thead>
        <tr>
          <th scope="col">Header</th>
          <th scope="col">before</th>
          <th scope="col">after</th>
        </tr>
      </thead>
      <tbody>
        {changes.map((change) => (
          <tr key={change.name}>
            <th scope="row">{change.name}</th>
            <td>{change.before.length === 0 ? '—' : change.before.join(' / ')}</td>
            <td>{change.after.length === 0 ? '—' : change.after.join(' / ')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
