// What every field of the forms is called, its unit, its default and what it does, in one place. The keys are the
// field's path in the document without indexes.

export interface FieldText {
  readonly label: string;
  readonly unit?: string;
  /** The default as it would be typed; shown as the placeholder. */
  readonly fallback?: string;
  readonly help?: string;
}

export const fieldHelp = {
  'listener.name': { label: 'Name', fallback: 'same as the id', help: 'The label on the canvas.' },
  'listener.id': { label: 'Id', help: 'Routes refer to it. 1–63 of a–z, 0–9 and "-".' },
  'listener.protocol': { label: 'Protocol' },
  'listener.address': {
    label: 'Address',
    fallback: '127.0.0.1',
    help: 'The address to listen on. Anything but loopback can be reached from other machines.',
  },
  'listener.port': { label: 'Port', help: '0 takes any free port; the bound one is shown.' },
  'listener.acceptProxyProtocol': {
    label: 'PROXY header from clients',
    fallback: 'off',
    help: 'Whoever may connect says who the client is: only behind a load balancer that sends it.',
  },
  'listener.clientHeaders': {
    label: 'Tell endpoints who the client is',
    fallback: 'xForwarded',
    help: 'Address, scheme, host and port that the client used, in request headers.',
  },
  'listener.trustedProxies': {
    label: 'Trusted proxies in front',
    help: 'Addresses and ranges whose X-Forwarded-* and Forwarded are believed. What anybody else says of itself is dropped.',
  },
  'listener.forward.allow': {
    label: 'Clients may go to',
    help: 'Addresses, ranges, names, *.names or *, each with ports if you like: *.example.test:443. A name stands for its public addresses only.',
  },
  'listener.forward.tellsClient': {
    label: 'Tell servers who the client is',
    help: 'Adds X-Forwarded-For and the like. Off, servers see this proxy only.',
  },
  'listener.tls.certificates': {
    label: 'Certificates',
    help: 'Chosen by the server name that the client asks for; the first is the default.',
  },
  'listener.tls.alpn': {
    label: 'HTTP versions offered',
    help: 'Clients choose from these while TLS is set up (ALPN).',
  },
  'listener.tls.minVersion': {
    label: 'Lowest TLS version',
    fallback: 'TLSv1.2',
    help: 'Clients that speak only older versions are refused.',
  },
  'listener.tls.clientCertificates.mode': {
    label: 'Client certificates',
    fallback: 'off',
    help: 'The subject of a verified one goes to the endpoint as X-Client-Certificate-Subject.',
  },
  'listener.tls.clientCertificates.caCertificates': {
    label: 'Authorities of clients',
    help: 'Only certificates signed by one of these are believed.',
  },
  'listener.limits.maxConnections': {
    label: 'Most connections',
    fallback: '10000',
    help: 'Further connections are closed at once.',
  },
  'listener.limits.maxHeaderBytes': {
    label: 'Largest request head',
    unit: 'bytes',
    fallback: '16384',
    help: 'A larger head is answered with 431.',
  },
  'listener.limits.maxBodyBytes': {
    label: 'Largest request body',
    unit: 'bytes',
    fallback: '104857600',
    help: 'A larger body is answered with 413.',
  },
  'listener.limits.headerTimeoutMs': {
    label: 'Time for the request head',
    unit: 'ms',
    fallback: '10000',
    help: 'A client that has not finished its head by then gets 408.',
  },
  'listener.limits.bodyIdleTimeoutMs': {
    label: 'Longest pause in a body',
    unit: 'ms',
    fallback: '30000',
    help: 'A body that pauses longer is cut off.',
  },
  'listener.limits.minBodyBytesPerSecond': {
    label: 'Slowest request body',
    unit: 'bytes/s',
    fallback: '500',
    help: 'A body that comes more slowly gets 408 once the longest pause is used up. 0 turns this off.',
  },
  'listener.limits.idleTimeoutMs': {
    label: 'Idle connection',
    unit: 'ms',
    fallback: '60000',
    help: 'A connection, tunnel or WebSocket without traffic is closed after this time.',
  },

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
  'route.mode': { label: 'TLS: who can read it' },
  'route.requestBuffering': { label: 'Request' },
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
  'route.retry.connectFailure': { label: 'When the endpoint cannot be connected' },
  'route.retry.reset': { label: 'When it closes the connection before it has answered' },
  'route.retry.on': { label: 'When it answers', help: 'Statuses from 500 to 599.' },
  'route.retry.backoffMs': {
    label: 'Pause before the first retry',
    unit: 'ms',
    fallback: '25',
    help: 'Doubles with each retry; a random part of up to half is taken off.',
  },

  'route.matches.path': { label: 'Path', fallback: 'any path' },
  'route.matches.method': { label: 'Method', fallback: 'any method' },
  'route.matches.headers': { label: 'Headers' },
  'route.matches.query': { label: 'Query parameters' },
  'route.matches.cookies': { label: 'Cookies' },
  'route.backends.pool': { label: 'Pool', help: 'Where the route sends its share.' },
  'route.backends.weight': { label: 'Weight', fallback: '1' },

  'filter.requestHeaders.set': { label: 'Set (replaces)', help: 'Towards the endpoint.' },
  'filter.requestHeaders.add': { label: 'Add (keeps what is there)' },
  'filter.requestHeaders.remove': { label: 'Remove' },
  'filter.responseHeaders.set': { label: 'Set (replaces)', help: 'Towards the client.' },
  'filter.responseHeaders.add': { label: 'Add (keeps what is there)' },
  'filter.responseHeaders.remove': { label: 'Remove' },
  'filter.rewrite.path': { label: 'Path', help: 'What the endpoint gets instead.' },
  'filter.rewrite.hostname': { label: 'Host name for the backend', help: 'Empty: as it came.' },
  'filter.redirect.scheme': { label: 'Scheme' },
  'filter.redirect.port': { label: 'Port', help: 'Empty: the same.' },
  'filter.redirect.hostname': { label: 'Host name', help: 'Empty: the same.' },
  'filter.redirect.path': { label: 'Path' },
  'filter.redirect.status': { label: 'Status', fallback: '302' },
  'filter.respond.status': { label: 'Status', fallback: '200' },
  'filter.respond.headers': { label: 'Headers' },
  'filter.respond.body': { label: 'Body', help: 'Sent as it stands.' },
  'filter.rateLimit.key': { label: 'Counted for', fallback: 'clientAddress' },
  'filter.access.allow': {
    label: 'Allow',
    help: 'Addresses or ranges such as 10.0.0.0/8 or ::1. With any, everybody else gets 403.',
  },
  'filter.access.deny': { label: 'Deny', help: 'Get 403, even when they are allowed above.' },
  'filter.rateLimit.requests': { label: 'Requests', help: 'Beyond that: 429 with Retry-After.' },
  'filter.rateLimit.perSeconds': { label: 'Per', unit: 's', fallback: '1' },
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
  'filter.mirror.percent': { label: 'Share of the requests', unit: '%', fallback: '100' },
  'filter.fault.delay.ms': { label: 'Delay', unit: 'ms', help: 'Empty: no delay.' },
  'filter.fault.delay.percent': { label: 'of the requests', unit: '%', fallback: '100' },
  'filter.fault.abort.status': { label: 'Answer with', unit: '4xx, 5xx', help: 'Empty: no abort.' },
  'filter.fault.abort.percent': { label: 'of the requests', unit: '%', fallback: '100' },
  'filter.fault.bandwidthBytesPerSecond': {
    label: 'Response no faster than',
    unit: 'bytes/s',
    help: 'Empty: as fast as it comes.',
  },

  'capture.headers': {
    label: 'Headers in Flows',
    fallback: 'masked',
    help: 'Masked hides the values of Authorization, Cookie and the like.',
  },
  'capture.bodies': {
    label: 'Keep bodies',
    fallback: 'off',
    help: 'What was sent and answered, for the Bytes tab.',
  },
  'capture.maxBodyBytes': {
    label: 'Of each body at most',
    unit: 'bytes',
    fallback: '65536',
    help: 'The rest is counted, not kept.',
  },

  'pool.name': { label: 'Name', fallback: 'same as the id', help: 'The label on the canvas.' },
  'pool.id': { label: 'Id', help: 'Routes refer to it. 1–63 of a–z, 0–9 and "-".' },
  'pool.endpoints': { label: 'Endpoints', help: 'The servers. An address may be a host name.' },
  'pool.loadBalancing.policy': { label: 'Load balancing', fallback: 'roundRobin' },
  'pool.loadBalancing.hash.on': {
    label: 'Hash of',
    help: 'path, header:<name> or cookie:<name>. A request without it goes anywhere.',
  },
  'pool.stickiness': {
    label: 'Keep a client on its endpoint with a cookie',
    help: 'HTTP only. If the endpoint is gone or unhealthy, the policy chooses another one and sets a new cookie.',
  },
  'pool.stickiness.cookie': {
    label: 'Cookie',
    fallback: 'hop',
    help: 'Sticky pools of one route need different names.',
  },
  'pool.stickiness.ttlSeconds': {
    label: 'Lasts',
    unit: 's',
    fallback: '3600',
    help: '0 lasts until the browser closes.',
  },
  'pool.outlierDetection': {
    label: 'Leave out endpoints whose traffic keeps failing',
    help: 'Refused or lost connections, timeouts and statuses of 500–599 are failures.',
  },
  'pool.outlierDetection.consecutiveFailures': {
    label: 'Left out after',
    unit: 'failures',
    fallback: '5',
    help: 'In a row; a success sets the count back.',
  },
  'pool.outlierDetection.ejectMs': { label: 'For', unit: 'ms', fallback: '30000' },
  'pool.outlierDetection.maxEjectedPercent': {
    label: 'At most',
    unit: '% of the endpoints',
    fallback: '50',
    help: 'Rounded down: of one endpoint 50 % is none.',
  },
  'pool.connections.reuse': {
    label: 'Reuse connections',
    help: 'Off opens a new TCP connection for every request.',
  },
  'pool.connections.maxPerEndpoint': {
    label: 'Most connections per endpoint',
    fallback: '256',
    help: 'Further requests wait for a free one.',
  },
  'pool.connections.maxWaiting': {
    label: 'Most waiting requests per endpoint',
    fallback: '1024',
    help: 'Further requests are answered with 503.',
  },
  'pool.connections.waitTimeoutMs': {
    label: 'Longest wait',
    unit: 'ms',
    fallback: '5000',
    help: 'A request that waited so long for a connection is answered with 503.',
  },
  'pool.dns.refreshMs': {
    label: 'Look names up again after',
    unit: 'ms',
    fallback: '30000',
    help: 'All addresses of a host name are endpoints. A look-up that fails keeps the last ones.',
  },
  'pool.connections.connectTimeoutMs': {
    label: 'Connect timeout',
    unit: 'ms',
    fallback: '5000',
    help: 'An endpoint that has not accepted by then counts as failed.',
  },
  'pool.connections.idleTimeoutMs': {
    label: 'Idle connection',
    unit: 'ms',
    fallback: '30000',
    help: 'Unused connections to the endpoint are closed after this time.',
  },
  'pool.sendProxyProtocol': {
    label: 'PROXY header to endpoints',
    fallback: 'off',
    help: 'Tells endpoints that expect it who the client is. A connection then serves one client only.',
  },
  'pool.protocol': {
    label: 'HTTP version to endpoints',
    fallback: 'http1',
    help: 'HTTP/2 shares one connection among all requests; gRPC needs it. Choosing needs encryption.',
  },
  'pool.tls': { label: 'Encrypt towards the endpoints', help: 'Off sends plain bytes.' },
  'pool.tls.serverName': {
    label: 'Server name',
    help: "Empty: the endpoint's host name; for an endpoint given by IP address, the host that the client asked for.",
  },
  'pool.tls.verify': {
    label: 'Verify the certificate',
    help: 'Off accepts any certificate: anybody in between can read and change the traffic.',
  },
  'pool.tls.caCertificates': {
    label: 'Trusted authorities',
    help: 'None means the public authorities that Node.js trusts.',
  },
  'pool.tls.clientCertificate': { label: 'Client certificate', help: 'Shown to endpoints that ask for one.' },
  'pool.healthCheck': {
    label: 'Look at each endpoint from time to time',
    help: 'Unhealthy ones are skipped. If none is healthy, all are used anyway.',
  },
  'pool.healthCheck.type': { label: 'Check', fallback: 'http' },
  'pool.healthCheck.path': { label: 'Path', fallback: '/healthz' },
  'pool.healthCheck.expect': {
    label: 'Good statuses',
    fallback: '200',
    help: 'Any other status is a failure.',
  },
  'pool.healthCheck.intervalMs': { label: 'Pause between checks', unit: 'ms', fallback: '5000' },
  'pool.healthCheck.timeoutMs': {
    label: 'Timeout',
    unit: 'ms',
    fallback: '2000',
    help: 'A check that takes longer has failed.',
  },
  'pool.healthCheck.healthyAfter': {
    label: 'Healthy after',
    unit: 'good checks',
    fallback: '2',
    help: 'In a row. The very first check counts alone when it is good.',
  },
  'pool.healthCheck.unhealthyAfter': {
    label: 'Unhealthy after',
    unit: 'bad checks',
    fallback: '3',
    help: 'In a row.',
  },
  'endpoint.address': { label: 'Address', help: 'An IP address or a host name.' },
  'endpoint.port': { label: 'Port' },
  'endpoint.weight': { label: 'Weight', fallback: '1', help: 'Relative share; 0 gets nothing.' },
} as const satisfies Readonly<Record<string, FieldText>>;

export type FieldName = keyof typeof fieldHelp;

export function fieldText(name: FieldName): FieldText {
  return fieldHelp[name];
}

/** One line for each way of passing a request on. */
export const bufferingHelp = {
  full: 'It is received and held, then the backend is contacted (as nginx does by default).',
  stream: 'The backend gets each part as it arrives (as Envoy and HAProxy do).',
} as const;
