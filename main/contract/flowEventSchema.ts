// What an event must look like that comes from outside: from a file that somebody saved, sent or wrote by hand. The types of
// flowEvent.ts lead; a schema here that does not fit them does not compile. Unknown fields are left out.
import { z } from 'zod';
import type { FlowEvent, FlowEventKind, FlowEventOf } from './flowEvent';

const count = z.int().min(0);
const text = z.string().max(1_048_576);
/** A code or a name. */
const word = z.string().max(65_536);
/** Microseconds: about thirty years. */
const microseconds = z.number().min(0).max(1e15);
const port = z.int().min(0).max(65_535);
const status = z.int().min(0).max(999);
const leg = z.enum(['downstream', 'upstream']);
const direction = z.enum(['request', 'response']);
const closer = z.enum(['client', 'proxy', 'endpoint']);
const health = z.enum(['healthy', 'unhealthy', 'ejected', 'unknown']);
const address = z.object({ address: word, port });
const words = z.array(word).max(10_000);
const headers = z.array(z.tuple([text, text])).max(10_000);
const stream = z.exactOptional(count);
const ofEndpoint = { pool: word, endpoint: word };
/** Of the filter that did it. */
const index = z.exactOptional(count);
const held = { bytes: count, chunks: count, spilledToFile: z.boolean() };

const base = {
  seq: count,
  at: z.number().min(-1e15).max(1e15),
  /** As far as a Date reaches. */
  wallTime: z.number().min(0).max(8.64e15),
  flowId: count,
  connectionId: count,
};

function event<Kind extends FlowEventKind, Fields extends z.core.$ZodLooseShape>(kind: Kind, fields: Fields) {
  return z.object({ ...base, kind: z.literal(kind), ...fields });
}

const peerCertificate = z.object({
  subject: word,
  issuer: word,
  names: word,
  validFrom: word,
  validTo: word,
  serialNumber: word,
  fingerprint: word,
});

const predicate = z.object({
  predicate: z.enum(['listener', 'hostname', 'path', 'method', 'header', 'query', 'cookie', 'serverName']),
  expected: text,
  actual: text.nullable(),
  holds: z.boolean(),
});

const trace = z.object({
  listener: word,
  routes: z
    .array(
      z.object({
        route: word,
        outcome: z.enum(['won', 'outranked', 'missed']),
        matchIndex: count.nullable(),
        predicates: z.array(predicate).max(1000),
      }),
    )
    .max(10_000),
  omittedRoutes: count,
});

const failureCode = z.enum([
  'bad_request',
  'header_too_large',
  'body_too_large',
  'request_timeout',
  'unsupported_version',
  'not_implemented',
  'expectation_failed',
  'no_route',
  'no_backend',
  'destination_refused',
  'no_healthy_endpoint',
  'upstream_connect_failed',
  'upstream_connect_timeout',
  'upstream_overloaded',
  'upstream_timeout',
  'upstream_reset',
  'upstream_bad_response',
  'upstream_tls_failed',
  'downstream_reset',
  'downstream_tls_failed',
  'not_tls',
  'proxy_header_refused',
  'idle_timeout',
  'too_many_connections',
  'draining',
  'internal_error',
]);

const connectionSchemas = {
  'connection.opened': event('connection.opened', {
    leg,
    listener: word,
    pool: z.exactOptional(word),
    remote: address,
    local: address,
  }),
  'connection.closed': event('connection.closed', {
    leg,
    closedBy: closer,
    reason: word,
    bytesRead: count,
    bytesWritten: count,
  }),
  'connection.goaway': event('connection.goaway', {
    leg,
    sentBy: closer,
    lastStream: count,
    code: word,
    message: text,
  }),
  'tls.clientHello': event('tls.clientHello', {
    serverName: word.nullable(),
    alpn: words,
    versions: words,
    groups: words,
    encryptedClientHello: z.boolean(),
    bytes: count,
  }),
  'tls.established': event('tls.established', {
    leg,
    version: word,
    cipher: word,
    alpn: word.nullable(),
    serverName: word.nullable(),
    certificate: word.nullable(),
    resumed: z.boolean(),
    verified: z.exactOptional(z.boolean()),
    peerSubject: z.exactOptional(word),
    group: z.exactOptional(word),
    peerChain: z.exactOptional(z.array(peerCertificate).max(100)),
    servedChain: z.exactOptional(z.array(peerCertificate).max(100)),
  }),
  'tls.failed': event('tls.failed', { leg, reason: text }),
  'proxyProtocol.received': event('proxyProtocol.received', {
    version: z.enum(['v1', 'v2']),
    source: address.nullable(),
    destination: address.nullable(),
  }),
  'proxyProtocol.refused': event('proxyProtocol.refused', { reason: text }),
};

const messageSchemas = {
  'request.head': event('request.head', {
    leg,
    method: text,
    target: text,
    version: word,
    headers,
    bytes: count,
    stream,
  }),
  'request.end': event('request.end', { leg, bodyBytes: count }),
  'response.head': event('response.head', {
    leg,
    status,
    reason: text,
    version: word,
    headers,
    bytes: count,
    generated: z.boolean(),
    stream,
  }),
  'response.end': event('response.end', { leg, bodyBytes: count }),
  chunk: event('chunk', {
    direction,
    leg,
    operation: z.enum(['read', 'write']),
    bytes: count,
    disposition: z.enum(['forwarded', 'held', 'consumed', 'generated']),
    stream,
  }),
  'stream.reset': event('stream.reset', { leg, stream: count, resetBy: closer, code: word }),
  'body.captured': event('body.captured', {
    direction,
    leg,
    offset: count,
    bytes: count,
    data: z.base64().max(33_554_432),
  }),
  'buffer.held': event('buffer.held', held),
  'buffer.released': event('buffer.released', { ...held, heldMicroseconds: microseconds }),
  'upgrade.accepted': event('upgrade.accepted', { protocol: word }),
};

