// What DNS says of an endpoint's name has changed; belongs to no flow. Calls while nobody watches record nothing.
import type { FlowEmitter, RecordType } from '../flowEmitter';
import type { NameChange } from './nameResolver';

export function recordNameResolved(emitter: FlowEmitter, change: NameChange): void {
  if (emitter.isWatched) emitter.record(nameResolved, 0, 0, 0, 0, 0, change, 3000);
}

const nameResolved: RecordType<NameChange> = {
  build: (base, _a, _b, _c, change) => ({ ...base, kind: 'endpoint.resolved', ...change }),
};
