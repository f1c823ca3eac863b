// What clients are shown of a certificate, for the log. Read from its PEM when somebody first wants to see it.
import { X509Certificate } from 'node:crypto';
import { maxChainCertificates, type PeerCertificate } from '../contract/flowEvent';

export class ServedChain {
  #certificates: readonly PeerCertificate[] | null = null;

  constructor(private readonly chainPem: string) {}

  /** The served certificate first; at most `maxChainCertificates`. */
  get certificates(): readonly PeerCertificate[] {
    this.#certificates ??= (this.chainPem.match(pemPattern) ?? [])
      .slice(0, maxChainCertificates)
      .map((pem) => factsOf(new X509Certificate(pem)));
    return this.#certificates;
  }
}

const pemPattern = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

function factsOf(certificate: X509Certificate): PeerCertificate {
  return {
    subject: nameOf(certificate.subject),
    issuer: nameOf(certificate.issuer),
    names: cut(certificate.subjectAltName ?? ''),
    validFrom: cut(certificate.validFrom),
    validTo: cut(certificate.validTo),
    serialNumber: cut(certificate.serialNumber),
    fingerprint: certificate.fingerprint256,
  };
}

/** "O=Shop\nCN=shop.test" → "CN=shop.test, O=Shop", as RFC 4514 writes it. */
function nameOf(lines: string | undefined): string {
  return cut((lines ?? '').split('\n').reverse().join(', '));
}

function cut(text: string): string {
  return text.slice(0, 256);
}
