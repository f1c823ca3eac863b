// TLS towards endpoints as OpenSSL wants it, one object per pool. It is kept from one apply to the next while the
// pool's `tls` and its key material stay the same: idle connections and sessions belong to the object, so neither
// outlives a change of what is trusted.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { Pool, Workspace } from '../../contract/config';
import type { ConfigIssue } from '../../contract/configIssue';
import type { CertificateMap, CertificateMaterial } from '../certificateContexts';

/** Sessions kept per pool for resuming; the oldest goes. */
const maxSessions = 256;

export class UpstreamTls {
  /** By endpoint and server name. */
  readonly #sessions = new Map<string, Buffer>();

  constructor(
    readonly context: SecureContext,
    readonly verify: boolean,
    /** null = the endpoint's host name, or what the client asked for. */
    readonly serverName: string | null,
  ) {}

  session(key: string): Buffer | undefined {
    return this.#sessions.get(key);
  }

  keepSession(key: string, session: Buffer): void {
    this.#sessions.delete(key);
    this.#sessions.set(key, session);
    if (this.#sessions.size <= maxSessions) return;
    for (const oldest of this.#sessions.keys()) {
      this.#sessions.delete(oldest);
      return;
    }
  }

  /** After a failure the next attempt begins anew. */
  forgetSession(key: string): void {
    this.#sessions.delete(key);
  }
}

export interface PreparedUpstreamTls {
  /** By pool id. */
  readonly poolTls: ReadonlyMap<string, UpstreamTls>;
  readonly issues: readonly ConfigIssue[];
}

interface Known {
  readonly settings: string;
  readonly materials: readonly CertificateMaterial[];
  readonly tls: UpstreamTls;
}

export class UpstreamTlsContexts {
  #known = new Map<string, Known>();

  /** Issues name the pool's field; then the returned map is not complete. */
  prepare(workspace: Workspace, certificates: CertificateMap): PreparedUpstreamTls {
    const used = new Map<string, Known>();
    const issues: ConfigIssue[] = [];
    workspace.pools.forEach((pool, index) => {
      if (pool.tls === undefined) return;
      const found = this.#prepare(pool.id, pool.tls, ['pools', index, 'tls'], certificates);
      if (Array.isArray(found)) issues.push(...found);
      else used.set(pool.id, found);
    });
    if (issues.length === 0) this.#known = used;
    return { poolTls: new Map([...used].map(([id, { tls }]) => [id, tls])), issues };
  }

  #prepare(
    id: string,
    tls: NonNullable<Pool['tls']>,
    at: ConfigIssue['path'],
    certificates: CertificateMap,
  ): Known | ConfigIssue[] {
    const issues: ConfigIssue[] = [];
    const find = (name: string, path: ConfigIssue['path']): CertificateMaterial[] => {
      const material = certificates.get(name);
      if (material === undefined) issues.push(missing(name, path));
      return material === undefined ? [] : [material];
    };
    const trusted = tls.caCertificates.flatMap((name, place) => find(name, [...at, 'caCertificates', place]));
    const clientPath = [...at, 'clientCertificate'];
    const own = tls.clientCertificate === undefined ? [] : find(tls.clientCertificate, clientPath);
    if (issues.length > 0) return issues;
    const settings = JSON.stringify(tls);
    const materials = [...trusted, ...own];
    const known = this.#known.get(id);
    if (known !== undefined && known.settings === settings && areSame(known.materials, materials))
      return known;
    try {
      for (const { certificateChainPem, privateKeyPem } of own) checkKey(certificateChainPem, privateKeyPem);
      const context = createSecureContext({
        minVersion: 'TLSv1.2',
        ...(trusted.length === 0 ? {} : { ca: trusted.map((each) => each.certificateChainPem) }),
        ...(own.length === 0 ? {} : { cert: own[0]!.certificateChainPem, key: own[0]!.privateKeyPem! }),
      });
      return { settings, materials, tls: new UpstreamTls(context, tls.verify, tls.serverName ?? null) };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const path = own.length > 0 ? clientPath : [...at, 'caCertificates'];
      const message = `the certificate cannot be used towards endpoints: ${why}. Issue or import it again`;
      return [{ code: 'certificate_mismatch', severity: 'error', path, message }];
    }
  }
}

function checkKey(chainPem: string, keyPem: string | null): void {
  if (keyPem === null) throw new Error('it has no private key here');
  if (!new X509Certificate(chainPem).checkPrivateKey(createPrivateKey(keyPem)))
    throw new Error('its private key belongs to another certificate');
}

function areSame(a: readonly CertificateMaterial[], b: readonly CertificateMaterial[]): boolean {
  return (
    a.length === b.length &&
    a.every(
      (each, index) =>
        each.certificateChainPem === b[index]!.certificateChainPem &&
        each.privateKeyPem === b[index]!.privateKeyPem,
    )
  );
}

function missing(id: string, path: ConfigIssue['path']): ConfigIssue {
  return {
    code: 'certificate_missing',
    severity: 'error',
    path,
    message: `no certificate "${id}" in the certificate store: issue or import it under this id, or name another one`,
  };
}
