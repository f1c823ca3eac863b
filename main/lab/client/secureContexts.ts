// What the client trusts and shows, as OpenSSL wants it. Reading the public authorities takes tens of milliseconds, in which the
// proxy in the same process stands still: so it is done once for each choice, not for each connection.
import { createHash } from 'node:crypto';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import type { ClientTlsOptions } from '../../contract/clientRequest';

/** PEM; only for the handshake. */
export interface ClientCertificate {
  readonly certificateChainPem: string;
  readonly privateKeyPem: string;
}

export interface ClientTrust {
  /** PEM certificates to trust besides the public authorities. */
  readonly trustedCertificates: readonly string[];
  /** Shown to a server that asks for one. */
  readonly clientCertificate: ClientCertificate | null;
}

/** The newest last. */
const known = new Map<string, SecureContext>();
const mostKnown = 8;

export function secureContextOf(
  trust: ClientTrust,
  maxVersion: ClientTlsOptions['maxVersion'],
): SecureContext {
  const { trustedCertificates, clientCertificate } = trust;
  const own =
    clientCertificate === null
      ? []
      : [clientCertificate.certificateChainPem, clientCertificate.privateKeyPem];
  const parts = JSON.stringify([maxVersion, trustedCertificates, own]);
  const key = createHash('sha256').update(parts).digest('base64');
  const context = known.get(key) ?? makeContext(trust, maxVersion);
  known.delete(key);
  known.set(key, context);
  if (known.size > mostKnown) known.delete(known.keys().next().value!);
  return context;
}

function makeContext(
  { trustedCertificates, clientCertificate }: ClientTrust,
  maxVersion: ClientTlsOptions['maxVersion'],
): SecureContext {
  return createSecureContext({
    ca: [...rootCertificates, ...trustedCertificates],
    minVersion: 'TLSv1.2',
    maxVersion,
    ...(clientCertificate === null
      ? {}
      : { cert: clientCertificate.certificateChainPem, key: clientCertificate.privateKeyPem }),
  });
}
