// The certificate store of one folder: the local CA and the certificates that it issued. Files are only ever added, never
// replaced, so two processes may share a folder and a damaged file is never lost. Opened keys stay inside this object;
// they leave only as TLS material for the engine.
import { access, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { AppError } from '../contract/appError';
import {
  type CertificateInfo,
  type CertificateStoreInfo,
  type CreateCaInput,
  createCaInputSchema,
  type IssueCertificateInput,
  issueCertificateInputSchema,
} from '../contract/certificate';
import type { KeyCipher } from '../contract/keyCipher';
import { isSystemError, sweepTemporaries, writeFileAtomic } from '../platform/atomicFile';
import { createAuthority, issueLeaf, type KeyAndCertificate } from './certificateAuthority';
import { readCertificateFile, type StoredCertificate, writeCertificateFile } from './certificateFile';
import { certificateInfoOf } from './certificateInfo';
import { certificateIdFor, parseCertificateNames } from './certificateNames';
import { keyFileCipher } from './keyFileCipher';
import { describeKeyStore } from './keyStoreState';

/** What TLS needs to serve a certificate. Stays in memory. */
export interface CertificateMaterial {
  readonly certificateChainPem: string;
  /** null = the authority's, which never leaves the store. */
  readonly privateKeyPem: string | null;
  /** Names to choose it by SNI; may carry wildcards. */
  readonly dnsNames: readonly string[];
}

/** With its key: can be served. */
export interface LeafMaterial extends CertificateMaterial {
  readonly privateKeyPem: string;
}

/** Reserved: no leaf may take it. */
export const caId = 'ca';

const leafFileName = /^certificate-([a-z0-9-]{1,63})\.json$/;

interface Held {
  readonly stored: StoredCertificate;
  readonly info: CertificateInfo;
}

interface Contents {
  readonly ca: Held | null;
  readonly leaves: ReadonlyMap<string, Held>;
  /** One sentence each, naming the file. */
  readonly problems: readonly string[];
  /** Ids whose files are there, readable or not. */
  readonly takenIds: ReadonlySet<string>;
}

const nothing: Contents = { ca: null, leaves: new Map(), problems: [], takenIds: new Set() };

export class CertificateService {
  #contents: Contents = nothing;
  #queue: Promise<unknown> = Promise.resolve();
  readonly #listeners = new Set<(info: CertificateStoreInfo) => void>();
  readonly #ciphers: readonly KeyCipher[];

  private constructor(
    readonly folder: string,
    private readonly cipher: KeyCipher,
    private readonly now: () => number,
  ) {
    // Keys that the command line sealed with the key file stay usable in a window that seals with the system's key store.
    this.#ciphers = cipher.protection === 'keyFile' ? [cipher] : [cipher, keyFileCipher(folder)];
  }

  /**
   * Reads the store. A folder that is not there is an empty store and is made (0700) when the first thing is kept.
   * Damaged files do not keep the others from working: they are named in `info().problems`.
   */
  static async open(
    folder: string,
    cipher: KeyCipher,
    now: () => number = Date.now,
  ): Promise<CertificateService> {
    const service = new CertificateService(folder, cipher, now);
    await sweepTemporaries(folder);
    await service.refresh();
    return service;
  }

  info(): CertificateStoreInfo {
    const { ca, leaves, problems } = this.#contents;
    return {
      folder: this.folder,
      keyProtection: this.cipher.protection,
      keyStore: describeKeyStore(this.cipher.protection, this.folder),
      caCertificateFile: this.caCertificateFile,
      requests: [],
      ca: ca?.info ?? null,
      certificates: [...leaves.values()].map((held) => held.info),
      problems,
    };
  }

  /** Where the CA's certificate lies as plain PEM, for `curl --cacert` and for trust stores. */
  get caCertificateFile(): string {
    return join(this.folder, 'ca.pem');
  }

  /** null = no such certificate, or its key cannot be opened here (`info().problems` says why). */
  material(id: string): LeafMaterial | null {
    const held = this.#contents.leaves.get(id);
    if (held === undefined || held.stored.privateKeyPem === null) return null;
    const { certificateChainPem, privateKeyPem } = held.stored;
    return { certificateChainPem, privateKeyPem, dnsNames: held.info.dnsNames };
  }

  /** The authority is among them, without its key: to be trusted by its id, never served. */
  materials(): ReadonlyMap<string, CertificateMaterial> {
    const found = new Map<string, CertificateMaterial>();
    const { ca } = this.#contents;
    if (ca !== null) {
      const { certificateChainPem } = ca.stored;
      found.set(caId, { certificateChainPem, privateKeyPem: null, dnsNames: [] });
    }
    for (const id of this.#contents.leaves.keys()) {
      const material = this.material(id);
      if (material !== null) found.set(id, material);
    }
    return found;
  }

  /** Called after every change. Returns how to stop. */
  onChange(listener: (info: CertificateStoreInfo) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Reads the folder again, e.g. after another process issued something. */
  refresh(): Promise<CertificateStoreInfo> {
    return this.#serialize(async () => {
      await this.#load();
      return this.info();
    });
  }

  /** Rejects with `already_exists` when there is a CA, readable or not. */
  createCa(input: CreateCaInput = {}): Promise<CertificateInfo> {
    return this.#serialize(async () => {
      await this.#load();
      return (await this.#createCa(input)).info;
    });
  }

  /** Issues a server certificate; makes the CA first when there is none. */
  issue(input: IssueCertificateInput): Promise<CertificateInfo> {
    return this.#serialize(async () => {
      const { id: wantedId, names, days } = parseInput(issueCertificateInputSchema, input);
      const parsedNames = parseCertificateNames(names);
      await this.#load();
      const isTaken = (id: string) => id === caId || this.#contents.takenIds.has(id);
      if (wantedId !== undefined && isTaken(wantedId)) throw idTaken(wantedId, this.#contents.leaves);
      const firstName = parsedNames.dnsNames[0] ?? parsedNames.ipAddresses[0] ?? '';
      const id = wantedId ?? certificateIdFor(firstName, isTaken);
      const leaf = await issueLeaf(await this.#signingAuthority(), parsedNames, days, this.now());
      await this.#add({ id, kind: 'leaf', certificateChainPem: leaf.certificatePem, ...leaf });
      return this.#contents.leaves.get(id)!.info;
    });
  }

  close(): void {
    this.#listeners.clear();
    this.#contents = nothing;
  }

  async #createCa(input: CreateCaInput): Promise<Held> {
    const { commonName } = parseInput(createCaInputSchema, input);
    if (/\p{Cc}/u.test(commonName)) {
      throw new AppError('invalid_input', 'the name of the CA must not contain control characters');
    }
    if (this.#contents.takenIds.has(caId)) {
      const name = this.#contents.ca?.info.subject;
      const why = name === undefined ? this.#problemOf(this.#file(caId)) : `it is "${name}"`;
      throw new AppError('already_exists', `this store already has a CA: ${why}`);
    }
    const ca = await createAuthority(commonName, this.now());
    await this.#add({ id: caId, kind: 'ca', certificateChainPem: ca.certificatePem, ...ca });
    return this.#contents.ca!;
  }

  async #signingAuthority(): Promise<KeyAndCertificate> {
    if (!this.#contents.takenIds.has(caId)) await this.#createCa({});
    const held = this.#contents.ca;
    if (held === null) throw new AppError('disk_failed', this.#problemOf(this.#file(caId)));
    const { privateKeyPem, keyProblem, certificateChainPem } = held.stored;
    if (privateKeyPem === null)
      throw new AppError('unavailable', keyProblem ?? 'the key of the CA is missing');
    if (Date.parse(held.info.notAfter) <= this.now()) {
      throw new AppError('unavailable', `the CA "${held.info.subject}" expired on ${held.info.notAfter}`);
    }
    return { certificatePem: certificateChainPem, privateKeyPem };
  }

  async #add(certificate: Parameters<typeof writeCertificateFile>[1]): Promise<void> {
    const file = this.#file(certificate.id);
    try {
      // An existing folder keeps the permissions that its owner gave it; the files in it are 0600 in any case.
      await mkdir(this.folder, { recursive: true, mode: 0o700 });
      await writeCertificateFile(file, certificate, this.cipher);
    } catch (cause) {
      if (cause instanceof AppError) throw cause;
      if (isSystemError(cause, 'EEXIST')) {
        throw new AppError('already_exists', `${file} was made by another process; try again`, { cause });
      }
      throw new AppError('disk_failed', `${file} cannot be written: ${reasonOf(cause)}`, { cause });
    }
    await this.#load();
    for (const listener of this.#listeners) listener(this.info());
  }

  async #load(): Promise<void> {
    const problems: string[] = [];
    const names = await this.#fileNames();
    const ca = names.includes('ca.json') ? await this.#read(caId, null, problems) : null;
    const caPem = ca?.stored.certificateChainPem ?? null;
    const leaves = new Map<string, Held>();
    const takenIds = new Set(names.includes('ca.json') ? [caId] : []);
    for (const id of names.flatMap((name) => leafFileName.exec(name)?.[1] ?? []).sort()) {
      takenIds.add(id);
      const held = await this.#read(id, caPem, problems);
      if (held !== null) leaves.set(id, held);
    }
    this.#contents = { ca, leaves, problems, takenIds };
    if (caPem !== null) await this.#keepCaPem(caPem);
  }

  async #read(id: string, caPem: string | null, problems: string[]): Promise<Held | null> {
    const file = this.#file(id);
    try {
      const stored = await readCertificateFile(
        file,
        { id, kind: id === caId ? 'ca' : 'leaf' },
        this.#ciphers,
      );
      if (stored.keyProblem !== null) problems.push(stored.keyProblem);
      return hold(stored, caPem);
    } catch (error) {
      problems.push(error instanceof AppError ? error.message : `${file} cannot be read: ${reasonOf(error)}`);
      return null;
    }
  }

  /** The plain copy is only a convenience: made when it is missing, never touched when somebody changed it. */
  async #keepCaPem(pem: string): Promise<void> {
    try {
      await access(this.caCertificateFile);
    } catch {
      await writeFileAtomic(this.caCertificateFile, pem, { mode: 0o644, exclusive: true }).catch(
        (error: unknown) => {
          const isHarmless = ['EEXIST', 'EROFS', 'EACCES'].some((code) => isSystemError(error, code));
          if (!isHarmless) throw error;
        },
      );
    }
  }

  async #fileNames(): Promise<string[]> {
    try {
      return await readdir(this.folder);
    } catch (cause) {
      if (isSystemError(cause, 'ENOENT')) return [];
      const message = `the certificate store ${this.folder} cannot be read: ${reasonOf(cause)}`;
      throw new AppError('disk_failed', message, { cause });
    }
  }

  #file(id: string): string {
    // Prefixed, so that no id can be a reserved name (ca.json; con, nul… on Windows).
    return join(this.folder, id === caId ? 'ca.json' : `certificate-${id}.json`);
  }

  #problemOf(file: string): string {
    return this.#contents.problems.find((problem) => problem.includes(file)) ?? `${file} cannot be used`;
  }

  #serialize<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#queue.then(work);
    this.#queue = result.catch(() => undefined); // the caller gets the error; the queue goes on
    return result;
  }
}

function hold(stored: StoredCertificate, caPem: string | null): Held {
  const info = certificateInfoOf(stored.id, stored.kind, stored.certificateChainPem, {
    hasPrivateKey: stored.privateKeyPem !== null,
    caPem,
    origin: { type: 'local' },
  });
  // The CA is local by definition; `isIssuedBy` would need its own certificate.
  return { stored, info: stored.kind === 'ca' ? { ...info, isLocal: true } : info };
}

function idTaken(id: string, leaves: ReadonlyMap<string, Held>): AppError {
  if (id === caId) return new AppError('already_exists', 'the id "ca" is that of the CA; choose another one');
  const names = leaves.get(id)?.info.dnsNames.join(', ');
  const what = names === undefined || names === '' ? '' : ` (${names})`;
  return new AppError('already_exists', `there is a certificate with the id "${id}" already${what}`);
}

function parseInput<Output>(schema: z.ZodType<Output>, input: unknown): Output {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new AppError('invalid_input', `${issue?.path.join('.') || 'input'}: ${issue?.message ?? 'is wrong'}`);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
