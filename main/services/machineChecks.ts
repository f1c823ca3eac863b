// What can be wrong with a valid workspace on this machine: certificates that the store does not have or that do not fit,
// ports and addresses that cannot be bound.
import { X509Certificate } from 'node:crypto';
import { createServer } from 'node:net';
import type { CertificateMaterial } from '../certs/certificateService';
import type { BoundListener } from '../contract/api';
import { coversName } from '../contract/certificateCoverage';
import type { Listener, Workspace } from '../contract/config';
import type { ConfigIssue } from '../contract/configIssue';
import { availableCodings, type ContentCoding } from '../engine/filter/contentCoding';
import { findPortHolder } from '../engine/listener/portHolder';

export type CertificateMaterials = ReadonlyMap<
  string,
  Pick<CertificateMaterial, 'dnsNames'> &
    Partial<Pick<CertificateMaterial, 'privateKeyPem' | 'certificateChainPem'>>
>;

export function checkCertificates(
  workspace: Workspace,
  materials: CertificateMaterials,
  now: number = Date.now(),
): ConfigIssue[] {
  const issues: ConfigIssue[] = [
    ...missingTrust(workspace, materials),
    ...missingClient(workspace, materials),
  ];
  for (const [index, listener] of workspace.listeners.entries()) {
    for (const [place, id] of (listener.tls?.certificates ?? []).entries()) {
      if (!hasKey(materials, id))
        issues.push(missingKey(id, ['listeners', index, 'tls', 'certificates', place]));
    }
  }
  if (issues.length > 0) return issues;
  return [...checkNames(workspace, materials), ...checkValidity(workspace, materials, now)];
}

/** Warns of certificates that clients refuse because of their dates. The engine serves them all the same. */
function checkValidity(
  { listeners }: Workspace,
  materials: CertificateMaterials,
  now: number,
): ConfigIssue[] {
  return listeners.flatMap(({ tls }, index) =>
    (tls?.certificates ?? []).flatMap((id, place): ConfigIssue[] => {
      const chain = materials.get(id)?.certificateChainPem;
      const problem = chain === undefined ? null : dateProblem(new X509Certificate(chain), now);
      if (problem === null) return [];
      const path = ['listeners', index, 'tls', 'certificates', place];
      const message = `certificate "${id}" ${problem}, so clients will not trust it; renew it or name another one`;
      return [{ code: 'certificate_expired', severity: 'warning', path, message }];
    }),
  );
}

function dateProblem({ validFrom, validTo }: X509Certificate, now: number): string | null {
  if (Date.parse(validTo) < now) return `expired on ${validTo}`;
  return Date.parse(validFrom) > now ? `is valid only from ${validFrom} on` : null;
}

/** Warns of compress filters of which this Node can do nothing: the app's can do all, an older one has no zstd. */
export function checkCodings(
  { routes }: Workspace,
  available: ReadonlySet<ContentCoding> = availableCodings,
): ConfigIssue[] {
  return routes.flatMap((route, index) =>
    route.kind !== 'http'
      ? []
      : route.filters.flatMap((filter, position): ConfigIssue[] => {
          if (filter.type !== 'compress' || filter.encodings.some((coding) => available.has(coding)))
            return [];
          const path = ['routes', index, 'filters', position, 'encodings'];
          const message = `this Node (${process.version}) cannot compress with ${filter.encodings.join(', ')}, so nothing is compressed; add br or gzip`;
          return [{ code: 'invalid_value', severity: 'warning', path, message }];
        }),
  );
}

function missingClient({ pools }: Workspace, materials: CertificateMaterials): ConfigIssue[] {
  return pools.flatMap(({ tls }, index) => {
    const id = tls?.clientCertificate;
    if (id === undefined || hasKey(materials, id)) return [];
    return [missingKey(id, ['pools', index, 'tls', 'clientCertificate'])];
  });
}

