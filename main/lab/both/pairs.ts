// The pairs of "send through both": for each two ways to the same endpoint that differ in one thing. Pure.
import type { BothPair } from '../../contract/bothApi';
import type { ListenerDocument, PoolDocument, RouteDocument, WorkspaceDocument } from '../../contract/config';
import type { SampleName } from '../../contract/sampleApi';

export interface PairPlan {
  readonly sample: SampleName;
  readonly hostname: string;
  readonly isTls: boolean;
  /** Requests on one client connection; the last one is compared. */
  readonly requests: number;
  /** The listeners' ids. */
  readonly a: string;
  readonly b: string;
  document(endpoint: { readonly address: string; readonly port: number }): WorkspaceDocument;
}

/** Ids of the certificate that a terminating way shows, and of the authority that the TLS sample's certificate is from. */
export const bothCertificate = 'both';
export const sampleAuthority = 'samples';

type Endpoint = PoolDocument['endpoints'][number];
type HttpRoute = Extract<RouteDocument, { kind: 'http' }>;

const listener = (id: string, protocol: ListenerDocument['protocol']): ListenerDocument => ({
  id,
  port: 0,
  protocol,
});

const pool = (id: string, endpoint: Endpoint, more: Partial<PoolDocument> = {}): PoolDocument => ({
  id,
  endpoints: [endpoint],
  ...more,
});

const httpRoute = (id: string, more: Partial<HttpRoute> = {}, to = id): HttpRoute => ({
  id,
  kind: 'http',
  listeners: [id],
  backends: [{ pool: to }],
  // As much as can be sent at all.
  bufferBytes: 16_777_216,
  ...more,
});

const plain = { sample: 'apple', hostname: 'both.test', isTls: false, requests: 1 } as const;

export const pairPlans: Readonly<Record<BothPair, PairPlan>> = {
  layers: {
    ...plain,
    a: 'both-l4',
    b: 'both-l7-buffered',
    document: (endpoint) => ({
      schemaVersion: 1,
      listeners: [listener('both-l4', 'tcp'), listener('both-l7-buffered', 'http')],
      routes: [
        { id: 'both-l4', kind: 'tcp', listeners: ['both-l4'], backends: [{ pool: 'both-l4' }] },
        httpRoute('both-l7-buffered'),
      ],
      pools: [pool('both-l4', endpoint), pool('both-l7-buffered', endpoint)],
    }),
  },
  buffering: {
    ...plain,
    a: 'both-l7-buffered',
    b: 'both-l7-streamed',
    document: (endpoint) => ({
      schemaVersion: 1,
      listeners: [listener('both-l7-buffered', 'http'), listener('both-l7-streamed', 'http')],
      routes: [httpRoute('both-l7-buffered'), httpRoute('both-l7-streamed', { requestBuffering: 'stream' })],
      pools: [pool('both-l7-buffered', endpoint), pool('both-l7-streamed', endpoint)],
    }),
  },
  reuse: {
    ...plain,
    requests: 2,
    a: 'both-reuse-on',
    b: 'both-reuse-off',
    document: (endpoint) => ({
      schemaVersion: 1,
      listeners: [listener('both-reuse-on', 'http'), listener('both-reuse-off', 'http')],
      routes: [httpRoute('both-reuse-on'), httpRoute('both-reuse-off')],
      pools: [
        pool('both-reuse-on', endpoint),
        pool('both-reuse-off', endpoint, { connections: { reuse: false } }),
      ],
    }),
  },
  tls: {
    sample: 'sealed',
    hostname: 'sealed.test',
    isTls: true,
    requests: 1,
    a: 'both-passthrough',
    b: 'both-terminate',
    document: (endpoint) => ({
      schemaVersion: 1,
      listeners: [
        listener('both-passthrough', 'tls'),
        { ...listener('both-terminate', 'https'), tls: { certificates: [bothCertificate] } },
      ],
      routes: [
        {
          id: 'both-passthrough',
          kind: 'tls',
          listeners: ['both-passthrough'],
          backends: [{ pool: 'both-passthrough' }],
        },
        httpRoute('both-terminate', { requestBuffering: 'stream' }),
      ],
      pools: [
        pool('both-passthrough', endpoint),
        pool('both-terminate', endpoint, {
          tls: { serverName: 'sealed.test', caCertificates: [sampleAuthority] },
        }),
      ],
    }),
  },
};
