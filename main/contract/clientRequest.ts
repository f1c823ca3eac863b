// What the built-in client can be told to send. Everything has a bound; text that could break out of its line is refused here.
import { z } from 'zod';
import { identifierSchema } from './config';

/** Bounds of the built-in client; a form can say them before the schema does. */
export const clientBounds = {
  textBytes: 1_048_576,
  base64Characters: 4_194_304,
  fillBytes: 16_777_216,
  /** Writes in which one message may go out. */
  pieces: 1000,
  pauseMs: 10_000,
  streams: 20,
  repeatTimes: 100_000,
  repeatPerSecond: 5000,
  repeatConcurrency: 100,
  /** Of the response, kept to be shown; the rest is counted. */
  keptBodyBytes: 262_144,
  /** A response that goes on after this is cut. */
  responseBytes: 67_108_864,
  /** However much still comes, a send ends after this. */
  durationMs: 600_000,
  /** Sends of one UI that may be under way at once. */
  sends: 16,
  /** Events told of one send; what comes later is only counted. */
  events: 2000,
} as const;

const fieldName = z
  .string()
  .max(256)
  .regex(/^[\w!#$%&'*+.^`|~-]+$/, "a header name has letters, digits and !#$%&'*+-.^_`|~ only");
const fieldValue = z
  .string()
  .max(16_384)
  .regex(
    /^[^\u0000-\u0008\u000a-\u001f\u007f]*$/,
    'a header value is one line: to send a broken one use raw bytes',
  );
const fields = z.array(z.tuple([fieldName, fieldValue])).max(100);

const bytesSchema = z.discriminatedUnion('kind', [
  /** As UTF-8. */
  z.strictObject({ kind: z.literal('text'), text: z.string().max(clientBounds.textBytes) }),
  z.strictObject({ kind: z.literal('base64'), data: z.base64().max(clientBounds.base64Characters) }),
  /** So many bytes of numbered lines. */
  z.strictObject({ kind: z.literal('fill'), bytes: z.int().min(0).max(clientBounds.fillBytes) }),
]);

/**
 * In how many writes the bytes go out. Each is one write to a socket without Nagle's delay; whoever reads gets it as one chunk
 * where there is a pause before the next, and may get several together where there is none.
 */
const piecesSchema = z.strictObject({
  split: z
    .discriminatedUnion('by', [
      z.strictObject({ by: z.literal('none') }),
      /** About equal ones. */
      z.strictObject({ by: z.literal('count'), count: z.int().min(1).max(clientBounds.pieces) }),
      z.strictObject({ by: z.literal('size'), bytes: z.int().min(1).max(clientBounds.fillBytes) }),
      /** A piece ends before each of these bytes. */
      z.strictObject({
        by: z.literal('offsets'),
        offsets: z.array(z.int().min(1)).max(clientBounds.pieces - 1),
      }),
    ])
    .default({ by: 'none' }),
  /** The head is a piece of its own and only the body is split. With the chunked coding each of its pieces is then one chunk. */
  headApart: z.boolean().default(false),
  /** Between two pieces, at least. */
  pauseMs: z.int().min(0).max(clientBounds.pauseMs).default(0),
});

const target = z
  .string()
  .min(1)
  .max(8192)
  .regex(/^[\x21-\x7e]+$/, 'a path has no blanks and only ASCII: write others as %20 and the like');

const authority = z
  .string()
  .min(1)
  .max(300)
  .regex(/^[\x21-\x7e]+$/, 'a host name has no blanks and only ASCII');

/** A request that is given up on purpose. HTTP/2 resets its stream, HTTP/1.1 its connection. */
const giveUpSchema = z.discriminatedUnion('after', [
  z.strictObject({
    after: z.literal('pieces'),
    /** Of the body, and 0 = right after the head, with HTTP/2; of the whole message with HTTP/1.1. */
    pieces: z.int().min(0).max(clientBounds.pieces),
  }),
  /** Of the response. */
  z.strictObject({ after: z.literal('head') }),
  /** From its start. */
  z.strictObject({ after: z.literal('time'), ms: z.int().min(0).max(60_000) }),
]);

const httpSchema = z.strictObject({
  kind: z.literal('http'),
  /** `auto` = what ALPN chooses over TLS, HTTP/1.1 without. `h2` without TLS = prior knowledge (RFC 9113 3.3). */
  protocol: z.enum(['http1', 'h2', 'auto']).default('http1'),
  method: z
    .string()
    .max(32)
    .regex(/^[\w!#$%&'*+.^`|~-]+$/, 'a method is one word')
    .default('GET'),
  /** Host or :authority, with its port if it is to have one. A Host among `headers` is sent in its place. */
  hostname: authority,
  /** Path and query, or the whole URL for a forward proxy. */
  path: target.default('/'),
  /** As they are sent, in order. */
  headers: fields.default([]),
  body: bytesSchema.default({ kind: 'text', text: '' }),
  /** HTTP/1.1: how the body says where it ends. A Content-Length or Transfer-Encoding among `headers` is left as it is. */
  framing: z.enum(['length', 'chunked']).default('length'),
  /** Behind the body; HTTP/1.1 then uses the chunked coding. */
  trailers: fields.default([]),
  /** Sends Expect: 100-continue and waits up to a second for the 100 before the body (RFC 9110 10.1.1). */
  expectContinue: z.boolean().default(false),
  pieces: piecesSchema.prefault({}),
  /** HTTP/2: the same request so many times at once, each on a stream of its own. */
  streams: z.int().min(1).max(clientBounds.streams).default(1),
  /** Absent = it is not. */
  giveUp: giveUpSchema.optional(),
  /** HTTP/2: the error code of that reset (RFC 9113 7). */
  resetCode: z.enum(['CANCEL', 'NO_ERROR', 'INTERNAL_ERROR', 'PROTOCOL_ERROR']).default('CANCEL'),
});

const webSocketSchema = z.strictObject({
  kind: z.literal('webSocket'),
  /** `h2` = on a stream, by extended CONNECT (RFC 8441). `auto` as for HTTP. */
  protocol: z.enum(['http1', 'h2', 'auto']).default('http1'),
  hostname: authority,
  path: target.default('/'),
  headers: fields.default([]),
  /** Offered subprotocols. */
  protocols: z.array(fieldName).max(20).default([]),
  /** Sent as soon as it is open; more by `sendClientMessage`. */
  messages: z.array(z.string().max(clientBounds.textBytes)).max(100).default([]),
  /** Close after so many answers; absent = stays open until it is closed. */
  closeAfter: z.int().min(0).max(1000).optional(),
});

const rawSchema = z.strictObject({
  kind: z.literal('raw'),
  /** Over TLS the server name and what ALPN offers come from `tls`. */
  bytes: bytesSchema,
  pieces: piecesSchema.prefault({}),
  /** Ends its own side after the last piece (a FIN), as `nc -N` does. */
  halfClose: z.boolean().default(false),
  /** It is over when nothing came for so long, or the other side closed. */
  silenceMs: z.int().min(50).max(60_000).default(2000),
});

const tlsSchema = z.strictObject({
  /** SNI. Absent = the host name where it is a name; null = none is sent. */
  serverName: z.string().min(1).max(253).nullable().optional(),
  /** Off = any certificate is taken, and the result says what was wrong with it. */
  verify: z.boolean().default(true),
  /** Absent = what the protocol needs; empty = no ALPN. */
  alpn: z
    .array(z.enum(['h2', 'http/1.1']))
    .max(2)
    .optional(),
  maxVersion: z.enum(['TLSv1.2', 'TLSv1.3']).default('TLSv1.3'),
  /** Id of a certificate of the store, shown to servers that ask for one; absent = none. */
  clientCertificate: identifierSchema.optional(),
});

const repeatSchema = z.strictObject({
  times: z.int().min(1).max(clientBounds.repeatTimes),
  /** null = the next one as soon as a connection is free. */
  perSecond: z.number().min(0.1).max(clientBounds.repeatPerSecond).nullable().default(null),
  concurrency: z.int().min(1).max(clientBounds.repeatConcurrency).default(1),
  /** Off = a new connection for each. HTTP/2 with it on: all are streams of one connection. */
  reuse: z.boolean().default(true),
  /** Responses are counted by this header: by endpoint, where endpoints say their name in it. */
  countBy: fieldName.default('x-served-by'),
});

export const clientMessageSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('text'), text: z.string().max(clientBounds.textBytes) }),
  z.strictObject({ kind: z.literal('binary'), data: z.base64().max(clientBounds.base64Characters) }),
  z.strictObject({ kind: z.literal('ping') }),
  z.strictObject({
    kind: z.literal('close'),
    /** 1000, or 3000 to 4999 (RFC 6455 7.4). */
    code: z
      .int()
      .refine(
        (code) => code === 1000 || (code >= 3000 && code <= 4999),
        'a close code is 1000 or 3000 to 4999',
      )
      .default(1000),
    /** At most 123 bytes. */
    reason: z
      .string()
      .max(123)
      .refine((text) => new TextEncoder().encode(text).length <= 123, 'a close reason has at most 123 bytes')
      .default(''),
  }),
]);

