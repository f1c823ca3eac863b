// Which certificate a listener would serve for which host name, and which names lack one. Pure: works on a draft, too.
import type { CertificateInfo } from './certificate';
import type { WorkspaceDocument } from './config';

export interface NameCoverage {
  readonly listener: string;
  readonly hostname: string;
  readonly routes: readonly string[];
  /** Id of the certificate of this listener that covers the name; null = clients would be shown one of another name. */
  readonly certificate: string | null;
}

export interface CertificateUse {
  readonly place: 'listener' | 'pool';
  readonly id: string;
  /** `serves`: shown to clients · `trusts`: whose certificates are accepted · `shows`: shown to endpoints. */
  readonly role: 'serves' | 'trusts' | 'shows';
}

export interface NameSuggestion {
  readonly names: readonly string[];
  /** Listeners that the new certificate should be added to. */
  readonly listeners: readonly string[];
}

type Listener = NonNullable<WorkspaceDocument['listeners']>[number];
type Route = NonNullable<WorkspaceDocument['routes']>[number];

/** A row for every host name of a route that a listener decrypts for. */
export function certificateCoverage(
  document: WorkspaceDocument,
  certificates: readonly CertificateInfo[],
): NameCoverage[] {
  const byId = new Map(certificates.map((certificate) => [certificate.id, certificate]));
  return (document.listeners ?? []).filter(isTls).flatMap((listener) => {
    const served = (listener.tls?.certificates ?? []).flatMap((id) => byId.get(id) ?? []);
    return [...namesOf(listener, document.routes ?? [])].map(([hostname, routes]) => ({
      listener: listener.id,
      hostname,
      routes,
      certificate: served.find((certificate) => coversName(certificate.dnsNames, hostname))?.id ?? null,
    }));
  });
}

/** One certificate for each group of listeners with the same uncovered names. */
export function suggestNames(coverage: readonly NameCoverage[]): NameSuggestion[] {
  const missing = new Map<string, string[]>();
  for (const { listener, hostname, certificate } of coverage) {
    if (certificate === null) missing.set(listener, [...(missing.get(listener) ?? []), hostname]);
  }
  const groups = new Map<string, { names: string[]; listeners: string[] }>();
  for (const [listener, names] of missing) {
    const key = [...names].sort().join(' ');
    const group = groups.get(key) ?? { names, listeners: [] };
    group.listeners.push(listener);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** Everything in the workspace that names the certificate. */
export function certificateUses(document: WorkspaceDocument, id: string): CertificateUse[] {
  const uses: CertificateUse[] = [];
  for (const { id: listener, tls } of document.listeners ?? []) {
    if (tls?.certificates?.includes(id)) uses.push({ place: 'listener', id: listener, role: 'serves' });
    if (tls?.clientCertificates?.caCertificates?.includes(id))
      uses.push({ place: 'listener', id: listener, role: 'trusts' });
  }
  for (const { id: pool, tls } of document.pools ?? []) {
    if (tls?.clientCertificate === id) uses.push({ place: 'pool', id: pool, role: 'shows' });
    if (tls?.caCertificates?.includes(id)) uses.push({ place: 'pool', id: pool, role: 'trusts' });
  }
  return uses;
}

/** RFC 9525 6.3: a certificate's wildcard stands for exactly one left-most label. */
export function coversName(dnsNames: readonly string[], hostname: string): boolean {
  const wanted = hostname.toLowerCase();
  return dnsNames.some((name) => {
    const held = name.toLowerCase();
    if (held === wanted) return true;
    const isInside = held.startsWith('*.') && !wanted.startsWith('*.');
    return isInside && wanted.includes('.') && wanted.slice(wanted.indexOf('.')) === held.slice(1);
  });
}

function isTls(listener: Listener): boolean {
  return listener.protocol === 'https' || listener.protocol === 'tls';
}

/** Host names that the listener decrypts for, each with its routes. */
function namesOf(listener: Listener, routes: readonly Route[]): Map<string, string[]> {
  const names = new Map<string, string[]>();
  for (const route of routes) {
    if (route.kind === 'tcp' || !route.listeners.includes(listener.id)) continue;
    const isDecrypted = route.kind === 'http' ? listener.protocol === 'https' : route.mode === 'terminate';
    if (!isDecrypted) continue;
    for (const hostname of route.hostnames ?? []) {
      const key = hostname.toLowerCase();
      names.set(key, [...(names.get(key) ?? []), route.id]);
    }
  }
  return names;
}
