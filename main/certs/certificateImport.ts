// Import: what dropped files would become in the store, and then the same for real. Nothing of the first step is kept; the
// second reads the files again.
import type { KeyObject } from 'node:crypto';
import { AppError } from '../contract/appError';
import type { CertificateInfo } from '../contract/certificate';
import {
  type ImportCertificatesInput,
  type ImportFilesInput,
  type ImportPreview,
  importCertificatesInputSchema,
  previewImportInputSchema,
} from '../contract/certificateFiles';
import { type CertificateService, parseInput } from './certificateService';
import { sentChain } from './chainBuilder';
import { readCertificateFiles } from './formats/certificateFiles';
import { DerError } from './formats/der';
import { privateKeyPem } from './formats/privateKeys';
import { type Candidate, candidatesOf, type DroppedFiles } from './importCandidates';
import { caId, defaultRenewal } from './storeFiles';

interface Choice {
  readonly candidate: Candidate;
  readonly id: string;
  readonly replaces: boolean;
}

export async function previewImport(
  service: CertificateService,
  input: ImportFilesInput,
): Promise<ImportPreview> {
  const { files, passwords } = parseInput(previewImportInputSchema, input);
  const dropped = await readFiles(files, passwords);
  const candidates = candidatesOf(dropped, service.store.contents, service.now());
  const used = new Set<KeyObject | null>(candidates.map((candidate) => candidate.key));
  const leftOver = dropped.keys
    .filter(({ key }) => !used.has(key))
    .map(
      ({ file }) => `the key in ${file} belongs to none of the certificates: add the file of its certificate`,
    );
  return { files: dropped.files, candidates: candidates.map((each) => each.shown), leftOver };
}

/** Rejects with `invalid_input` when a file or a selected candidate cannot be taken; then nothing is imported. */
export async function importCertificates(
  service: CertificateService,
  input: ImportCertificatesInput,
): Promise<CertificateInfo[]> {
  const { files, passwords, selection } = parseInput(importCertificatesInputSchema, input);
  const dropped = await readFiles(files, passwords);
  return service.store.change(async () => {
    const candidates = candidatesOf(dropped, service.store.contents, service.now());
    const choices = selection === undefined ? everything(candidates) : chosen(service, candidates, selection);
    if (choices.length === 0) throw new AppError('invalid_input', nothingToImport(dropped, candidates));
    const imported: CertificateInfo[] = [];
    for (const choice of choices) imported.push(await keep(service, choice));
    return imported;
  });
}

/** Reads files as they came over a frame. Throws `invalid_input`. */
export async function readFiles(
  files: readonly { readonly name: string; readonly contentBase64: string }[],
  passwords: readonly string[],
): Promise<DroppedFiles> {
  const inputs = files.map(({ name, contentBase64 }) => ({
    name,
    bytes: Buffer.from(contentBase64, 'base64'),
  }));
  try {
    return await readCertificateFiles(inputs, passwords);
  } catch (cause) {
    if (cause instanceof DerError) throw new AppError('invalid_input', cause.message, { cause });
    throw cause;
  }
}

function everything(candidates: readonly Candidate[]): Choice[] {
  return candidates
    .filter(({ shown }) => shown.problem === null && shown.isKnownAs === null)
    .map((candidate) => ({ candidate, id: candidate.shown.suggestedId, replaces: false }));
}

function chosen(
  service: CertificateService,
  candidates: readonly Candidate[],
  selection: readonly {
    readonly fingerprint: string;
    readonly id?: string | undefined;
    readonly replaces: boolean;
  }[],
): Choice[] {
  const ids = new Set<string>();
  return selection.map(({ fingerprint, id: wantedId, replaces }) => {
    const candidate = candidates.find(({ shown }) => shown.fingerprint === fingerprint.toLowerCase());
    if (candidate === undefined) {
      throw new AppError(
        'invalid_input',
        `selection: no certificate with the fingerprint ${fingerprint} is in the files`,
      );
    }
    const { shown, facts } = candidate;
    if (shown.problem !== null) throw new AppError('invalid_input', `${facts.subject}: ${shown.problem}`);
    const id = wantedId ?? (replaces ? shown.replaces : null) ?? shown.suggestedId;
    if (ids.has(id))
      throw new AppError('invalid_input', `selection: two certificates cannot both be "${id}"`);
    ids.add(id);
    if (replaces) service.store.held(id);
    else if (id !== shown.answersRequest && shown.kind !== 'ca') service.chooseId(id, facts);
    return { candidate, id, replaces };
  });
}

async function keep(
  service: CertificateService,
  { candidate, id, replaces }: Choice,
): Promise<CertificateInfo> {
  const { facts, shown, chain, key } = candidate;
  const { store } = service;
  const { kind, answersRequest } = shown;
  const certificate = {
    id: kind === 'ca' ? caId : id,
    kind,
    origin: { type: answersRequest === null ? ('imported' as const) : ('request' as const) },
    renewal: { ...defaultRenewal, isAutomatic: false },
    // An authority is trusted for itself, so it stands alone.
    certificateChainPem: (kind === 'leaf' ? sentChain(chain) : [facts]).map(({ pem }) => pem).join(''),
    privateKeyPem: key === null ? null : privateKeyPem(key),
  };
  const held = await (replaces ? store.replace(certificate) : store.add(certificate));
  if (answersRequest !== null) await store.removeRequest(answersRequest);
  return service.infoOf(held);
}

function nothingToImport(dropped: DroppedFiles, candidates: readonly Candidate[]): string {
  const unread = dropped.files.find((file) => file.message !== null)?.message;
  const known = candidates.find(({ shown }) => shown.isKnownAs !== null)?.shown;
  const problem = candidates.find(({ shown }) => shown.problem !== null)?.shown;
  if (unread !== null && unread !== undefined) return unread;
  if (problem !== undefined) return `${problem.subject}: ${problem.problem}`;
  if (known !== undefined) return `"${known.subject}" is in the store already, as "${known.isKnownAs}"`;
  return 'the files hold no certificate';
}