const decisionSchemas = {
  'route.matched': event('route.matched', { route: word, trace }),
  'route.missed': event('route.missed', { trace }),
  'forward.destination': event('forward.destination', {
    hostname: word,
    port,
    addresses: words,
    allowedBy: word.nullable(),
    failure: text.nullable(),
  }),
  'filter.applied': event('filter.applied', {
    direction,
    index: count.nullable(),
    filter: word,
    changes: z
      .array(z.object({ name: text, before: z.array(text).max(1000), after: z.array(text).max(1000) }))
      .max(10_000),
    detail: z.exactOptional(text),
  }),
  'endpoint.picked': event('endpoint.picked', {
    ...ofEndpoint,
    policy: word,
    candidates: z
      .array(z.object({ endpoint: word, weight: z.number(), health, activeRequests: z.number() }))
      .max(10_000),
    reason: text,
    panic: z.boolean(),
  }),
  'endpoint.health': event('endpoint.health', { ...ofEndpoint, from: health, to: health, reason: text }),
  'endpoint.resolved': event('endpoint.resolved', {
    hostname: word,
    addresses: words,
    failure: text.nullable(),
  }),
  'backend.picked': event('backend.picked', {
    route: word,
    pool: word,
    weights: z.array(z.object({ pool: word, weight: z.number() })).max(10_000),
    reason: text,
  }),
};

const cacheSchemas = {
  'cache.lookup': event('cache.lookup', {
    result: z.enum(['hit', 'miss', 'stale', 'expired', 'revalidated', 'collapsed', 'bypass']),
    reason: text,
    ageSeconds: z.number().nullable(),
    key: text,
    index,
  }),
  'cache.stored': event('cache.stored', { bytes: count, freshSeconds: z.number(), index }),
  'cache.notStored': event('cache.notStored', { reason: text, index }),
  'cache.invalidated': event('cache.invalidated', { entries: count, reason: text, index }),
};

const upstreamSchemas = {
  'upstream.connecting': event('upstream.connecting', ofEndpoint),
  'upstream.waiting': event('upstream.waiting', { ...ofEndpoint, ahead: count }),
  'upstream.connected': event('upstream.connected', { ...ofEndpoint, durationMicroseconds: microseconds }),
  'upstream.reused': event('upstream.reused', {
    ...ofEndpoint,
    earlierExchanges: count,
    idleMicroseconds: microseconds,
  }),
  'upstream.failed': event('upstream.failed', { ...ofEndpoint, code: failureCode, message: text }),
  'retry.scheduled': event('retry.scheduled', { attempt: count, reason: text, delayMs: z.number() }),
  timeout: event('timeout', {
    timeout: z.enum([
      'header',
      'body',
      'bodyRate',
      'read',
      'ping',
      'idle',
      'request',
      'backend',
      'queue',
      'connect',
      'clientHello',
      'tlsHandshake',
    ]),
    afterMs: z.number(),
  }),
  'fault.injected': event('fault.injected', {
    fault: z.enum(['delay', 'abort', 'bandwidth']),
    detail: text,
    index,
  }),
  'request.mirrored': event('request.mirrored', {
    mirrorPool: word,
    mirrorEndpoint: word.nullable(),
    outcome: z.enum(['sent', 'dropped']),
    reason: text,
    index,
  }),
};

const flowSchemas = {
  'flow.opened': event('flow.opened', {
    flow: z.enum(['http', 'tls', 'tcp']),
    listener: word,
    client: address,
    revision: count,
  }),
  'flow.failed': event('flow.failed', { code: failureCode, message: text, status: status.nullable() }),
  'flow.closed': event('flow.closed', {
    outcome: z.enum(['completed', 'failed', 'aborted']),
    durationMicroseconds: microseconds,
  }),
  gap: event('gap', { lost: count }),
};

const exactSchemas = {
  ...connectionSchemas,
  ...messageSchemas,
  ...decisionSchemas,
  ...cacheSchemas,
  ...upstreamSchemas,
  ...flowSchemas,
};

/** Nothing comes out of a schema that is no event… */
const schemas: { readonly [Kind in FlowEventKind]: z.ZodType<FlowEventOf<Kind>> } = exactSchemas;

type Mutable<Value> = Value extends object ? { -readonly [Key in keyof Value]: Mutable<Value[Key]> } : Value;
type Unread = {
  readonly [Kind in FlowEventKind]: Mutable<FlowEventOf<Kind>> extends z.output<(typeof exactSchemas)[Kind]>
    ? never
    : Kind;
}[FlowEventKind];
/** …and every event that there can be passes its schema: otherwise this does not compile, and the error names the kinds. */
export const readsEveryEvent: [Unread] extends [never] ? true : Unread = true;

export const flowEventKinds = Object.keys(schemas) as readonly FlowEventKind[];

/** The event, or what is wrong with it in words. */
export function parseFlowEvent(value: unknown): FlowEvent | string {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return 'an event must be an object';
  const kind = 'kind' in value ? value.kind : undefined;
  if (typeof kind !== 'string') return '"kind" must be the name of an event';
  if (!Object.hasOwn(schemas, kind)) return `there is no event "${kind.slice(0, 64)}"`;
  const parsed = schemas[kind as FlowEventKind].safeParse(value);
  if (parsed.success) return parsed.data as FlowEvent;
  const first = parsed.error.issues[0];
  const path = first === undefined || first.path.length === 0 ? kind : first.path.join('.');
  return `"${path}": ${first?.message ?? 'is not valid'}`;
}
