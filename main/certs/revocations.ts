// What the local CA has revoked: kept in revocations.json, published as a signed list (CRL) in ca.crl.

import { readFile } from 'node:fs/promises';
import * as x509 from '@peculiar/x509';
import { AppError } from '../contract/appError';
import type { CertificateInfo, RevocationListInfo, RevocationReason } from '../contract/certificate';
import { isSystemError } from '../platform/atomicFile';
import { createRevocationList, crlDays } from './certificateAuthority';
import { sameSerial } from './certificateInfo';
import type { CertificateService } from './certificateService';

const crlFile = 'ca.crl';
const dayMs = 86_400_000;

/** Only what the local CA issued can be revoked here. Stays in the store, marked, and is not renewed any more. */
export function revokeCertificate(
  service: CertificateService,
  { id, reason }: { readonly id: string; readonly reason: RevocationReason },
): Promise<CertificateInfo> {
  const { store } = service;
  return store.change(async () => {
    const held = store.held(id);
    const info = service.infoOf(held);
    if (info.kind === 'ca')
      throw new AppError('invalid_input', 'a CA cannot revoke itself: remove it and make another one');
    if (!info.isLocal) throw new AppError('unavailable', `only its issuer "${info.issuer}" can revoke it`);
    if (info.revokedAt !== null)
      throw new AppError('already_exists', `"${id}" was revoked on ${info.revokedAt}`);
    const { revocations, ca } = store.contents;
    if (ca?.privateKeyPem == null)
      throw new AppError('unavailable', ca?.keyProblem ?? 'the key of the CA is not here');
    const entry = {
      serialNumber: info.serialNumber,
      revokedAt: new Date(service.now()).toISOString(),
      reason,
      names: [...info.dnsNames, ...info.ipAddresses],
    };
    await store.writeRevocations({ ...revocations, entries: [...revocations.entries, entry] });
    await publish(service);
    return service.infoOf(store.held(id));
  });
}

/** Writes a new list where the old one is missing or past half of its life. */
export function revocationList(service: CertificateService): Promise<RevocationListInfo> {
  return service.store.change(async () => {
    const current = await readList(service);
    const { ca } = service.store.contents;
    const isOld = current === null || service.now() > Date.parse(current.thisUpdate) + (crlDays * dayMs) / 2;
    if (isOld && ca?.privateKeyPem != null) await publish(service);
    return describe(service, await readList(service));
  });
}

/** Called inside `change`. The number is counted on before the list is written, so no two lists share one. */
async function publish(service: CertificateService): Promise<void> {
  const { store } = service;
  const { ca, revocations } = store.contents;
  if (ca?.privateKeyPem == null) return;
  const next = { ...revocations, number: revocations.number + 1 };
  await store.writeRevocations(next);
  const pair = { certificatePem: ca.facts.pem, privateKeyPem: ca.privateKeyPem };
  const crl = await createRevocationList(pair, next.entries, next.number, service.now());
  await store.folder.writeDerived(crlFile, crl, 0o644);
}

interface ReadList {
  readonly pem: string;
  readonly thisUpdate: string;
  readonly nextUpdate: string | null;
}

/** null = none, or one that is of another CA or says something else than what was revoked. */
async function readList({ store }: CertificateService): Promise<ReadList | null> {
  try {
    const pem = await readFile(store.folder.file(crlFile), 'utf8');
    const crl = new x509.X509Crl(pem);
    const { revocations, ca } = store.contents;
    const isWhole = revocations.entries.every(({ serialNumber }) =>
      crl.entries.some((entry) => sameSerial(entry.serialNumber, serialNumber)),
    );
    if (!isWhole || crl.issuer !== new x509.X509Certificate(ca?.facts.pem ?? '').subject) return null;
    return {
      pem,
      thisUpdate: crl.thisUpdate.toISOString(),
      nextUpdate: crl.nextUpdate?.toISOString() ?? null,
    };
  } catch (error) {
    if (isSystemError(error, 'EACCES')) throw error;
    return null;
  }
}

function describe({ store }: CertificateService, list: ReadList | null): RevocationListInfo {
  const { revocations } = store.contents;
  return {
    crlPem: list?.pem ?? null,
    file: store.folder.file(crlFile),
    number: revocations.number,
    thisUpdate: list?.thisUpdate ?? null,
    nextUpdate: list?.nextUpdate ?? null,
    entries: revocations.entries,
  };
}
