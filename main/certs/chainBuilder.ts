// From a certificate up to its root: each issuer is found by name, key identifier and signature, never by the order of a file.
import { rootCertificates } from 'node:tls';
import type { ChainLink } from '../contract/certificateFiles';
import { type CertificateFacts, isIssuedBy, isSelfSigned, readCertificate } from './certificateFacts';

export interface ChainSource {
  readonly source: ChainLink['source'];
  readonly facts: CertificateFacts;
}

export interface BuiltChain {
  /** The certificate first; the root last where it was found. */
  readonly links: readonly ChainSource[];
  /** Subject of the issuer that was found nowhere; null = the chain is whole. */
  readonly missingIssuer: string | null;
}

const maxLength = 10;
/** Signatures that are checked for one link; more of the same name is an attack. */
const maxTries = 20;

/** `known` in order of preference; well-known roots are looked at last. */
export function buildChain(leaf: CertificateFacts, known: readonly ChainSource[], now: number): BuiltChain {
  const links: ChainSource[] = [{ source: 'chain', facts: leaf }];
  for (let last = leaf; !isSelfSigned(last); ) {
    const issuer = links.length < maxLength ? findIssuer(last, links, known, now) : null;
    if (issuer === null) return { links, missingIssuer: last.issuer };
    links.push(issuer);
    last = issuer.facts;
  }
  return { links, missingIssuer: null };
}

/** What is sent in a handshake: everything but the root, which a client has or does not trust. */
export function sentChain(chain: BuiltChain): CertificateFacts[] {
  const facts = chain.links.map((link) => link.facts);
  return facts.filter((each, index) => index === 0 || !isSelfSigned(each));
}

export function describeChain({ links }: BuiltChain): ChainLink[] {
  return links.map(({ source, facts }, index) => ({
    subject: facts.subject,
    issuer: facts.issuer,
    fingerprint: facts.x509.fingerprint256.toLowerCase(),
    serialNumber: facts.x509.serialNumber.toLowerCase(),
    notBefore: new Date(facts.x509.validFrom).toISOString(),
    notAfter: new Date(facts.x509.validTo).toISOString(),
    keyType: facts.keyType,
    signature: facts.signature,
    role: isSelfSigned(facts) ? 'root' : index === 0 && !facts.isCa ? 'leaf' : 'intermediate',
    source,
  }));
}

/** Of several with the same name and key (cross-signed, renewed), one that is valid now and longest. */
function findIssuer(
  certificate: CertificateFacts,
  links: readonly ChainSource[],
  known: readonly ChainSource[],
  now: number,
): ChainSource | null {
  const isUsed = ({ facts }: ChainSource) =>
    links.some((link) => link.facts.x509.fingerprint256 === facts.x509.fingerprint256);
  const named = known.filter((each) => each.facts.subject === certificate.issuer && !isUsed(each));
  const fitting = (each: ChainSource) => isIssuedBy(certificate.x509, each.facts.x509);
  const found = named.slice(0, maxTries).filter(fitting);
  if (found.length > 0) return [...found].sort((a, b) => usefulness(b, now) - usefulness(a, now))[0]!;
  return (
    systemRoots(certificate.issuer)
      .map((facts): ChainSource => ({ source: 'systemRoots', facts }))
      .find(fitting) ?? null
  );
}

function usefulness({ facts }: ChainSource, now: number): number {
  const end = Date.parse(facts.x509.validTo);
  return end > now ? end : end - 1e15;
}

let rootsBySubject: Map<string, CertificateFacts[]> | null = null;

/** The roots that Node brings (Mozilla's), read once, when first asked for. */
function systemRoots(subject: string): readonly CertificateFacts[] {
  if (rootsBySubject === null) {
    rootsBySubject = new Map();
    for (const pem of rootCertificates) {
      const facts = readCertificate(pem);
      rootsBySubject.set(facts.subject, [...(rootsBySubject.get(facts.subject) ?? []), facts]);
    }
  }
  return rootsBySubject.get(subject) ?? [];
}
