// A request to a forward listener: the client says where to, the listener's allow-list says whether. The name is looked up
// here, once, and what is connected to is what was checked: a name that leads elsewhere the next moment changes nothing.
import { isIP } from 'node:net';
import { httpRouteSchema } from '../../contract/config';
import { decideDestination } from '../../contract/destinationPattern';
import type { CompiledHttpRoute, CompiledListener, HeaderEdits } from '../compiledConfig';
import { forwardId } from '../upstream/forwardDestinations';
import type { Exchange } from './exchange';
import { type DestinationFields, recordDestination } from './forwardRecords';
import type { Refusal } from './refusal';
import { rescue, rescueThrown } from './rescue';
import { pickUpstream } from './upstreamPhase';

/** Addresses of one name that are tried. */
const maxAddresses = 8;

const bodyTooLarge: Refusal = {
  status: 413,
  code: 'body_too_large',
  message: 'the request body is larger than this listener allows',
};

export function startForward(exchange: Exchange): void {
  const { context, head, listener } = exchange;
  exchange.route = forwardRoute(listener);
  if (exchange.host.requestBody.announcedBytes > listener.config.limits.maxBodyBytes) {
    exchange.isRequestComplete = false;
    rescue(exchange, bodyTooLarge.code, bodyTooLarge.status, bodyTooLarge.message);
    return;
  }
  if (isIP(head.hostname) !== 0) {
    goTo(exchange, [head.hostname], null);
    return;
  }
  exchange.stopWaiting = () => undefined;
  context.lookUp(head.hostname).then(
    (addresses) => resume(exchange, addresses, null),
    (error: unknown) => resume(exchange, [], error instanceof Error ? error.message : String(error)),
  );
}

function resume(exchange: Exchange, addresses: readonly string[], failure: string | null): void {
  exchange.stopWaiting = null;
  if (exchange.isDone) return;
  exchange.isActive = true;
  try {
    goTo(exchange, addresses, failure);
  } catch (error) {
    rescueThrown(exchange, error);
  }
}

function goTo(exchange: Exchange, found: readonly string[], failure: string | null): void {
  const { context, head, listener } = exchange;
  const { hostname, destinationPort: port } = head;
  const { addresses, allowedBy } = decideDestination(listener.forwardAllow, hostname, port, found);
  record(exchange, { hostname, port, addresses: found, allowedBy, failure });
  if (failure !== null || found.length === 0) {
    const detail = `${hostname} cannot be looked up: ${failure ?? 'it has no address'}`;
    rescue(exchange, 'upstream_connect_failed', 502, 'the host name cannot be looked up', detail);
    return;
  }
  if (allowedBy === null) {
    const message =
      'this forward proxy does not go there: its listener has no such destination in forward.allow';
    rescue(
      exchange,
      'destination_refused',
      403,
      message,
      `${hostname}:${port} (${found.join(', ')}) is not in forward.allow`,
    );
    return;
  }
  const isTunnel = head.method === 'CONNECT';
  const pool = context.forwards.pool({
    listener: exchange.listenerId,
    hostname,
    port,
    addresses: addresses.slice(0, maxAddresses),
    isTunnel,
  });
  pickUpstream(exchange, pool, null);
}

function record(exchange: Exchange, fields: DestinationFields): void {
  const { emitter, flowId, host } = exchange;
  if (emitter.isWatched) recordDestination(emitter, flowId, host.connectionId, fields);
}

/** What was meant for this proxy alone. */
const ownEdits: HeaderEdits = { removedNames: new Set(['proxy-authorization']), appendedLines: '' };

const routes = new WeakMap<CompiledListener, CompiledHttpRoute>();

/** How a forward listener treats what it passes on, in the words of a route. */
function forwardRoute(listener: CompiledListener): CompiledHttpRoute {
  const known = routes.get(listener);
  if (known !== undefined) return known;
  const { id } = listener.config;
  const config = httpRouteSchema.parse({
    id: 'forward',
    kind: 'http',
    listeners: [id],
    requestBuffering: 'stream',
  });
  const route: CompiledHttpRoute = {
    id: forwardId(id),
    order: 0,
    config,
    filters: [],
    requestEdits: ownEdits,
    responseEdits: null,
    cache: null,
    backends: { picks: [], totalWeight: 0 },
  };
  routes.set(listener, route);
  return route;
}