/** Names one send; its caller makes it up. */
export const sendIdSchema = z.string().regex(/^[\w-]{1,64}$/);

export const clientRequestSchema = z
  .strictObject({
    /** A running listener, or an address of this machine: loopback, or one that a running listener is bound to. */
    target: z.union([
      z.strictObject({ listener: z.string().min(1).max(63) }),
      z.strictObject({ address: z.string().min(1).max(64), port: z.int().min(1).max(65_535) }),
    ]),
    /** "host:port": a forward proxy is asked for a tunnel to it first (CONNECT); all else goes through that. */
    tunnel: z
      .string()
      .max(300)
      .regex(/^[\x21-\x7e]+:\d{1,5}$/, 'a tunnel goes to host:port')
      .optional(),
    /** null = in the clear. */
    tls: tlsSchema.nullable().default(null),
    message: z.discriminatedUnion('kind', [httpSchema, webSocketSchema, rawSchema]),
    /** Only of `http`. */
    repeat: repeatSchema.optional(),
    /** It failed when nothing was read or written for so long, in milliseconds. */
    idleTimeoutMs: z.int().min(50).max(clientBounds.durationMs).default(30_000),
  })
  .refine(({ repeat, message }) => repeat === undefined || message.kind === 'http', {
    path: ['repeat'],
    message: 'only an HTTP request can be repeated',
  });

/** With its defaults filled in. */
export type ClientRequest = z.output<typeof clientRequestSchema>;
/** As a caller writes it. */
export type ClientRequestInput = z.input<typeof clientRequestSchema>;
export type ClientMessage = z.output<typeof clientMessageSchema>;
export type ClientBytes = z.output<typeof bytesSchema>;
export type PiecePlan = z.output<typeof piecesSchema>;
export type HttpMessage = z.output<typeof httpSchema>;
export type WebSocketMessage = z.output<typeof webSocketSchema>;
export type RawMessage = z.output<typeof rawSchema>;
export type ClientTlsOptions = z.output<typeof tlsSchema>;
export type RepeatPlan = z.output<typeof repeatSchema>;
