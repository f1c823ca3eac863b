// "What does this listener serve for that name?": answered by a real TLS handshake, as a client would do it.

import { isIP } from 'node:net';
import { connect, type PeerCertificate, rootCertificates, type TLSSocket } from 'node:tls';
import { type CertificateFacts, readCertificate } from '../certs/certificateFacts';
import type { CertificateService } from '../certs/certificateService';
import type { BoundListener } from '../contract/api';
import { AppError } from '../contract/appError';
import type { ServedCertificateInfo, ServedCheck } from '../contract/certificateDetails';
import { reachableAddress } from '../contract/reachableAddress';

const timeoutMs = 5000;
const mostCertificates = 10;

/** A handshake that fails is an answer, too. Throws `invalid_input` for a listener that speaks no TLS. */
export async function checkServed(
  listener: BoundListener,
  serverName: string | null,
  certificates: CertificateService,
): Promise<ServedCheck> {
  if (listener.protocol !== 'https' && listener.protocol !== 'tls') {
    throw new AppError('invalid_input', `listener "${listener.id}" speaks ${listener.protocol}, not TLS`);
  }
  const startedAt = performance.now();
  const address = reachableAddress(listener);
  const socket = connect({
    host: address,
    port: listener.port,
    ...(serverName === null || isIP(serverName) !== 0 ? { servername: '' } : { servername: serverName }),
    ca: [...rootCertificates, ...trustedHere(certificates)],
    ALPNProtocols: ['h2', 'http/1.1'],
    // Everything is looked at, accepted or not; nothing is sent.
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
  });
  const problem = await handshake(socket);
  const chain = problem === null ? chainOf(socket.getPeerCertificate(true)) : [];
  const leaf = chain[0];
  const refusal = leaf === undefined ? problem : refusalOf(socket, leaf, serverName, certificates);
  const check: ServedCheck = {
    peer: address.includes(':') ? `[${address}]:${listener.port}` : `${address}:${listener.port}`,
    serverName,
    chain: chain.map(infoOf),
    certificate: leaf === undefined ? null : idOf(leaf, certificates),
    protocol: problem === null ? socket.getProtocol() : null,
    cipher: problem === null ? socket.getCipher().standardName : null,
    alpn: socket.alpnProtocol || null,
    isAccepted: refusal === null && leaf !== undefined,
    problem: refusal,
    durationMs: Math.round((performance.now() - startedAt) * 10) / 10,
  };
  socket.destroy();
  return check;
}

/** null = done; else why not, in words. */
function handshake(socket: TLSSocket): Promise<string | null> {
  return new Promise((resolve) => {
    socket.setTimeout(timeoutMs, () => resolve(`no answer within ${timeoutMs / 1000} seconds`));
    socket.once('secureConnect', () => resolve(null));
    socket.on('error', (error) => resolve(`the handshake failed: ${reasonOf(error)}`));
    socket.once('close', () => resolve('the listener closed the connection during the handshake'));
  });
}

function reasonOf(error: Error): string {
  return 'reason' in error && typeof error.reason === 'string' ? error.reason : error.message;
}

function trustedHere(certificates: CertificateService): string[] {
  const { ca } = certificates.info();
  return ca === null ? [] : [ca.certificatePem];
}

function chainOf(peer: PeerCertificate | null): CertificateFacts[] {
  const chain: CertificateFacts[] = [];
  const seen = new Set<string>();
  let each = peer as (PeerCertificate & { issuerCertificate?: PeerCertificate }) | null | undefined;
  while (each?.raw !== undefined && !seen.has(each.fingerprint256) && chain.length < mostCertificates) {
    seen.add(each.fingerprint256);
    chain.push(readCertificate(each.raw));
    each = each.issuerCertificate as typeof each;
  }
  return chain;
}

function refusalOf(
  socket: TLSSocket,
  leaf: CertificateFacts,
  serverName: string | null,
  certificates: CertificateService,
): string | null {
  const error = socket.authorizationError as unknown;
  const code =
    error instanceof Error ? ('code' in error ? String(error.code) : error.message) : String(error ?? '');
  if (!socket.authorized) return refusals[code] ?? `clients do not trust it (${code})`;
  if (serverName !== null && !fits(leaf, serverName)) {
    const names = [...leaf.dnsNames, ...leaf.ipAddresses].join(', ') || 'no name at all';
    return `it is not for "${serverName}" but for ${names}`;
  }
  const held = certificates.info().certificates.find((each) => each.fingerprint === fingerprint(leaf));
  return held?.revokedAt == null ? null : `it was revoked on ${held.revokedAt.slice(0, 10)}`;
}

const refusals: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'it has expired',
  CERT_NOT_YET_VALID: 'it is not valid yet',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is signed by itself, and clients do not know it',
  SELF_SIGNED_CERT_IN_CHAIN: 'its root is not one that clients know',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'the certificate of its issuer is not sent with it, and clients do not know it',
  UNABLE_TO_GET_ISSUER_CERT: 'the certificate of its issuer is missing',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its issuer is not one that clients know',
  INVALID_PURPOSE: 'it is not meant for servers',
};

function fits(leaf: CertificateFacts, serverName: string): boolean {
  const isAddress = isIP(serverName) !== 0;
  return (isAddress ? leaf.x509.checkIP(serverName) : leaf.x509.checkHost(serverName)) !== undefined;
}

function idOf(leaf: CertificateFacts, certificates: CertificateService): string | null {
  return certificates.info().certificates.find((each) => each.fingerprint === fingerprint(leaf))?.id ?? null;
}

function fingerprint({ x509 }: CertificateFacts): string {
  return x509.fingerprint256.toLowerCase();
}

function infoOf(facts: CertificateFacts): ServedCertificateInfo {
  const { x509, subject, issuer, dnsNames, ipAddresses, keyType } = facts;
  return {
    subject,
    issuer,
    fingerprint: fingerprint(facts),
    serialNumber: x509.serialNumber.toLowerCase(),
    dnsNames,
    ipAddresses,
    notBefore: new Date(x509.validFrom).toISOString(),
    notAfter: new Date(x509.validTo).toISOString(),
    keyType,
  };
}
