// The workspace document: every field that a person, the app or the engine may name. `WorkspaceDocument` is
// what is written in the file (sparse: defaults left out); `Workspace` is the same with every default filled in.
import { z } from 'zod';

const milliseconds = (fallback: number) => z.int().min(1).max(86_400_000).default(fallback);
const port = z.int().min(0).max(65535);
const connectablePort = z.int().min(1).max(65535);

/** Identifier of a listener, route, pool or certificate: 1–63 of a–z, 0–9 and "-". */
export const identifierSchema = z
  .string()
  .regex(/^[a-z0-9-]{1,63}$/, 'must be 1–63 characters of a–z, 0–9 and "-"');

/** A host name, optionally with a leading "*." (matches one or more labels). No port, no scheme. */
export const hostnameSchema = z
  .string()
  .min(1)
  .max(253)
  .regex(
    /^(\*\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$|^\[?[0-9a-f:.]+\]?$/i,
    'must be a host name such as shop.test or *.shop.test, without scheme, port or path',
  );

const headerName = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'is not a valid header name');
const headerValue = z
  .string()
  .max(8192)
  .regex(/^[\t\x20-\x7e\x80-\xff]*$/, 'must not contain control characters (line breaks, NUL)');
const headerMap = z.record(headerName, headerValue).default({});

// ---------------------------------------------------------------- listeners

export const listenerLimitsSchema = z.strictObject({
  maxConnections: z.int().min(1).max(1_000_000).default(10_000),
  maxHeaderBytes: z.int().min(1024).max(1_048_576).default(16_384),
  headerTimeoutMs: milliseconds(10_000),
  bodyIdleTimeoutMs: milliseconds(30_000),
  idleTimeoutMs: milliseconds(60_000),
  maxBodyBytes: z.int().min(0).default(104_857_600),
  /**
   * A request's body has `bodyIdleTimeoutMs`, and a second more for every so many bytes that have come; slower ones get 408.
   * 0 = as slow as they like. Calls of gRPC may always be.
   */
  minBodyBytesPerSecond: z.int().min(0).max(1_000_000_000).default(500),
});

export const listenerTlsSchema = z.strictObject({
  certificates: z.array(identifierSchema).default([]),
  minVersion: z.enum(['TLSv1.2', 'TLSv1.3']).default('TLSv1.2'),
  alpn: z
    .array(z.enum(['h2', 'http/1.1']))
    .min(1)
    .default(['h2', 'http/1.1']),
  clientCertificates: z
    .strictObject({
      mode: z.enum(['off', 'request', 'require']).default('off'),
      caCertificates: z.array(identifierSchema).default([]),
    })
    .prefault({}),
});

export const listenerProtocolSchema = z.enum(['http', 'https', 'tls', 'tcp', 'forward']);

export const forwardSchema = z.strictObject({
  /**
   * Where clients may go: HOST or HOST:PORTS. HOST is an address, a CIDR range, a name, "*.name" or "*"; a name stands for its
   * public addresses only, so private ones must be let in by address. Checked after the name was looked up.
   */
  allow: z.array(z.string().min(1).max(300)).max(1000).default(['127.0.0.0/8', '::1']),
  /** Tells destinations who the client is (X-Forwarded-For and the like); otherwise only Via shows that there is a proxy. */
  tellsClient: z.boolean().default(false),
});

export const listenerSchema = z.strictObject({
  id: identifierSchema,
  name: z.string().max(200).optional(),
  address: z.string().min(1).max(253).default('127.0.0.1'),
  port,
  protocol: listenerProtocolSchema,
  /** Required before anything else, not optional. Whoever can connect can then say who the client is. */
  acceptProxyProtocol: z.enum(['off', 'v1', 'v2', 'any']).default('off'),
  /**
   * How endpoints are told who the client is: X-Forwarded-For, -Proto, -Host and -Port, the Forwarded header of RFC 7239, both,
   * or not at all.
   */
  clientHeaders: z.enum(['xForwarded', 'forwarded', 'both', 'off']).default('xForwarded'),
  /** Addresses and CIDR ranges of proxies in front, whose word on that is believed and added to; anybody else's is dropped. */
  trustedProxies: z.array(z.string().min(1).max(64)).max(1000).default([]),
  limits: listenerLimitsSchema.prefault({}),
  tls: listenerTlsSchema.optional(),
  /** Of forward listeners only; none = the defaults. */
  forward: forwardSchema.optional(),
});

