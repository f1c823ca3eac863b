// One event of every kind: a kind that is missing here does not compile.
import type { FlowEvent, FlowEventKind } from '../../main/contract/flowEvent';
import { addresses, type EventSketch, flowEvents } from './flowEvents';

const { client, listener, endpoint } = addresses;
const pool = 'pictures';
const name = '127.0.0.1:9001';
const headers = [
  ['Host', 'img.example.test'],
  ['Cookie', '•••'],
] as const;
const trace = {
  listener: 'web',
  omittedRoutes: 2,
  routes: [
    {
      route: 'pictures',
      outcome: 'won',
      matchIndex: 0,
      predicates: [{ predicate: 'path', expected: 'prefix /p', actual: '/p/1', holds: true }],
    },
    { route: 'other', outcome: 'missed', matchIndex: null, predicates: [] },
  ],
} as const;
const certificate = {
  subject: 'CN=shop.test',
  issuer: 'CN=Test authority',
  names: 'DNS:shop.test',
  validFrom: 'Nov 24 00:00:00 2026 GMT',
  validTo: 'Nov 26 00:00:00 2026 GMT',
  serialNumber: '01',
  fingerprint: 'AA:BB',
};

type SketchOf<Kind> = Extract<EventSketch, { readonly kind: Kind }>;

