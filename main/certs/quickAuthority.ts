// A CA and leaves with new P-256 keys in one step, for sample servers and tests; kept nowhere.
import { createAuthority, issueLeaf, type KeyAndCertificate } from './certificateAuthority';
import type { CertificateNames } from './certificateNames';
import { createKeyPair } from './keyPairs';

export async function quickAuthority(commonName: string, now: number): Promise<KeyAndCertificate> {
  const keys = await createKeyPair('ecdsa-p256');
  const options = { commonName, organization: 'Hopscope', years: 10, constraints: null };
  return { certificatePem: await createAuthority(keys, options, now), privateKeyPem: keys.privateKeyPem };
}

export async function quickLeaf(
  ca: KeyAndCertificate,
  names: CertificateNames,
  days: number,
  now: number,
): Promise<KeyAndCertificate> {
  const keys = await createKeyPair('ecdsa-p256');
  const certificatePem = await issueLeaf(ca, keys.publicKey, names, days, now);
  return { certificatePem, privateKeyPem: keys.privateKeyPem };
}