// ---------------------------------------------------------------- matches

export const pathMatchSchema = z.strictObject({
  type: z.enum(['exact', 'prefix', 'regex']),
  value: z.string().min(1).max(4096),
});
const namedMatch = (name: z.ZodType<string, string>) =>
  z.strictObject({
    name,
    type: z.enum(['exact', 'regex', 'present']).default('exact'),
    value: z.string().max(4096).optional(),
  });

export const httpMatchSchema = z.strictObject({
  path: pathMatchSchema.optional(),
  method: z
    .string()
    .regex(/^[A-Z]+(-[A-Z]+)*$/, 'must be an upper-case HTTP method such as GET')
    .optional(),
  headers: z.array(namedMatch(headerName)).max(16).default([]),
  query: z
    .array(namedMatch(z.string().min(1).max(256)))
    .max(16)
    .default([]),
  cookies: z
    .array(namedMatch(z.string().min(1).max(256)))
    .max(16)
    .default([]),
});

// ---------------------------------------------------------------- filters

const percent = z.number().min(0).max(100);
const headerEdits = {
  set: headerMap,
  add: headerMap,
  remove: z.array(headerName).default([]),
};
const pathEdit = z.strictObject({
  type: z.enum(['replacePrefix', 'replaceFull']).optional(),
  value: z.string().max(4096).optional(),
});

export const filterSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('requestHeaders'), ...headerEdits }),
  z.strictObject({ type: z.literal('responseHeaders'), ...headerEdits }),
  z.strictObject({
    type: z.literal('rewrite'),
    path: pathEdit.optional(),
    hostname: hostnameSchema.optional(),
  }),
  z.strictObject({
    type: z.literal('redirect'),
    scheme: z.enum(['http', 'https']).optional(),
    hostname: hostnameSchema.optional(),
    port: connectablePort.optional(),
    path: pathEdit.optional(),
    status: z
      .union([z.literal(301), z.literal(302), z.literal(303), z.literal(307), z.literal(308)])
      .default(302),
  }),
  z.strictObject({
    type: z.literal('respond'),
    status: z.int().min(200).max(599).default(200),
    headers: headerMap,
    body: z.string().max(1_048_576).default(''),
  }),
  z.strictObject({ type: z.literal('mirror'), pool: identifierSchema, percent: percent.default(100) }),
  z.strictObject({
    type: z.literal('fault'),
    delay: z.strictObject({ percent: percent.default(100), ms: z.int().min(0).max(600_000) }).optional(),
    abort: z
      .strictObject({ percent: percent.default(100), status: z.int().min(400).max(599).default(503) })
      .optional(),
    bandwidthBytesPerSecond: z.int().min(1).optional(),
  }),
  z.strictObject({
    type: z.literal('rateLimit'),
    /** This many per `perSeconds` for each key; more are answered 429. */
    requests: z.int().min(1).max(1_000_000),
    perSeconds: z.number().positive().max(86_400).default(1),
    /** How many may come at once; 0 = as many as `requests`. */
    burst: z.int().min(0).max(1_000_000).default(0),
    key: z
      .string()
      .regex(
        /^(clientAddress|route|header:[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200})$/,
        'must be clientAddress, route or header:<name>',
      )
      .default('clientAddress'),
  }),
  z.strictObject({
    type: z.literal('cache'),
    maxBytes: z.int().min(1).default(67_108_864),
    maxEntryBytes: z.int().min(1).default(1_048_576),
  }),
  z.strictObject({
    type: z.literal('compress'),
    encodings: z
      .array(z.enum(['zstd', 'br', 'gzip']))
      .min(1)
      .default(['zstd', 'br', 'gzip']),
    minBytes: z.int().min(0).default(1024),
  }),
  z.strictObject({
    type: z.literal('basicAuth'),
    /** What browsers show when they ask for name and password. */
    realm: z
      .string()
      .max(200)
      .regex(/^[\x20-\x7e]*$/, 'must be plain ASCII text')
      .default('Restricted'),
    /** Name → "scrypt:N:r:p:SALT:HASH" (`hopscope hash-password` makes one). */
    users: z.record(
      z
        .string()
        .max(200)
        .regex(/^[^:\p{Cc}]+$/u, 'is not a valid user name: no ":", no control characters'),
      z.string().max(1024),
    ),
  }),
  z.strictObject({
    type: z.literal('access'),
    /** Addresses and CIDR ranges, IPv4 or IPv6. With any, everybody else is refused. */
    allow: z.array(z.string().min(1).max(64)).max(1000).default([]),
    /** Refused even when `allow` names them. */
    deny: z.array(z.string().min(1).max(64)).max(1000).default([]),
  }),
]);

