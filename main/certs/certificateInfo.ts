// What may be shown of a certificate, with what is wrong about it in words.
import type { CertificateInfo, CertificateWarning, RenewalState } from '../contract/certificate';
import { type CertificateFacts, isIssuedBy, isSelfSigned, oids, readCertificate } from './certificateFacts';
import type { HeldCertificate, StoreContents } from './storeReader';

export interface RenewalFailure {
  readonly message: string;
  /** ISO 8601. */
  readonly at: string;
  readonly attempts: number;
  /** Milliseconds since the epoch. */
  readonly nextAttemptAt: number;
}

const dayMs = 86_400_000;
const soonDays = 30;
/** Clients refuse more of what was issued since September 2020. */
const longDays = 398;

export function certificateInfoOf(
  held: HeldCertificate,
  contents: StoreContents,
  failure: RenewalFailure | null,
  now: number,
): CertificateInfo {
  const { file, facts } = held;
  const serialNumber = facts.x509.serialNumber.toLowerCase();
  const isLocal =
    file.kind === 'ca' || (contents.ca !== null && isIssuedBy(facts.x509, contents.ca.facts.x509));
  const revocation = isLocal
    ? contents.revocations.entries.find((entry) => sameSerial(entry.serialNumber, serialNumber))
    : undefined;
  const renewal = renewalOf(held, failure, now, revocation !== undefined);
  return {
    id: file.id,
    kind: file.kind,
    origin:
      file.origin.type === 'acme'
        ? { type: 'acme', account: file.origin.account, challenge: file.origin.challenge }
        : file.origin,
    subject: facts.subject,
    issuer: facts.issuer,
    serialNumber,
    dnsNames: facts.dnsNames,
    ipAddresses: facts.ipAddresses,
    notBefore: new Date(facts.x509.validFrom).toISOString(),
    notAfter: new Date(facts.x509.validTo).toISOString(),
    keyType: facts.keyType,
    fingerprint: facts.x509.fingerprint256.toLowerCase(),
    hasPrivateKey: held.privateKeyPem !== null,
    isLocal,
    revokedAt: revocation?.revokedAt ?? null,
    renewal,
    warnings: [
      ...(revocation === undefined ? [] : [revokedWarning(revocation.revokedAt)]),
      ...(held.keyProblem === null
        ? []
        : [{ code: 'key_unusable', severity: 'error', message: `${held.keyProblem}` } as const]),
      ...certificateWarnings(facts, file.kind, now, renewal.isAutomatic),
    ],
    certificatePem: facts.pem,
    intermediates: splitPem(file.certificateChainPem).length - 1,
  };
}

/** Leading zeros are written by some and not by others. */
export function sameSerial(a: string, b: string): boolean {
  const bare = (serial: string) => serial.toLowerCase().replace(/^0+/, '');
  return bare(a) === bare(b);
}

/** Each certificate of a chain, as PEM. */
export function splitPem(chainPem: string): string[] {
  return chainPem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
}

export function chainFacts(chainPem: string): CertificateFacts[] {
  return splitPem(chainPem).map((pem) => readCertificate(pem));
}

function renewalOf(
  { file, facts, privateKeyPem }: HeldCertificate,
  failure: RenewalFailure | null,
  now: number,
  isRevoked: boolean,
): RenewalState {
  const { origin, renewal, kind } = file;
  const isPossible =
    kind === 'ca' || (origin.type === 'local' && privateKeyPem !== null) || origin.type === 'acme';
  const canBeAutomatic =
    kind === 'leaf' && (origin.type === 'local' || (origin.type === 'acme' && origin.challenge !== 'dns-01'));
  const isAutomatic = isPossible && canBeAutomatic && renewal.isAutomatic && !isRevoked;
  const due = dueAt(facts, renewal.daysBefore);
  return {
    isPossible,
    isAutomatic,
    daysBefore: renewal.daysBefore,
    nextAttemptAt: isAutomatic ? new Date(Math.max(failure?.nextAttemptAt ?? due, now)).toISOString() : null,
    failure:
      failure === null ? null : { message: failure.message, at: failure.at, attempts: failure.attempts },
  };
}

