// Words of the fields of a pool and its endpoints.
import type { FieldText } from './fieldText';

export const poolHelp = {
  'pool.name': { label: 'Name', fallback: 'same as the id', help: 'The label on the canvas.' },
  'pool.id': { label: 'Id', help: 'Routes refer to it. 1–63 of a–z, 0–9 and "-".' },
  'pool.endpoints': { label: 'Endpoints', help: 'The servers. An address may be a host name.' },
  'pool.loadBalancing.policy': {
    label: 'Load balancing',
    fallback: 'roundRobin',
    help: 'Which endpoint gets the next request or connection.',
  },
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
  'pool.outlierDetection.ejectMs': {
    label: 'For',
    unit: 'ms',
    fallback: '30000',
    help: 'Then it gets traffic again.',
  },
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
  'pool.healthCheck.type': {
    label: 'Check',
    fallback: 'http',
    help: 'HTTP asks for a path and looks at the status; TCP only connects.',
  },
  'pool.healthCheck.path': {
    label: 'Path',
    fallback: '/healthz',
    help: 'Asked for with GET; should be cheap to answer.',
  },
  'pool.healthCheck.expect': {
    label: 'Good statuses',
    fallback: '200',
    help: 'Any other status is a failure.',
  },
  'pool.healthCheck.intervalMs': {
    label: 'Pause between checks',
    unit: 'ms',
    fallback: '5000',
    help: 'From the end of one to the beginning of the next, per endpoint.',
  },
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
  'endpoint.port': { label: 'Port', help: 'The TCP port of the server.' },
  'endpoint.weight': { label: 'Weight', fallback: '1', help: 'Relative share; 0 gets nothing.' },
} as const satisfies Readonly<Record<string, FieldText>>;
