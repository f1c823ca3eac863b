import type { Filter } from '../../contract/config';
import { editPath } from './editPath';
import type { FilterKind } from './filterKind';

/** Changes path and host of the request on its way to the endpoint. */
export const rewrite: FilterKind<Extract<Filter, { type: 'rewrite' }>> = {
  start: (config) => (request) => {
    request.target = editPath(request.target, config.path, request.matchedPrefix);
    if (config.hostname !== undefined) request.hostOverride = config.hostname;
    return null;
  },
};
