// One certificate looked at closely: its chain and every field, each with what it means.
import type { CertificateDetails, CertificateField } from '../contract/certificateDetails';
import type { CertificateFacts } from './certificateFacts';
import { chainFacts } from './certificateInfo';
import type { CertificateService } from './certificateService';
import { buildChain, type ChainSource, describeChain } from './chainBuilder';
import { describeExtension } from './extensionTexts';
import { knownIssuers } from './importCandidates';

/** Throws `not_found`. */
export function certificateDetails(service: CertificateService, id: string): CertificateDetails {
  const held = service.store.held(id);
  const [leaf, ...sent] = chainFacts(held.file.certificateChainPem);
  const known: ChainSource[] = [
    ...sent.map((facts): ChainSource => ({ source: 'chain', facts })),
    ...knownIssuers([], service.store.contents),
  ];
  const chain = buildChain(leaf ?? held.facts, known, service.now());
  return {
    info: service.infoOf(held),
    chain: describeChain(chain),
    missingIssuer: chain.missingIssuer,
    fields: fieldsOf(held.facts),
    keyStrength: strengthOf(held.facts),
  };
}

function fieldsOf(facts: CertificateFacts): CertificateField[] {
  const { x509 } = facts;
  const field = (
    group: CertificateField['group'],
    name: string,
    value: string | readonly string[],
    explanation: string,
  ): CertificateField => ({
    group,
    name,
    value: typeof value === 'string' ? [value] : value,
    explanation,
    oid: null,
    isCritical: null,
  });
  return [
    field(
      'subject',
      'Subject',
      x509.subject.split('\n'),
      'Whom the certificate is about. Clients do not look for host names here any more, but in the alternative names.',
    ),
    field(
      'subject',
      'Issuer',
      x509.issuer.split('\n'),
      'Who signed it. A client looks for a certificate with this subject that it trusts.',
    ),
    field(
      'validity',
      'Not before',
      new Date(x509.validFrom).toISOString(),
      'Clients refuse it before this moment.',
    ),
    field(
      'validity',
      'Not after',
      new Date(x509.validTo).toISOString(),
      'Clients refuse it after this moment. Browsers accept at most 398 days between the two.',
    ),
    field(
      'key',
      'Public key',
      facts.keyType,
      'The half of the key pair that everybody may know. Who holds the other half can speak for the names in this certificate.',
    ),
    field(
      'signature',
      'Signature',
      facts.signature,
      'How the issuer signed it. SHA-1 and MD5 can be forged.',
    ),
    field(
      'other',
      'Serial number',
      x509.serialNumber.toLowerCase(),
      'Its number at its issuer; names it in a revocation list.',
    ),
    field(
      'other',
      'SHA-256 fingerprint',
      x509.fingerprint256.toLowerCase(),
      'A digest of the whole certificate: the same on two machines means the same certificate.',
    ),
    ...facts.extensions.map(
      (extension): CertificateField => ({
        group: 'extension',
        ...describeExtension(extension),
        oid: extension.oid,
        isCritical: extension.isCritical,
      }),
    ),
  ];
}

/** NIST SP 800-57 part 1, table 2. */
function strengthOf({ keyType, keyBits }: CertificateFacts): CertificateDetails['keyStrength'] {
  const isRsa = keyType.startsWith('RSA');
  const securityBits = isRsa ? rsaStrength(keyBits) : Math.floor(keyBits / 2);
  const verdict = securityBits < 112 ? 'weak' : securityBits < 128 ? 'good' : 'strong';
  const words = {
    weak: 'too short: clients refuse it',
    good: 'enough today; ECDSA P-256 is stronger and faster',
    strong: 'strong',
  };
  return { bits: keyBits, securityBits, verdict, message: `${keyType} is ${words[verdict]}` };
}

function rsaStrength(bits: number): number {
  if (bits >= 15_360) return 256;
  if (bits >= 7680) return 192;
  if (bits >= 3072) return 128;
  if (bits >= 2048) return 112;
  return bits >= 1024 ? 80 : 0;
}