// ---------------------------------------------------------------- routes

export const backendSchema = z.strictObject({
  pool: identifierSchema,
  weight: z.int().min(0).max(1_000_000).default(1),
});

const routeBase = {
  id: identifierSchema,
  name: z.string().max(200).optional(),
  listeners: z.array(identifierSchema).min(1),
};

export const httpRouteSchema = z.strictObject({
  ...routeBase,
  kind: z.literal('http'),
  hostnames: z.array(hostnameSchema).default([]),
  matches: z.array(httpMatchSchema).default([]),
  filters: z.array(filterSchema).default([]),
  backends: z.array(backendSchema).default([]),
  requestBuffering: z.enum(['full', 'stream']).default('full'),
  bufferBytes: z.int().min(0).max(1_073_741_824).default(1_048_576),
  timeouts: z.strictObject({ requestMs: milliseconds(60_000), backendMs: milliseconds(30_000) }).prefault({}),
  retry: z
    .strictObject({
      attempts: z.int().min(0).max(10).default(1),
      on: z
        .array(z.union([z.enum(['connectFailure', 'reset']), z.string().regex(/^5\d\d$/)]))
        .default(['connectFailure', 'reset', '502', '503', '504']),
      backoffMs: z.int().min(0).max(60_000).default(25),
    })
    .optional(),
});

export const tlsRouteSchema = z.strictObject({
  ...routeBase,
  kind: z.literal('tls'),
  hostnames: z.array(hostnameSchema).default([]),
  mode: z.enum(['passthrough', 'terminate']).default('passthrough'),
  backends: z.array(backendSchema).default([]),
});

export const tcpRouteSchema = z.strictObject({
  ...routeBase,
  kind: z.literal('tcp'),
  backends: z.array(backendSchema).default([]),
});

export const routeSchema = z.discriminatedUnion('kind', [httpRouteSchema, tlsRouteSchema, tcpRouteSchema]);

// ---------------------------------------------------------------- pools

export const endpointSchema = z.strictObject({
  address: z.string().min(1).max(253),
  port: connectablePort,
  weight: z.int().min(0).max(1_000_000).default(1),
});

export const loadBalancingPolicySchema = z.enum([
  'roundRobin',
  'leastRequest',
  'random',
  'powerOfTwo',
  'sourceIp',
  'hash',
]);

export const poolSchema = z.strictObject({
  id: identifierSchema,
  name: z.string().max(200).optional(),
  endpoints: z.array(endpointSchema),
  loadBalancing: z
    .strictObject({
      policy: loadBalancingPolicySchema.default('roundRobin'),
      hash: z
        .strictObject({
          on: z
            .string()
            .regex(/^(path|header:.+|cookie:.+)$/, 'must be path, header:<name> or cookie:<name>'),
        })
        .optional(),
    })
    .prefault({}),
  /**
   * Endpoints given by name: all addresses of the name are endpoints, each with the weight, and are looked up again after so
   * long, or sooner where the DNS says so (TTL). A look-up that fails keeps the last addresses.
   */
  dns: z.strictObject({ refreshMs: z.int().min(100).max(86_400_000).default(30_000) }).prefault({}),
  stickiness: z
    .strictObject({
      cookie: headerName.default('hop'),
      ttlSeconds: z.int().min(0).max(31_536_000).default(3600),
    })
    .optional(),
  protocol: z.enum(['http1', 'h2', 'auto']).default('http1'),
  /**
   * Present = encrypted towards the endpoints. serverName: SNI and the name that must be in the certificate; default the
   * endpoint's host name, and for an endpoint given by IP address the host (or SNI) that the client asked for, else the
   * address. caCertificates: ids of the store ("ca" = the local authority); none = the public authorities of Node.js.
   * verify: false accepts any certificate.
   */
  tls: z
    .strictObject({
      serverName: z.string().min(1).max(253).optional(),
      verify: z.boolean().default(true),
      caCertificates: z.array(identifierSchema).default([]),
      clientCertificate: identifierSchema.optional(),
    })
    .optional(),
  connections: z
    .strictObject({
      reuse: z.boolean().default(true),
      maxPerEndpoint: z.int().min(1).max(100_000).default(256),
      /** With `maxPerEndpoint` connections in use, so many requests wait for one, each at most so long; more get 503. */
      maxWaiting: z.int().min(0).max(100_000).default(1024),
      waitTimeoutMs: milliseconds(5000),
      connectTimeoutMs: milliseconds(5000),
      idleTimeoutMs: milliseconds(30_000),
    })
    .prefault({}),
  /** Of http routes a connection then carries the requests of one client connection only. */
  sendProxyProtocol: z.enum(['off', 'v1', 'v2']).default('off'),
  healthCheck: z
    .strictObject({
      type: z.enum(['http', 'tcp']).default('http'),
      path: z
        .string()
        .max(8192)
        .regex(/^\/[\x21-\x7e]*$/, 'must begin with "/" and have no spaces or controls')
        .default('/healthz'),
      expect: z.array(z.int().min(100).max(599)).min(1).default([200]),
      intervalMs: milliseconds(5000),
      timeoutMs: milliseconds(2000),
      healthyAfter: z.int().min(1).max(100).default(2),
      unhealthyAfter: z.int().min(1).max(100).default(3),
    })
    .optional(),
  outlierDetection: z
    .strictObject({
      consecutiveFailures: z.int().min(1).max(1000).default(5),
      ejectMs: milliseconds(30_000),
      maxEjectedPercent: percent.default(50),
    })
    .optional(),
});

