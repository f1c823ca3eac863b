// Sorts what was in dropped files into what it is good for: certificates to serve, with key and chain, and authorities to trust.
import { createPrivateKey, type KeyObject } from 'node:crypto';
import type { CertificateWarning } from '../contract/certificate';
import type { ImportCandidate } from '../contract/certificateFiles';
import { type CertificateFacts, isSelfSigned } from './certificateFacts';
import { certificateWarnings, chainFacts } from './certificateInfo';
import { certificateIdFor } from './certificateNames';
import { type BuiltChain, buildChain, type ChainSource, describeChain } from './chainBuilder';
import type { FilesContent } from './formats/certificateFiles';
import { caId } from './storeFiles';
import type { StoreContents } from './storeReader';

export type DroppedFiles = FilesContent;

export interface Candidate {
  readonly facts: CertificateFacts;
  readonly chain: BuiltChain;
  readonly key: KeyObject | null;
  readonly shown: ImportCandidate;
}

/** Leaves first, then CA certificates that are in no leaf's chain. */
export function candidatesOf(dropped: DroppedFiles, contents: StoreContents, now: number): Candidate[] {
  const certificates = distinct(dropped.certificates);
  const known = knownIssuers(certificates, contents);
  const keyOf = (facts: CertificateFacts) =>
    dropped.keys.find(({ key }) => belongs(facts, key))?.key ?? waitingKey(facts, contents);
  const leaves = certificates.filter((facts) => !facts.isCa || keyOf(facts) !== null);
  const chains = new Map(leaves.map((facts) => [facts, buildChain(facts, known, now)]));
  const chained = new Set([...chains.values()].flatMap(({ links }) => links.map(({ facts }) => facts)));
  const authorities = certificates.filter((facts) => facts.isCa && !chained.has(facts));
  const ids = new Set<string>();
  return [...leaves, ...authorities].map((facts) => {
    const chain = chains.get(facts) ?? buildChain(facts, known, now);
    const key = keyOf(facts);
    return { facts, chain, key, shown: show({ facts, chain, key, contents, now, ids }) };
  });
}

function show(
  candidate: Omit<Candidate, 'shown'> & {
    readonly contents: StoreContents;
    readonly now: number;
    /** Suggested so far; the new one is added. */
    readonly ids: Set<string>;
  },
): ImportCandidate {
  const { facts, chain, key, contents, now, ids } = candidate;
  const kind = kindOf(facts, key);
  const known = [...contents.certificates.values()];
  const fingerprint = facts.x509.fingerprint256;
  const same = known.find((held) => held.facts.x509.fingerprint256 === fingerprint);
  const isCa = contents.ca?.facts.x509.fingerprint256 === fingerprint;
  const replaces = known.find(
    (held) => held.file.kind === 'leaf' && kind === 'leaf' && sameNames(held.facts, facts),
  );
  const request = [...contents.requests.values()].find(({ privateKeyPem }) => isFor(facts, privateKeyPem));
  const isTaken = (id: string) => id === caId || contents.takenIds.has(id) || ids.has(id);
  const suggestedId =
    kind === 'ca' ? caId : (request?.file.id ?? certificateIdFor(firstName(facts), isTaken));
  ids.add(suggestedId);
  return {
    fingerprint: fingerprint.toLowerCase(),
    kind,
    suggestedId,
    dnsNames: facts.dnsNames,
    ipAddresses: facts.ipAddresses,
    subject: facts.subject,
    notAfter: new Date(facts.x509.validTo).toISOString(),
    keyType: facts.keyType,
    hasPrivateKey: key !== null,
    chain: describeChain(chain),
    missingIssuer: chain.missingIssuer,
    warnings: [
      ...certificateWarnings(facts, kind === 'leaf' ? 'leaf' : 'authority', now),
      ...chainWarning(chain),
    ],
    problem: problemOf(facts, kind, key, contents),
    replaces: replaces?.file.id ?? null,
    isKnownAs: isCa ? caId : (same?.file.id ?? null),
    answersRequest: request?.file.id ?? null,
  };
}

function kindOf(facts: CertificateFacts, key: KeyObject | null): ImportCandidate['kind'] {
  // Self-made certificates of servers often say that they are CAs, too; their names tell.
  if (!facts.isCa || (key !== null && facts.dnsNames.length + facts.ipAddresses.length > 0)) return 'leaf';
  return key === null ? 'authority' : 'ca';
}

function problemOf(
  facts: CertificateFacts,
  kind: ImportCandidate['kind'],
  key: KeyObject | null,
  contents: StoreContents,
): string | null {
  if (kind === 'leaf' && key === null) {
    return 'its private key is in none of the files: add the key file, or the PKCS#12 file that holds both';
  }
  if (kind === 'ca' && contents.takenIds.has(caId)) {
    return 'it is a CA with its key, and the store has a CA already: remove that one first, or import the certificate without its key to trust it';
  }
  if (kind === 'ca' && facts.keyType === 'Ed25519') return 'a CA with an Ed25519 key cannot sign here';
  if (facts.keyType === 'unknown') return 'its key is of a type that is not known here';
  return null;
}

function chainWarning({ missingIssuer }: BuiltChain): CertificateWarning[] {
  if (missingIssuer === null) return [];
  const message = `the certificate of its issuer "${missingIssuer}" is missing: add the file that your CA gave you with it (often called chain or bundle)`;
  return [{ code: 'chain_incomplete', severity: 'warning', message }];
}

/** What was dropped counts most, then the store, whose leaves may have brought intermediates. */
export function knownIssuers(
  certificates: readonly CertificateFacts[],
  contents: StoreContents,
): ChainSource[] {
  const held = [...(contents.ca === null ? [] : [contents.ca]), ...contents.certificates.values()];
  return [
    ...certificates.map((facts): ChainSource => ({ source: 'chain', facts })),
    ...held
      .flatMap(({ file }) => chainFacts(file.certificateChainPem))
      .map((facts): ChainSource => ({ source: 'store', facts })),
  ].filter(({ facts }) => facts.isCa || isSelfSigned(facts));
}

/** The key of a CSR of ours that this certificate answers. */
function waitingKey(facts: CertificateFacts, contents: StoreContents): KeyObject | null {
  const request = [...contents.requests.values()].find(({ privateKeyPem }) => isFor(facts, privateKeyPem));
  return request === undefined ? null : createPrivateKey(request.privateKeyPem!);
}

function isFor(facts: CertificateFacts, privateKeyPem: string | null): boolean {
  return privateKeyPem !== null && belongs(facts, createPrivateKey(privateKeyPem));
}

export function belongs({ x509 }: CertificateFacts, key: KeyObject): boolean {
  try {
    return x509.checkPrivateKey(key);
  } catch {
    return false; // keys of two types
  }
}

function sameNames(a: CertificateFacts, b: CertificateFacts): boolean {
  const names = (facts: CertificateFacts) =>
    [...facts.dnsNames, ...facts.ipAddresses].sort().join(' ').toLowerCase();
  return names(a) !== '' && names(a) === names(b);
}

function firstName(facts: CertificateFacts): string {
  const commonName = /(?:^|, )CN=([^,]+)/.exec(facts.subject)?.[1];
  return facts.dnsNames[0] ?? facts.ipAddresses[0] ?? commonName ?? 'certificate';
}

function distinct(certificates: readonly CertificateFacts[]): CertificateFacts[] {
  return [...new Map(certificates.map((facts) => [facts.x509.fingerprint256, facts])).values()];
}
