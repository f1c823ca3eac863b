// route.matched and route.missed of connections that are routed without reading HTTP. The trace is made only when
// somebody reads the event, from the tables that the flow was routed with.
import type { CompiledListener } from '../compiledConfig';
import type { FlowEmitter, RecordType } from '../flowEmitter';
import { explainL4 } from '../routing/explainL4';

export function recordL4Route(
  emitter: FlowEmitter,
  flowId: number,
  connectionId: number,
  listener: CompiledListener,
  serverName: string | null,
  route: string | null,
): void {
  if (!emitter.isWatched) return;
  const type = route === null ? routeMissed : routeMatched;
  emitter.record(type, flowId, connectionId, 0, 0, 0, { listener, serverName, route }, 300);
}

interface Decision {
  readonly listener: CompiledListener;
  readonly serverName: string | null;
  readonly route: string | null;
}

const routeMatched: RecordType<Decision> = {
  build: (base, _a, _b, _c, { listener, serverName, route }) => ({
    ...base,
    kind: 'route.matched',
    route: route ?? '',
    trace: explainL4(listener, serverName),
  }),
};

const routeMissed: RecordType<Decision> = {
  build: (base, _a, _b, _c, { listener, serverName }) => ({
    ...base,
    kind: 'route.missed',
    trace: explainL4(listener, serverName),
  }),
};
