// Words of the fields of a route and its matches.
import type { FieldText } from './fieldText';

export const routeHelp = {
  'route.name': { label: 'Name', fallback: 'same as the id', help: 'The label on the canvas.' },
  'route.id': { label: 'Id', help: 'Shown in decisions and logs. 1–63 of a–z, 0–9 and "-".' },
  'route.listeners': { label: 'Listeners', help: 'Where this route takes its traffic from.' },
  'route.hostnames': {
    label: 'Host names',
    fallback: 'any host',
    help: 'shop.test or *.shop.test. None means every host.',
  },
  'route.serverNames': {
    label: 'Server names (SNI)',
    fallback: 'any server name',
    help: 'The name in the TLS hello. None means every name, also none at all.',
  },
  'route.matches': {
    label: 'Matches',
    help: 'A request must meet all conditions of one of them. None means every request.',
  },
  'route.filters': { label: 'Filters', help: 'They change the request or the response, in this order.' },
  'route.backends': { label: 'Backends', help: 'Weights are relative; weight 0 gets nothing.' },
  'route.mode': {
    label: 'TLS: who can read it',
    help: 'passthrough hands the sealed bytes on; terminate decrypts here and relays what is inside.',
  },
  'route.requestBuffering': {
    label: 'Request',
    fallback: 'full',
    help: 'full receives the whole request first; stream passes each part on as it comes.',
  },
  'route.bufferBytes': {
    label: 'Kept in memory',
    unit: 'bytes',
    fallback: '1048576',
    help: 'What is beyond goes to a temporary file.',
  },
  'route.timeouts.requestMs': {
    label: 'Whole request',
    unit: 'ms',
    fallback: '60000',
    help: 'From the first byte to the last byte of the answer; then 504.',
  },
  'route.timeouts.backendMs': {
    label: 'Backend answer',
    unit: 'ms',
    fallback: '30000',
    help: 'How long to wait for the backend; then 504.',
  },
  'route.retry': {
    label: 'Send a failed request again',
    help: 'Only requests that may be sent twice (GET, HEAD, PUT, DELETE…) and are held whole; to another endpoint if there is one.',
  },
  'route.retry.attempts': {
    label: 'Retries',
    fallback: '1',
    help: 'Per request. A pool gets at most 20 % more requests by retries, or 3 a second.',
  },
  'route.retry.connectFailure': {
    label: 'When the endpoint cannot be connected',
    help: 'Refused, unreachable or too slow to accept: it has seen nothing of the request.',
  },
  'route.retry.reset': {
    label: 'When it closes the connection before it has answered',
    help: 'It may have begun to work on the request.',
  },
  'route.retry.on': { label: 'When it answers', help: 'Statuses from 500 to 599.' },
  'route.retry.backoffMs': {
    label: 'Pause before the first retry',
    unit: 'ms',
    fallback: '25',
    help: 'Doubles with each retry; a random part of up to half is taken off.',
  },
  'route.matches.path': {
    label: 'Path',
    fallback: 'any path',
    help: 'A prefix goes by path elements: /tea meets /tea/1, not /teapot. A regex must meet the path as a whole.',
  },
  'route.matches.method': {
    label: 'Method',
    fallback: 'any method',
    help: 'Compared as it stands: GET does not meet HEAD.',
  },
  'route.matches.headers': {
    label: 'Headers',
    help: 'All of them must hold. Names in any case, values exactly so.',
  },
  'route.matches.query': {
    label: 'Query parameters',
    help: 'All of them must hold; compared after decoding. Of several with one name the first counts.',
  },
  'route.matches.cookies': {
    label: 'Cookies',
    help: 'All of them must hold; each exactly so, without surrounding quotes.',
  },
  'route.backends.pool': { label: 'Pool', help: 'Where the route sends its share.' },
  'route.backends.weight': {
    label: 'Weight',
    fallback: '1',
    help: 'The share beside the other weights; 0 gets nothing.',
  },
} as const satisfies Readonly<Record<string, FieldText>>;
