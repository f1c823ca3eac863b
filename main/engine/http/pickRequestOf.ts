import type { CompiledPool } from '../compiledConfig';
import type { PickRequest } from '../upstream/poolRuntimes';
import type { Exchange } from './exchange';
import { hashKeyOf } from './hashKey';

/** What the pool may ask of this request to choose an endpoint. The common case allocates nothing. */
export function pickRequestOf(exchange: Exchange, pool: CompiledPool): PickRequest {
  const { loadBalancing, stickiness } = pool.config;
  const { pickRequest } = exchange.host;
  const hash = loadBalancing.policy === 'hash' ? loadBalancing.hash : undefined;
  if (hash === undefined && stickiness === undefined) return pickRequest;
  const hashKey = hash === undefined ? undefined : hashKeyOf(exchange.head, hash.on);
  return {
    ...pickRequest,
    ...(hashKey === undefined ? {} : { hashKey }),
    ...(stickiness === undefined
      ? {}
      : { stickyKey: hashKeyOf(exchange.head, `cookie:${stickiness.cookie}`) ?? null }),
  };
}
