// The certificate that answers a tls-alpn-01 challenge (RFC 8737 3): self-signed, the name alone, and the digest of the key
// authorization in a critical extension.
import 'reflect-metadata';
import { createHash, randomBytes, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { KeyAndCertificate } from '../certificateAuthority';
import { octetString } from '../formats/der';
import { createKeyPair, signerOf } from '../keyPairs';

const acmeIdentifier = '1.3.6.1.5.5.7.1.31';
const hourMs = 3_600_000;

export async function challengeCertificate(
  hostname: string,
  keyAuthorization: string,
): Promise<KeyAndCertificate> {
  const keys = await createKeyPair('ecdsa-p256');
  const signer = await signerOf(keys.privateKeyPem);
  const name = new x509.Name([{ CN: [{ utf8String: 'ACME challenge' }] }]);
  const digest = createHash('sha256').update(keyAuthorization).digest();
  const certificate = await x509.X509CertificateGenerator.create(
    {
      subject: name,
      issuer: name,
      serialNumber: randomBytes(8).toString('hex').replace(/^./, '4'),
      notBefore: new Date(Date.now() - hourMs),
      notAfter: new Date(Date.now() + 24 * hourMs),
      publicKey: new x509.PublicKey(keys.publicKey),
      signingKey: signer.key,
      signingAlgorithm: signer.algorithm,
      extensions: [
        new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: hostname }]),
        new x509.Extension(acmeIdentifier, true, octetString(digest)),
      ],
    },
    webcrypto,
  );
  return { certificatePem: certificate.toString('pem'), privateKeyPem: keys.privateKeyPem };
}
