// A change of an endpoint's health; belongs to no flow. Calls while nobody watches record nothing.
import type { FlowEmitter, RecordType } from '../flowEmitter';
import type { HealthWord } from './endpointHealth';

export interface HealthChange {
  readonly pool: string;
  /** "address:port". */
  readonly endpoint: string;
  readonly from: HealthWord;
  readonly to: HealthWord;
  readonly reason: string;
}

export function recordEndpointHealth(emitter: FlowEmitter, change: HealthChange): void {
  if (!emitter.isWatched) return;
  emitter.record(endpointHealth, 0, 0, 0, 0, 0, change, 200 + change.reason.length);
}

const endpointHealth: RecordType<HealthChange> = {
  build: (base, _a, _b, _c, change) => ({ ...base, kind: 'endpoint.health', ...change }),
};
