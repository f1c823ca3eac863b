import type { Filter } from '../../contract/config';
import { ResponseCache } from '../cache/responseCache';
import type { FilteredRequest, FilterKind } from './filterKind';

/** A shared cache (RFC 9111). Its entries outlive reloads that leave the filter as it is. */
export const cache: FilterKind<Extract<Filter, { type: 'cache' }>> = {
  recordsItself: true,
  start: ({ maxBytes, maxEntryBytes }) => {
    const kept = new ResponseCache(maxBytes, maxEntryBytes);
    return Object.assign((request: FilteredRequest) => request.useCache(kept), { cache: kept });
  },
};
