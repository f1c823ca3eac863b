// A sample server as an endpoint: what it takes in the draft, and what it needs there. Pure.
import type { WorkspaceDocument } from '../../../main/contract/config';
import type { ConfigEdit, EndpointDocument } from '../../../main/contract/configEdit';
import type { SampleServer } from '../../../main/contract/sampleApi';

type Place = Pick<SampleServer, 'address' | 'port'>;

export function isInPool(document: WorkspaceDocument, pool: string, { address, port }: Place): boolean {
  const endpoints = document.pools?.find(({ id }) => id === pool)?.endpoints ?? [];
  return endpoints.some((endpoint) => endpoint.address === address && endpoint.port === port);
}

/** Adds it; an empty pool also learns to speak HTTP/2 where the sample needs that. */
export function sampleEdits(document: WorkspaceDocument, pool: string, server: SampleServer): ConfigEdit[] {
  const { address, port, kind } = server;
  const isEmpty = document.pools?.find(({ id }) => id === pool)?.endpoints.length === 0;
  return [
    { type: 'addEndpoint', pool, endpoint: { address, port } },
    ...(isEmpty && kind === 'h2'
      ? [{ type: 'updatePool' as const, id: pool, patch: { protocol: 'h2' as const } }]
      : []),
  ];
}

/** Endpoints of the draft that lead to a sample's usual port while the sample itself had to take another one. */
export function strandedEndpoints(
  document: WorkspaceDocument,
  { address, port, usualPort }: Pick<SampleServer, 'address' | 'port' | 'usualPort'>,
): { readonly pool: string; readonly index: number }[] {
  if (port === usualPort) return [];
  return (document.pools ?? []).flatMap(({ id, endpoints }) =>
    endpoints.flatMap((endpoint, index) =>
      isHere(endpoint.address, address) && endpoint.port === usualPort ? [{ pool: id, index }] : [],
    ),
  );
}

/** Leads them to where the sample listens. */
export function followSample(document: WorkspaceDocument, server: SampleServer): ConfigEdit[] {
  return strandedEndpoints(document, server).map(({ pool, index }) => ({
    type: 'updateEndpoint',
    pool,
    index,
    patch: { port: server.port },
  }));
}

/** What the pool must still be told before this sample answers through it; null = nothing. */
export function sampleNeeds(document: WorkspaceDocument, id: string, server: SampleServer): string | null {
  const pool = document.pools?.find((item) => item.id === id);
  if (server.kind === 'h2' && pool?.protocol !== 'h2')
    return `Sample ${server.name} speaks HTTP/2 only: set the protocol of pool ${id} to HTTP/2.`;
  if (server.kind === 'tls' && pool?.tls === undefined)
    return `Sample ${server.name} speaks TLS: lead a TLS passthrough route to pool ${id}, or switch on its TLS to endpoints.`;
  if (server.kind === 'tcp') return `Sample ${server.name} speaks no HTTP: lead a TCP route to pool ${id}.`;
  return null;
}

/** The sample whose port an endpoint names. */
export function sampleOf<Server extends Place>(
  servers: readonly Server[],
  { address, port }: EndpointDocument,
): Server | undefined {
  return servers.find((server) => server.port === port && isHere(address, server.address));
}

function isHere(address: string, sampleAddress: string): boolean {
  return address === sampleAddress || address === 'localhost';
}
