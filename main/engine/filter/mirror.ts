import type { Filter } from '../../contract/config';
import type { FilterKind } from './filterKind';
import { strikes } from './strikes';

/** A copy of a share of the requests goes to another pool too. Only requests that are passed on are copied. */
export const mirror: FilterKind<Extract<Filter, { type: 'mirror' }>> = {
  start:
    ({ pool, percent }) =>
    (request) => {
      const isCopied = strikes(percent, request);
      if (isCopied) request.mirrorTo(pool);
      request.explain(
        () => `${isCopied ? 'this' : 'not this'} request (${percent} %) is copied to pool ${pool}`,
      );
      return null;
    },
};
