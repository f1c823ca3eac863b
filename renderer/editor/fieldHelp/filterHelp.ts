// Words of the fields of the filters.
import type { FieldText } from './fieldText';

export const filterHelp = {
  'filter.requestHeaders.set': {
    label: 'Set (replaces)',
    help: 'Towards the endpoint, in place of what the client sent under that name.',
  },
  'filter.requestHeaders.add': {
    label: 'Add (keeps what is there)',
    help: 'Towards the endpoint, as a further line.',
  },
  'filter.requestHeaders.remove': {
    label: 'Remove',
    help: 'Names in any case; the endpoint does not get them.',
  },
  'filter.responseHeaders.set': {
    label: 'Set (replaces)',
    help: 'Towards the client, in place of what the endpoint sent under that name.',
  },
  'filter.responseHeaders.add': {
    label: 'Add (keeps what is there)',
    help: 'Towards the client, as a further line.',
  },
  'filter.responseHeaders.remove': {
    label: 'Remove',
    help: 'Names in any case; the client does not get them.',
  },
  'filter.rewrite.path': { label: 'Path', help: 'What the endpoint gets instead; the query stays.' },
  'filter.rewrite.hostname': { label: 'Host name for the backend', help: 'Empty: as it came.' },
  'filter.redirect.scheme': {
    label: 'Scheme',
    fallback: 'same as it came',
    help: 'With another scheme and no port, its well-known port is meant.',
  },
  'filter.redirect.port': { label: 'Port', help: 'Empty: the same.' },
  'filter.redirect.hostname': { label: 'Host name', help: 'Empty: the same.' },
  'filter.redirect.path': { label: 'Path', help: 'Where the client is sent; the query stays.' },
  'filter.redirect.status': {
    label: 'Status',
    fallback: '302',
    help: 'Browsers remember 301 and 308. 307 and 308 keep method and body.',
  },
  'filter.respond.status': { label: 'Status', fallback: '200', help: 'Answered here; no endpoint is asked.' },
  'filter.respond.headers': { label: 'Headers', help: 'Sent with the answer, such as content-type.' },
  'filter.respond.body': { label: 'Body', help: 'Sent as it stands.' },
  'filter.rateLimit.key': {
    label: 'Counted for',
    fallback: 'clientAddress',
    help: 'Each of these has a count of its own.',
  },
  'filter.access.allow': {
    label: 'Allow',
    help: 'Addresses or ranges such as 10.0.0.0/8 or ::1. With any, everybody else gets 403.',
  },
  'filter.access.deny': { label: 'Deny', help: 'Get 403, even when they are allowed above.' },
  'filter.rateLimit.requests': { label: 'Requests', help: 'Beyond that: 429 with Retry-After.' },
  'filter.rateLimit.perSeconds': { label: 'Per', unit: 's', fallback: '1', help: 'The span for that many.' },
  'filter.rateLimit.burst': {
    label: 'At once',
    fallback: '0',
    help: 'How many may come in one burst. 0 means as many as above.',
  },
  'filter.rateLimit.header': { label: 'Header', help: 'Requests without it are counted together.' },
  'filter.basicAuth.realm': {
    label: 'Realm',
    fallback: 'Restricted',
    help: 'What browsers show when they ask for name and password.',
  },
  'filter.basicAuth.users': {
    label: 'Users',
    help: 'Passwords stand here as hashes only: npm run -s hopscope -- hash-password reads one and prints its hash.',
  },
  'filter.cache.maxBytes': {
    label: 'Room',
    unit: 'bytes',
    fallback: '67108864',
    help: 'In memory, for all entries. What was used longest ago makes room. 67108864 is 64 MB.',
  },
  'filter.cache.maxEntryBytes': {
    label: 'Largest entry',
    unit: 'bytes',
    fallback: '1048576',
    help: 'Larger responses pass without being stored. What is stored, and for how long, the responses say (Cache-Control).',
  },
  'filter.compress.zstd': {
    label: 'Zstandard (zstd)',
    help: 'Fast and small. Needs Node 22.15; the app has it, an older Node leaves it out.',
  },
  'filter.compress.br': { label: 'Brotli (br)', help: 'Smallest for text; all browsers read it over HTTPS.' },
  'filter.compress.gzip': { label: 'gzip', help: 'Every client reads it.' },
  'filter.compress.minBytes': {
    label: 'Leave alone below',
    unit: 'bytes',
    fallback: '1024',
    help: 'Small responses do not get smaller. Pictures, video and what is compressed already stay as they are.',
  },
  'filter.mirror.pool': {
    label: 'Copy to',
    help: 'Nobody waits for its answer. Bodies over 1 MiB are not copied.',
  },
  'filter.mirror.percent': {
    label: 'Share of the requests',
    unit: '%',
    fallback: '100',
    help: 'Which ones is decided by chance.',
  },
  'filter.fault.delay.ms': { label: 'Delay', unit: 'ms', help: 'Empty: no delay.' },
  'filter.fault.delay.percent': { label: 'of the requests', unit: '%', fallback: '100', help: 'By chance.' },
  'filter.fault.abort.status': { label: 'Answer with', unit: '4xx, 5xx', help: 'Empty: no abort.' },
  'filter.fault.abort.percent': { label: 'of the requests', unit: '%', fallback: '100', help: 'By chance.' },
  'filter.fault.bandwidthBytesPerSecond': {
    label: 'Response no faster than',
    unit: 'bytes/s',
    help: 'Empty: as fast as it comes.',
  },
} as const satisfies Readonly<Record<string, FieldText>>;
