import type { Filter } from '../../contract/config';
import type { FilterKind } from './filterKind';

/** Sets, adds and removes fields of the request head. */
export const requestHeaders: FilterKind<Extract<Filter, { type: 'requestHeaders' }>> = {
  requestEdits: (config) => config,
};
