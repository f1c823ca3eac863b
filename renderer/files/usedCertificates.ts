import type { WorkspaceDocument } from '../../main/contract/config';

/** Ids of the certificates that a workspace names, each once. */
export function usedCertificates({ listeners = [], pools = [] }: WorkspaceDocument): string[] {
  const named = [
    ...listeners.flatMap(({ tls }) => [
      ...(tls?.certificates ?? []),
      ...(tls?.clientCertificates?.caCertificates ?? []),
    ]),
    ...pools.flatMap(({ tls }) => [
      ...(tls?.caCertificates ?? []),
      ...(tls?.clientCertificate === undefined ? [] : [tls.clientCertificate]),
    ]),
  ];
  return [...new Set(named)];
}
