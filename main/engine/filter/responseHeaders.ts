import type { Filter } from '../../contract/config';
import type { FilterKind } from './filterKind';

/** Sets, adds and removes fields of the response head. */
export const responseHeaders: FilterKind<Extract<Filter, { type: 'responseHeaders' }>> = {
  responseEdits: (config) => config,
};
