// Retrying by the route's rule: the same request, once more to the pool, to another endpoint where there is one. Only
// what may be sent twice and what we still have whole; only before the client was told anything; within a budget.
import type { HttpRoute } from '../../contract/config';
import type { Exchange } from './exchange';
import { Phase } from './exchangePhase';
import { recordRetryScheduled } from './httpRecords';
import { isRepeatable } from './repeatable';
import { rescueThrown } from './rescue';
import { pickUpstream } from './upstreamPhase';

type RetryRule = NonNullable<HttpRoute['retry']>;

/** "connectFailure", "reset" or a status as text. */
type RetryCause = RetryRule['on'][number];

const maxDelayMs = 60_000;

export class RetryState {
  retries = 0;
  /** Keys of endpoints that had this request. */
  readonly tried = new Set<string>();
}

/**
 * null = the request will be sent again and nothing more is to be done. Otherwise why not, to be put behind the words of
 * the failure; '' = no rule asks for it.
 */
export function retryOrReason(exchange: Exchange, cause: RetryCause, reason: string): string | null {
  const { pool } = exchange;
  const rule = exchange.route?.config.retry ?? nextAddressRule(exchange, cause);
  if (rule === undefined || pool === null || !rule.on.includes(cause)) return '';
  const state = exchange.retry ?? new RetryState();
  if (state.retries >= rule.attempts) return state.retries === 0 ? '' : ` (after ${state.retries} retries)`;
  // Before a connection there was, nothing of it was sent: then it may be anything.
  if (exchange.requestWriter !== null && !isRepeatable(exchange))
    return ' (not retried: this request must not be sent twice)';
  const { retryBudget } = exchange.context.pools.runtime(pool);
  if (!retryBudget.takeRetry(exchange.emitter.now())) {
    return ' (not retried: the retry budget of the pool is used up)';
  }
  exchange.retry = state;
  state.retries++;
  leaveEndpoint(exchange, state);
  const delayMs = delayOf(rule.backoffMs, state.retries, exchange.context.random());
  const { emitter, flowId, host } = exchange;
  if (emitter.isWatched) {
    const attempt = state.retries + 1;
    recordRetryScheduled(emitter, flowId, host.connectionId, attempt, reason.slice(0, 512), delayMs);
  }
  const timer = setTimeout(() => tryAgain(exchange, state), delayMs);
  exchange.stopWaiting = () => clearTimeout(timer);
  return null;
}

/** A name stands for all of its addresses: one that cannot be reached is no failure while another can. */
function nextAddressRule({ context, pool, endpoint }: Exchange, cause: RetryCause): RetryRule | undefined {
  if (cause !== 'connectFailure' || pool === null || endpoint === null) return undefined;
  if (endpoint.compiled.name === endpoint.compiled.address) return undefined;
  const others = context.pools.runtime(pool).members.length - 1;
  return others <= 0 ? undefined : { attempts: Math.min(others, 3), on: ['connectFailure'], backoffMs: 0 };
}

/** Doubles with each retry; between half of that and all of it, so that clients that failed together do not return together. */
function delayOf(backoffMs: number, retry: number, random: number): number {
  const full = Math.min(backoffMs * 2 ** (retry - 1), maxDelayMs);
  return Math.round(full * (0.5 + random / 2));
}

/** As if the request had not been sent yet. */
function leaveEndpoint(exchange: Exchange, state: RetryState): void {
  const { endpoint, upstream } = exchange;
  exchange.phase = Phase.connecting;
  exchange.held?.stop();
  exchange.upstream = null;
  upstream?.destroy('not_reusable');
  if (endpoint !== null) {
    state.tried.add(endpoint.compiled.key);
    endpoint.activeRequests--;
  }
  exchange.endpoint = null;
  exchange.requestWriter = null;
  exchange.isRequestSent = false;
  exchange.isUpstreamPaused = false;
  exchange.hasRetried = false;
  exchange.partialResponse = null;
  exchange.hasResponseBytes = false;
}

function tryAgain(exchange: Exchange, state: RetryState): void {
  exchange.stopWaiting = null;
  if (exchange.isDone || exchange.pool === null) return;
  exchange.isActive = true;
  try {
    pickUpstream(exchange, exchange.pool, state.tried);
  } catch (error) {
    rescueThrown(exchange, error);
  }
}