/** Whom to trust is said by ids too; a key is not needed for that. */
function missingTrust({ listeners, pools }: Workspace, materials: CertificateMaterials): ConfigIssue[] {
  const named = [
    ...listeners.flatMap(({ tls }, index) =>
      (tls?.clientCertificates.caCertificates ?? []).map((id, place) => ({
        id,
        path: ['listeners', index, 'tls', 'clientCertificates', 'caCertificates', place],
      })),
    ),
    ...pools.flatMap(({ tls }, index) =>
      (tls?.caCertificates ?? []).map((id, place) => ({
        id,
        path: ['pools', index, 'tls', 'caCertificates', place],
      })),
    ),
  ];
  return named
    .filter(({ id }) => !materials.has(id))
    .map(({ id, path }) => {
      const advice =
        id === 'ca' ? 'make the local authority ("hopscope cert ca")' : 'import it, or name another one';
      const message = `the store has no certificate "${id}": ${advice}`;
      return { code: 'certificate_missing', severity: 'error', path, message };
    });
}

function hasKey(materials: CertificateMaterials, id: string): boolean {
  const material = materials.get(id);
  return material !== undefined && material.privateKeyPem !== null;
}

function missingKey(id: string, path: ConfigIssue['path']): ConfigIssue {
  const message = `the store has no certificate "${id}" with a key; issue it ("hopscope cert issue NAME --id ${id}") or name another one`;
  return { code: 'certificate_missing', severity: 'error', path, message };
}

/** Warns of host names for which clients would be shown a certificate of another name. */
function checkNames(workspace: Workspace, materials: CertificateMaterials): ConfigIssue[] {
  const issues: ConfigIssue[] = [];
  for (const [index, route] of workspace.routes.entries()) {
    if (route.kind === 'tcp' || (route.kind === 'tls' && route.mode === 'passthrough')) continue;
    for (const [place, hostname] of route.hostnames.entries()) {
      const bare = workspace.listeners.find(
        (listener) =>
          route.listeners.includes(listener.id) &&
          (listener.protocol === 'https' || listener.protocol === 'tls') &&
          (listener.tls?.certificates.length ?? 0) > 0 &&
          !listener.tls!.certificates.some((id) => coversName(materials.get(id)?.dnsNames ?? [], hostname)),
      );
      if (bare === undefined) continue;
      issues.push({
        code: 'certificate_mismatch',
        severity: 'warning',
        path: ['routes', index, 'hostnames', place],
        message: `no certificate of listener "${bare.id}" covers ${hostname}, so clients will not trust it; issue one for that name and add it to the listener`,
      });
    }
  }
  return issues;
}

/** Tries to bind what is not bound by us already, and lets go at once. */
export async function checkPorts(
  workspace: Workspace,
  bound: readonly BoundListener[],
): Promise<ConfigIssue[]> {
  const found: ConfigIssue[] = [];
  for (const [index, listener] of workspace.listeners.entries()) {
    const isOurs = bound.some((each) => each.port === listener.port && each.address === listener.address);
    if (listener.port === 0 || isOurs) continue;
    const code = await bindError(listener);
    if (code === null) continue;
    const holder = code === 'EADDRINUSE' ? await findPortHolder(listener.port) : null;
    found.push(portIssue(listener, index, code, holder));
  }
  return found;
}

function bindError(listener: Listener): Promise<string | null> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    probe.listen({ host: listener.address, port: listener.port, exclusive: true }, () => {
      probe.close(() => resolve(null));
    });
  });
}

function portIssue(listener: Listener, index: number, code: string, holder: string | null): ConfigIssue {
  const { address, port } = listener;
  const base = { severity: 'error', path: ['listeners', index, 'port'] } as const;
  if (code === 'EADDRINUSE') {
    const message = `port ${port} on ${address} is in use by ${holder ?? 'another program'}; stop that program or choose another port (0 = any free one)`;
    return { ...base, code: 'port_in_use', message };
  }
  if (code === 'EACCES' && port < 1024) {
    const message = `port ${port} is below 1024 and needs more rights than this program has; choose a port from 1024 on, such as ${port + 8000}`;
    return { ...base, code: 'privileged_port', message };
  }
  return {
    ...base,
    code: 'address_unavailable',
    path: ['listeners', index, 'address'],
    message: `${address} cannot be listened on here (${code}); use an address of this machine, such as 127.0.0.1`,
  };
}