// ---------------------------------------------------------------- the document

export const captureSchema = z.strictObject({
  headers: z.enum(['masked', 'full']).default('masked'),
  bodies: z.enum(['off', 'on']).default('off'),
  maxBodyBytes: z.int().min(0).max(16_777_216).default(65_536),
});

/** Where things stand on the canvas. The engine never reads it, so moving a node never reloads anything. */
export const layoutSchema = z.strictObject({
  positions: z.record(z.string(), z.strictObject({ x: z.number(), y: z.number() })).default({}),
  groups: z
    .array(z.strictObject({ id: identifierSchema, name: z.string().max(200), members: z.array(z.string()) }))
    .default([]),
  notes: z
    .array(
      z.strictObject({ id: identifierSchema, text: z.string().max(10_000), x: z.number(), y: z.number() }),
    )
    .default([]),
});

export const currentSchemaVersion = 1;

export const workspaceSchema = z.strictObject({
  schemaVersion: z.literal(currentSchemaVersion),
  listeners: z.array(listenerSchema).default([]),
  routes: z.array(routeSchema).default([]),
  pools: z.array(poolSchema).default([]),
  capture: captureSchema.prefault({}),
  layout: layoutSchema.prefault({}),
});

export type WorkspaceDocument = z.input<typeof workspaceSchema>;
export type Workspace = z.output<typeof workspaceSchema>;
export type Listener = Workspace['listeners'][number];
export type ListenerProtocol = Listener['protocol'];
export type ListenerLimits = Listener['limits'];
export type Route = Workspace['routes'][number];
export type HttpRoute = Extract<Route, { kind: 'http' }>;
export type TlsRoute = Extract<Route, { kind: 'tls' }>;
export type TcpRoute = Extract<Route, { kind: 'tcp' }>;
export type HttpMatch = HttpRoute['matches'][number];
export type Filter = HttpRoute['filters'][number];
export type FilterType = Filter['type'];
export type Backend = HttpRoute['backends'][number];
export type Pool = Workspace['pools'][number];
export type Endpoint = Pool['endpoints'][number];
export type LoadBalancingPolicy = Pool['loadBalancing']['policy'];
export type Capture = Workspace['capture'];
export type Layout = Workspace['layout'];

// The same things as they stand in the file: what the editor edits.
export type ListenerDocument = z.input<typeof listenerSchema>;
export type RouteDocument = z.input<typeof routeSchema>;
export type HttpRouteDocument = z.input<typeof httpRouteSchema>;
export type PoolDocument = z.input<typeof poolSchema>;
export type FilterDocument = z.input<typeof filterSchema>;
export type LayoutDocument = z.input<typeof layoutSchema>;

/** The document of a new, empty workspace. */
export function emptyWorkspaceDocument(): WorkspaceDocument {
  return { schemaVersion: currentSchemaVersion, listeners: [], routes: [], pools: [] };
}