/** Milliseconds since the epoch. A short-lived certificate is renewed when a third of its life is left. */
export function dueAt(facts: CertificateFacts, daysBefore: number): number {
  const start = Date.parse(facts.x509.validFrom);
  const end = Date.parse(facts.x509.validTo);
  return end - Math.min(daysBefore * dayMs, (end - start) / 3);
}

/** What is wrong with a certificate, or will be soon. */
export function certificateWarnings(
  facts: CertificateFacts,
  kind: CertificateInfo['kind'],
  now: number,
  renewsItself = false,
): CertificateWarning[] {
  return [
    ...dateWarnings(facts, now, renewsItself),
    ...strengthWarnings(facts),
    ...(kind === 'leaf' ? leafWarnings(facts) : []),
  ];
}

function dateWarnings({ x509 }: CertificateFacts, now: number, renewsItself: boolean): CertificateWarning[] {
  const start = Date.parse(x509.validFrom);
  const end = Date.parse(x509.validTo);
  if (end <= now) {
    return [warn('expired', 'error', `it expired on ${day(end)}: clients refuse it; renew or replace it`)];
  }
  if (start > now) {
    const message = `it is valid from ${day(start)} on only: clients refuse it until then, or this clock is wrong`;
    return [warn('not_yet_valid', 'error', message)];
  }
  const days = Math.floor((end - now) / dayMs);
  if (days >= soonDays) return [];
  const left = days === 1 ? '1 day' : `${days} days`;
  const what = renewsItself ? 'it renews itself before that' : 'renew or replace it';
  return [warn('expires_soon', renewsItself ? 'info' : 'warning', `it expires in ${left}: ${what}`)];
}

function strengthWarnings(facts: CertificateFacts): CertificateWarning[] {
  const found: CertificateWarning[] = [];
  const { keyType, keyBits, signature } = facts;
  if (keyType.startsWith('RSA') && keyBits < 2048) {
    found.push(
      warn('weak_key', 'error', `its key (${keyType}) is too short: clients refuse less than RSA 2048`),
    );
  }
  // What signs a root is its own key; nobody checks that signature.
  if (facts.isSignatureWeak && !isSelfSigned(facts)) {
    const message = `it is signed by ${signature}, which can be forged: clients refuse it; have it issued again`;
    found.push(warn('weak_signature', 'error', message));
  }
  return found;
}

function leafWarnings(facts: CertificateFacts): CertificateWarning[] {
  const found: CertificateWarning[] = [];
  if (facts.dnsNames.length + facts.ipAddresses.length === 0) {
    const hasName = /(^|, )CN=/.test(facts.subject);
    const message = hasName
      ? 'its name stands in the subject only: clients look at the alternative names, where there is none'
      : 'it carries no host name and no address: no client accepts it for a server';
    found.push(warn(hasName ? 'name_only_in_subject' : 'no_names', 'error', message));
  }
  if (facts.keyType === 'Ed25519') {
    const message = 'browsers do not accept Ed25519 keys of servers; curl and OpenSSL do';
    found.push(warn('key_refused_by_browsers', 'warning', message));
  }
  const isForServers =
    facts.purposes === null ||
    facts.purposes.includes(oids.serverAuth) ||
    facts.purposes.includes(oids.anyPurpose);
  if (!isForServers) {
    const message = 'it is not meant for servers (extended key usage): clients of a listener refuse it';
    found.push(warn('not_for_servers', 'warning', message));
  }
  const days = Math.round((Date.parse(facts.x509.validTo) - Date.parse(facts.x509.validFrom)) / dayMs);
  if (days > longDays) {
    const message = `it lives ${days} days; Apple's systems refuse more than ${longDays}`;
    found.push(warn('long_lifetime', 'warning', message));
  }
  return found;
}

function revokedWarning(revokedAt: string): CertificateWarning {
  return warn('revoked', 'error', `it was revoked on ${revokedAt.slice(0, 10)}: stop serving it`);
}

function warn(
  code: CertificateWarning['code'],
  severity: CertificateWarning['severity'],
  message: string,
): CertificateWarning {
  return { code, severity, message };
}

function day(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}
