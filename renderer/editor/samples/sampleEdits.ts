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
  const isHere = address === '127.0.0.1' || address === 'localhost';
  return isHere ? servers.find((server) => server.port === port) : undefined;
}
