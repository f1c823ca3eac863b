import type { CertificateInfo } from '../../main/contract/certificate';
import { type CertificateUse, certificateUses } from '../../main/contract/certificateCoverage';
import type { WorkspaceDocument } from '../../main/contract/config';
import type { ConfigEdit } from '../../main/contract/configEdit';

/** "web, secure" or "trusted by pool shop": who uses a certificate, in words; empty = nobody. */
export function usesInWords(document: WorkspaceDocument, id: string): string[] {
  return certificateUses(document, id).map(wordsOfUse);
}

function wordsOfUse(use: CertificateUse): string {
  if (use.role === 'serves') return use.id;
  if (use.role === 'trusts') return `trusted by ${use.place} ${use.id}`;
  return `shown by pool ${use.id}`;
}

/** Listeners that could serve a certificate. */
export function tlsListeners(document: WorkspaceDocument): string[] {
  return (document.listeners ?? [])
    .filter(({ protocol }) => protocol === 'https' || protocol === 'tls')
    .map(({ id }) => id);
}

/** Adds the certificate to what the listener serves, behind those that it has. */
export function serveCertificate(
  document: WorkspaceDocument,
  listener: string,
  certificate: string,
): ConfigEdit[] {
  const found = document.listeners?.find(({ id }) => id === listener);
  if (found === undefined) return [];
  const before = found.tls?.certificates ?? [];
  if (before.includes(certificate)) return [];
  const tls = { ...found.tls, certificates: [...before, certificate] };
  return [{ type: 'updateListener', id: listener, patch: { tls } }];
}

/** What a certificate is called in a list: its names, else the common name. */
export function titleOf(info: Pick<CertificateInfo, 'dnsNames' | 'ipAddresses' | 'subject'>): string {
  const names = [...info.dnsNames, ...info.ipAddresses];
  return names.length === 0 ? commonName(info.subject) : names.join(', ');
}

/** "CN=Hopscope local CA, O=Hopscope" → "Hopscope local CA"; a name without CN stays as it is. */
export function commonName(subject: string): string {
  return /(?:^|, ?)CN=((?:\\.|[^,])+)/.exec(subject)?.[1] ?? subject;
}
