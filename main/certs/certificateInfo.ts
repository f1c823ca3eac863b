import { X509Certificate } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { CertificateInfo, CertificateOrigin } from '../contract/certificate';

/** What may be shown of a certificate. Throws when the PEM is none. */
export function certificateInfoOf(
  id: string,
  kind: CertificateInfo['kind'],
  certificatePem: string,
  state: {
    readonly hasPrivateKey: boolean;
    readonly caPem: string | null;
    readonly origin: CertificateOrigin;
  },
): CertificateInfo {
  const certificate = new X509Certificate(certificatePem);
  const names = new x509.X509Certificate(certificatePem)
    .getExtension(x509.SubjectAlternativeNameExtension)
    ?.names.toJSON();
  return {
    id,
    kind,
    origin: state.origin,
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    serialNumber: certificate.serialNumber.toLowerCase(),
    dnsNames: (names ?? []).filter((name) => name.type === 'dns').map((name) => name.value),
    ipAddresses: (names ?? []).filter((name) => name.type === 'ip').map((name) => name.value),
    notBefore: new Date(certificate.validFrom).toISOString(),
    notAfter: new Date(certificate.validTo).toISOString(),
    keyType: keyTypeOf(certificate),
    fingerprint: certificate.fingerprint256.toLowerCase(),
    hasPrivateKey: state.hasPrivateKey,
    isLocal: state.caPem !== null && isIssuedBy(certificate, new X509Certificate(state.caPem)),
    revokedAt: null,
    renewal: {
      isPossible: state.origin.type === 'local',
      isAutomatic: false,
      daysBefore: 30,
      nextAttemptAt: null,
      failure: null,
    },
    warnings: [],
    certificatePem,
    intermediates: 0,
  };
}

function isIssuedBy(certificate: X509Certificate, ca: X509Certificate): boolean {
  return certificate.checkIssued(ca) && certificate.verify(ca.publicKey);
}

function keyTypeOf(certificate: X509Certificate): string {
  const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey;
  if (asymmetricKeyType === 'ec') {
    const curve = asymmetricKeyDetails?.namedCurve ?? 'unknown curve';
    return `ECDSA ${curve === 'prime256v1' ? 'P-256' : curve}`;
  }
  if (asymmetricKeyType === 'rsa') return `RSA ${asymmetricKeyDetails?.modulusLength ?? ''}`.trimEnd();
  return asymmetricKeyType ?? 'unknown';
}

function oneLine(name: string | undefined): string {
  return (name ?? '').split('\n').join(', ');
}
