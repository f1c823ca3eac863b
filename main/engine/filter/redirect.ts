import type { Filter } from '../../contract/config';
import { editPath } from './editPath';
import type { FilterKind } from './filterKind';

/**
 * Sends the client elsewhere. Parts that are not configured stay as the client asked (Gateway API HTTPRequestRedirect):
 * the port is the configured one, else the well-known one of a configured scheme, else that of the Host header.
 */
export const redirect: FilterKind<Extract<Filter, { type: 'redirect' }>> = {
  start: (config) => (request) => {
    const scheme = config.scheme ?? (request.isTls ? 'https' : 'http');
    const name =
      config.hostname ?? (request.hostname.includes(':') ? `[${request.hostname}]` : request.hostname);
    const port = config.port ?? (config.scheme === undefined ? portOf(request.host) : null);
    const isWellKnown = port === null || port === (scheme === 'https' ? 443 : 80);
    const path = editPath(request.target, config.path, request.matchedPrefix);
    // A request without Host (HTTP/1.0) can only be sent to another path of the same place.
    const origin = name === '' ? '' : `${scheme}://${name}${isWellKnown ? '' : `:${port}`}`;
    return { status: config.status, headers: [['location', `${origin}${path}`]], body: '' };
  },
};

function portOf(host: string): number | null {
  const match = /:(\d+)$/.exec(host);
  return match === null ? null : Number(match[1]);
}
