import type { Filter } from '../../contract/config';
import type { FilterKind } from './filterKind';

/** Compresses responses for clients that can read it: only text-like ones that nobody has compressed yet. */
export const compress: FilterKind<Extract<Filter, { type: 'compress' }>> = {
  recordsItself: true,
  start: (config) => (request) => {
    request.compress(config);
    return null;
  },
};