const sketches: { readonly [Kind in FlowEventKind]: SketchOf<Kind> } = {
  'connection.opened': {
    kind: 'connection.opened',
    leg: 'downstream',
    listener: 'web',
    remote: client,
    local: listener,
  },
  'flow.opened': { kind: 'flow.opened', flow: 'http', listener: 'web', client, revision: 3 },
  'proxyProtocol.received': {
    kind: 'proxyProtocol.received',
    version: 'v2',
    source: client,
    destination: null,
  },
  'proxyProtocol.refused': { kind: 'proxyProtocol.refused', reason: 'no header' },
  'tls.clientHello': {
    kind: 'tls.clientHello',
    serverName: 'shop.test',
    alpn: ['h2'],
    versions: ['TLSv1.3'],
    groups: ['x25519'],
    encryptedClientHello: false,
    bytes: 512,
  },
  'tls.established': {
    kind: 'tls.established',
    leg: 'upstream',
    version: 'TLSv1.3',
    cipher: 'TLS_AES_128_GCM_SHA256',
    alpn: 'h2',
    serverName: 'shop.test',
    certificate: 'shop',
    resumed: false,
    verified: true,
    peerSubject: 'CN=shop.test',
    group: 'X25519',
    peerChain: [certificate],
  },
  'tls.failed': { kind: 'tls.failed', leg: 'upstream', reason: 'no shared cipher' },
  chunk: {
    kind: 'chunk',
    leg: 'downstream',
    direction: 'request',
    operation: 'read',
    bytes: 80,
    disposition: 'held',
    stream: 1,
  },
  'request.head': {
    kind: 'request.head',
    leg: 'downstream',
    method: 'GET',
    target: '/p/1?q=1',
    version: 'HTTP/2',
    headers,
    bytes: 80,
    stream: 1,
  },
  'buffer.held': { kind: 'buffer.held', bytes: 80, chunks: 1, spilledToFile: false },
  'body.captured': {
    kind: 'body.captured',
    leg: 'downstream',
    direction: 'request',
    offset: 0,
    bytes: 3,
    data: 'YWJj',
  },
  'request.end': { kind: 'request.end', leg: 'downstream', bodyBytes: 3 },
  'buffer.released': {
    kind: 'buffer.released',
    bytes: 80,
    chunks: 1,
    spilledToFile: false,
    heldMicroseconds: 500,
  },
  'route.matched': { kind: 'route.matched', route: 'pictures', trace },
  'route.missed': { kind: 'route.missed', trace },
  'forward.destination': {
    kind: 'forward.destination',
    hostname: 'a.test',
    port: 80,
    addresses: ['10.0.0.1'],
    allowedBy: null,
    failure: 'not found',
  },
  'filter.applied': {
    kind: 'filter.applied',
    direction: 'request',
    index: 0,
    filter: 'requestHeaders',
    changes: [{ name: 'x-a', before: ['1'], after: ['2'] }],
    detail: 'in words',
  },
  'cache.lookup': {
    kind: 'cache.lookup',
    result: 'miss',
    reason: 'nothing stored',
    ageSeconds: null,
    key: 'http://a/',
  },
  'cache.stored': { kind: 'cache.stored', bytes: 100, freshSeconds: 60 },
  'cache.notStored': { kind: 'cache.notStored', reason: 'no-store' },
  'cache.invalidated': { kind: 'cache.invalidated', entries: 1, reason: 'POST' },
  'backend.picked': {
    kind: 'backend.picked',
    route: 'pictures',
    pool,
    weights: [
      { pool, weight: 9 },
      { pool: 'other', weight: 1 },
    ],
    reason: 'weight 9 of 10',
  },
  'endpoint.picked': {
    kind: 'endpoint.picked',
    pool,
    endpoint: name,
    policy: 'roundRobin',
    candidates: [{ endpoint: name, weight: 1, health: 'healthy', activeRequests: 0 }],
    reason: 'round robin: turn 1 of 1',
    panic: false,
  },
  'endpoint.health': {
    kind: 'endpoint.health',
    pool,
    endpoint: name,
    from: 'healthy',
    to: 'ejected',
    reason: 'five failures',
  },
  'endpoint.resolved': { kind: 'endpoint.resolved', hostname: 'a.test', addresses: [], failure: 'timeout' },
  'upstream.connecting': { kind: 'upstream.connecting', pool, endpoint: name },
  'upstream.waiting': { kind: 'upstream.waiting', pool, endpoint: name, ahead: 2 },
  'upstream.failed': {
    kind: 'upstream.failed',
    pool,
    endpoint: name,
    code: 'upstream_reset',
    message: 'reset by peer',
  },
  'retry.scheduled': { kind: 'retry.scheduled', attempt: 2, reason: 'reset', delayMs: 25 },
  'upstream.connected': { kind: 'upstream.connected', pool, endpoint: name, durationMicroseconds: 400 },
  'upstream.reused': {
    kind: 'upstream.reused',
    pool,
    endpoint: name,
    earlierExchanges: 1,
    idleMicroseconds: 100,
  },
  'request.mirrored': {
    kind: 'request.mirrored',
    mirrorPool: 'shadow',
    mirrorEndpoint: null,
    outcome: 'dropped',
    reason: 'busy',
  },
  'fault.injected': { kind: 'fault.injected', fault: 'delay', detail: '500 ms' },
  timeout: { kind: 'timeout', timeout: 'backend', afterMs: 1000 },
  'response.head': {
    kind: 'response.head',
    leg: 'upstream',
    status: 200,
    reason: 'OK',
    version: 'HTTP/1.1',
    headers,
    bytes: 60,
    generated: false,
  },
  'upgrade.accepted': { kind: 'upgrade.accepted', protocol: 'websocket' },
  'response.end': { kind: 'response.end', leg: 'downstream', bodyBytes: 10 },
  'stream.reset': { kind: 'stream.reset', leg: 'downstream', stream: 1, resetBy: 'client', code: 'CANCEL' },
  'connection.goaway': {
    kind: 'connection.goaway',
    leg: 'upstream',
    sentBy: 'endpoint',
    lastStream: 3,
    code: 'NO_ERROR',
    message: '',
  },
  gap: { kind: 'gap', lost: 12 },
  'flow.failed': { kind: 'flow.failed', code: 'upstream_reset', message: 'reset', status: 502 },
  'flow.closed': { kind: 'flow.closed', outcome: 'failed', durationMicroseconds: 5000 },
  'connection.closed': {
    kind: 'connection.closed',
    leg: 'upstream',
    closedBy: 'endpoint',
    reason: 'end',
    bytesRead: 80,
    bytesWritten: 90,
  },
};

/** In an order that could have been, all of flow 1. */
export function everyEvent(): FlowEvent[] {
  return flowEvents([
    ...Object.values(sketches),
    {
      kind: 'connection.opened',
      connectionId: 2,
      leg: 'upstream',
      listener: 'web',
      pool,
      remote: endpoint,
      local: client,
    },
  ]);
}
