import { Cable, CircleCheck, CircleSlash, TriangleAlert } from 'lucide-react';
import { durationWords, type TrafficMark } from '../trafficMarks';
import type { RouteVerdict } from '../wayOfRequest';
import type { NodeLight } from './flowElements';

export function lightClass(light: NodeLight | null): string {
  if (light === null) return '';
  return light.isLit ? 'node-lit' : 'node-dim';
}

/** What flows through the node now, at its lower edge. */
export function NodeTraffic({ mark }: { readonly mark: TrafficMark }) {
  const { latency, openConnections } = mark;
  return (
    <div className="node-traffic">
      {mark.rate !== '0/s' && mark.rate}
      {latency !== null && (
        <span
          title={`Half took up to ${durationWords(latency.p50Ms)}, 95 % up to ${durationWords(latency.p95Ms)}, 99 % up to ${durationWords(latency.p99Ms)}`}
        >
          {durationWords(latency.p95Ms)}
        </span>
      )}
      {openConnections !== null && openConnections > 0 && (
        <span className="node-traffic-part" title={`${openConnections} open connections`}>
          <Cable size={11} aria-hidden />
          {openConnections}
          <span className="visually-hidden"> open connections</span>
        </span>
      )}
      {mark.errors !== null && (
        <span className="node-traffic-part node-traffic-errors" title={mark.errors}>
          <TriangleAlert size={11} aria-hidden />
          {mark.errors.replace(' errors', '')}
          <span className="visually-hidden"> errors</span>
        </span>
      )}
    </div>
  );
}

/** Why a route takes the tested request or not. */
export function NodeVerdict({ verdict }: { readonly verdict: RouteVerdict }) {
  const Icon = verdict.outcome === 'won' ? CircleCheck : CircleSlash;
  return (
    <div className={`node-verdict node-verdict-${verdict.outcome}`} title={verdict.text}>
      <Icon size={12} aria-hidden />
      <span>{verdict.text}</span>
    </div>
  );
}
