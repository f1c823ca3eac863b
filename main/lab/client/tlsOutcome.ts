// One TLS handshake as a client makes it, and what it means in words. A certificate that is not trusted is told with its
// chain, whether the send goes on or not.
import { isIP } from 'node:net';
import { checkServerIdentity, type TLSSocket } from 'node:tls';
import type { ClientTls } from '../../contract/clientResult';
import { errorCode } from '../../engine/upstream/connectError';
import { peerFacts } from '../../engine/upstream/peerFacts';

/** `name` = what the certificate must be for. */
export function tlsOutcome(socket: TLSSocket, serverName: string | null, name: string): ClientTls {
  const { group, peerChain } = peerFacts(socket);
  const problem = trustProblem(socket, name);
  return {
    version: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher().standardName,
    group: group ?? null,
    alpn: socket.alpnProtocol || null,
    serverName,
    chain: peerChain ?? [],
    isTrusted: problem === null,
    problem,
  };
}

/** SNI holds names only (RFC 6066 3). */
export function serverNameOf(hostname: string): string | null {
  const name = withoutPort(hostname);
  return isIP(name) === 0 ? name : null;
}

/** "shop.test:8443" → "shop.test"; "[::1]:8443" → "::1". */
export function withoutPort(hostname: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d+)?$/.exec(hostname);
  return bracketed?.[1] ?? hostname.replace(/:\d+$/, '');
}

function trustProblem(socket: TLSSocket, name: string): string | null {
  if (!socket.authorized) {
    const error: unknown = socket.authorizationError;
    const code = typeof error === 'string' ? error : (errorCode(error) ?? String(error ?? ''));
    return `the certificate ${refusals[code] ?? `is not trusted (${code})`}`;
  }
  const certificate = socket.getPeerCertificate();
  if (checkServerIdentity(name, certificate) === undefined) return null;
  const names = certificate.subjectaltname?.replaceAll(/(DNS|IP Address):/g, '') ?? 'no name at all';
  return `the certificate is not for "${name}" but for ${names.slice(0, 256)}`;
}

const unknownIssuer = 'is signed by nobody that is trusted here (the local CA and the public authorities)';

const refusals: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'has expired',
  CERT_NOT_YET_VALID: 'is not valid yet',
  CERT_REVOKED: 'was revoked',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'is signed by itself, and not known here',
  SELF_SIGNED_CERT_IN_CHAIN: unknownIssuer,
  UNABLE_TO_GET_ISSUER_CERT: unknownIssuer,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownIssuer,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownIssuer,
  INVALID_PURPOSE: 'is not meant for servers',
};

/** Why a handshake came to nothing. */
export function handshakeProblem(error: unknown, maxVersion: string): string {
  const code = errorCode(error) ?? '';
  const known = failures.find(([part]) => code.includes(part));
  if (known !== undefined) return known[1].replace('MAX', maxVersion);
  const reason =
    error instanceof Error && 'reason' in error && typeof error.reason === 'string'
      ? error.reason
      : error instanceof Error
        ? error.message.trim()
        : String(error);
  return code.includes('ALERT') ? `the server ended it: ${reason}` : reason;
}

const closed =
  'the server closed the connection during it; a listener that passes TLS through does so for a server name without a route';

/** By a part of the code that Node or OpenSSL gives. */
const failures: readonly (readonly [string, string])[] = [
  ['ECONNRESET', closed],
  ['EPIPE', closed],
  ['WRONG_VERSION_NUMBER', 'what answers there does not speak TLS: send without it'],
  ['PACKET_LENGTH_TOO_LONG', 'what answers there does not speak TLS: send without it'],
  ['HTTP_REQUEST', 'what answers there does not speak TLS: send without it'],
  ['UNRECOGNIZED_NAME', 'the server has no certificate for that server name'],
  ['NO_APPLICATION_PROTOCOL', 'the server speaks none of the protocols that ALPN offered'],
  ['CERTIFICATE_REQUIRED', 'the server wants a client certificate: choose one of the store'],
  ['ALERT_UNKNOWN_CA', 'the server does not trust the client certificate'],
  ['ALERT_PROTOCOL_VERSION', 'the server speaks no TLS version up to MAX'],
  ['UNSUPPORTED_PROTOCOL', 'the server speaks no TLS version up to MAX'],
];
