import type { Filter } from '../../contract/config';
import type { FilterKind } from './filterKind';

/** Answers by itself with a fixed response. */
export const respond: FilterKind<Extract<Filter, { type: 'respond' }>> = {
  start: (config) => {
    const answer = { status: config.status, headers: Object.entries(config.headers), body: config.body };
    return () => answer;
  },
};
