// What the folder of a store holds, in memory: certificates, requests, ACME accounts, revocations. Opened keys stay inside.
// Changes are carried out one after the other; each reads the folder first, so two processes may share it.
import { createPrivateKey, type X509Certificate } from 'node:crypto';
import { AppError } from '../contract/appError';
import type { KeyCipher } from '../contract/keyCipher';
import { type CertificateFacts, readCertificate } from './certificateFacts';
import { DerError } from './formats/der';
import { KeyStore } from './keyStore';
import { openKey, type SealedKey, sealKey } from './sealedKey';
import {
  type AccountFile,
  accountFileName,
  accountFileSchema,
  type CertificateFile,
  caId,
  certificateFileName,
  certificateFileSchema,
  idsOf,
  type RequestFile,
  type RevocationsFile,
  requestFileName,
  requestFileSchema,
  revocationsFile,
  revocationsFileSchema,
} from './storeFiles';
import { damaged, reasonOf, StoreFolder } from './storeFolder';

/** A certificate as it is held; `privateKeyPem` null = none, or one that cannot be opened (`keyProblem` says why). */
export interface HeldCertificate {
  readonly file: CertificateFile;
  readonly facts: CertificateFacts;
  readonly privateKeyPem: string | null;
  readonly keyProblem: string | null;
}

export interface HeldSecret<File> {
  readonly file: File;
  readonly privateKeyPem: string | null;
  readonly keyProblem: string | null;
}

export interface StoreContents {
  readonly ca: HeldCertificate | null;
  /** All but the CA. */
  readonly certificates: ReadonlyMap<string, HeldCertificate>;
  readonly requests: ReadonlyMap<string, HeldSecret<RequestFile>>;
  readonly accounts: ReadonlyMap<string, HeldSecret<AccountFile>>;
  readonly revocations: RevocationsFile;
  /** One sentence each, naming the file. */
  readonly problems: readonly string[];
  /** Ids whose files are there, readable or not. */
  readonly takenIds: ReadonlySet<string>;
}

/** A certificate on its way into the store. */
export interface NewCertificate extends Omit<CertificateFile, 'format' | 'version' | 'privateKey'> {
  /** null = without a key. */
  readonly privateKeyPem: string | null;
}

const noRevocations: RevocationsFile = { format: 'hopscope-revocations', version: 1, number: 0, entries: [] };
const nothing: StoreContents = {
  ca: null,
  certificates: new Map(),
  requests: new Map(),
  accounts: new Map(),
  revocations: noRevocations,
  problems: [],
  takenIds: new Set(),
};

export class CertificateStore {
  #contents = nothing;
  #queue: Promise<unknown> = Promise.resolve();
  readonly #listeners = new Set<() => void>();

  private constructor(
    readonly folder: StoreFolder,
    readonly keys: KeyStore,
  ) {}

  /**
   * A folder that is not there is an empty store and is made (0700) when the first thing is kept. Damaged files do not keep the others
   * from working: they are named in `contents.problems`.
   */
  static async open(path: string, cipher: KeyCipher): Promise<CertificateStore> {
    const folder = new StoreFolder(path);
    const store = new CertificateStore(folder, await KeyStore.open(path, cipher));
    await folder.sweep();
    await store.change(async () => undefined);
    return store;
  }

  get contents(): StoreContents {
    return this.#contents;
  }

  /** Called after every change. Returns how to stop. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Runs after what was asked before, with the folder read anew. */
  change<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#queue.then(async () => {
      await this.#load();
      return work();
    });
    this.#queue = result.catch(() => undefined); // the caller gets the error; the queue goes on
    return result;
  }

  // ---- only inside `change`

  /** `already_exists` when the id is taken. */
  async add(certificate: NewCertificate): Promise<HeldCertificate> {
    await this.folder.create(certificateFileName(certificate.id), await this.#fileOf(certificate));
    return this.#changed(certificate.id);
  }

  /** The old one goes to the backup folder. */
  async replace(certificate: NewCertificate): Promise<HeldCertificate> {
    this.held(certificate.id);
    await this.folder.replace(certificateFileName(certificate.id), await this.#fileOf(certificate));
    return this.#changed(certificate.id);
  }

  /** Other settings of the same certificate; works while the key store is locked. */
  async rewrite(file: CertificateFile): Promise<HeldCertificate> {
    await this.folder.replace(certificateFileName(file.id), file);
    return this.#changed(file.id);
  }

  async remove(id: string): Promise<void> {
    await this.folder.remove(certificateFileName(id));
    await this.announce();
  }

  async addRequest(
    request: Omit<RequestFile, 'format' | 'version' | 'privateKey'>,
    privateKeyPem: string,
  ): Promise<RequestFile> {
    const file: RequestFile = {
      format: 'hopscope-request',
      version: 1,
      ...request,
      privateKey: await this.seal(privateKeyPem),
    };
    await this.folder.create(requestFileName(request.id), file);
    await this.announce();
    return file;
  }

  async removeRequest(id: string): Promise<void> {
    await this.folder.remove(requestFileName(id));
    await this.announce();
  }

  /** A damaged list is not replaced by one that forgot what was revoked. */
  async writeRevocations(file: RevocationsFile): Promise<void> {
    const problem = this.problemOf(revocationsFile);
    if (problem !== null) throw new AppError('disk_failed', problem);
    await this.folder.replace(revocationsFile, file);
    await this.announce();
  }

  async addAccount(
    account: Omit<AccountFile, 'format' | 'version' | 'privateKey'>,
    privateKeyPem: string,
  ): Promise<AccountFile> {
    const file: AccountFile = {
      format: 'hopscope-acme-account',
      version: 1,
      ...account,
      privateKey: await this.seal(privateKeyPem),
    };
    await this.folder.create(accountFileName(account.id), file);
    await this.announce();
    return file;
  }

  async removeAccount(id: string): Promise<void> {
    await this.folder.remove(accountFileName(id));
    await this.announce();
  }

  /** Throws `not_found`, or says why the certificate cannot be used. */
  held(id: string): HeldCertificate {
    const { ca, certificates } = this.#contents;
    const held = id === caId ? ca : certificates.get(id);
    if (held !== null && held !== undefined) return held;
    const problem = this.problemOf(certificateFileName(id));
    if (problem !== null) throw new AppError('disk_failed', problem);
    throw new AppError('not_found', `the store has no certificate "${id}"`);
  }

  isTaken(id: string): boolean {
    return id === caId || this.#contents.takenIds.has(id);
  }

  /** What is wrong with a file of the store; null = nothing. */
  problemOf(name: string): string | null {
    const file = this.folder.file(name);
    return this.#contents.problems.find((problem) => problem.includes(file)) ?? null;
  }

  seal(privateKeyPem: string): Promise<SealedKey> {
    return sealKey(privateKeyPem, this.keys.cipher);
  }

  /** Seals everything anew, and drops the backups that the old seal opens. */
  async sealAgain(cipher: KeyCipher): Promise<void> {
    const { ca, certificates, requests, accounts } = this.#contents;
    for (const { file, privateKeyPem } of [...(ca === null ? [] : [ca]), ...certificates.values()]) {
      if (privateKeyPem !== null)
        await this.#resealed(certificateFileName(file.id), file, privateKeyPem, cipher);
    }
    for (const { file, privateKeyPem } of requests.values()) {
      if (privateKeyPem !== null) await this.#resealed(requestFileName(file.id), file, privateKeyPem, cipher);
    }
    for (const { file, privateKeyPem } of accounts.values()) {
      if (privateKeyPem !== null) await this.#resealed(accountFileName(file.id), file, privateKeyPem, cipher);
    }
    await this.folder.removeBackups();
  }

  /** Reads the folder again and tells everybody. */
  async announce(): Promise<void> {
    await this.#load();
    for (const listener of this.#listeners) listener();
  }

  close(): void {
    this.#listeners.clear();
    this.#contents = nothing;
  }

  async #resealed(name: string, file: object, privateKeyPem: string, cipher: KeyCipher): Promise<void> {
    await this.folder.replace(name, { ...file, privateKey: await sealKey(privateKeyPem, cipher) });
  }

  async #fileOf({ privateKeyPem, ...rest }: NewCertificate): Promise<CertificateFile> {
    const privateKey = privateKeyPem === null ? null : await this.seal(privateKeyPem);
    return { format: 'hopscope-certificate', version: 2, ...rest, privateKey };
  }

  async #changed(id: string): Promise<HeldCertificate> {
    await this.announce();
    return this.held(id);
  }

  async #load(): Promise<void> {
    await this.keys.refresh();
    const names = await this.folder.names();
    const problems: string[] = [];
    const ca = names.includes('ca.json') ? await this.#certificate(caId, problems) : null;
    const certificates = new Map<string, HeldCertificate>();
    const ids = idsOf('certificate', names);
    for (const id of ids) {
      const held = await this.#certificate(id, problems);
      if (held !== null) certificates.set(id, held);
    }
    const requests = await this.#secrets('request', requestFileSchema, names, problems);
    const accounts = await this.#secrets('acme', accountFileSchema, names, problems);
    const revocations = await this.#tolerant(revocationsFile, problems, () =>
      this.folder.read(revocationsFile, revocationsFileSchema),
    );
    const takenIds = new Set([
      ...(names.includes('ca.json') ? [caId] : []),
      ...ids,
      ...idsOf('request', names),
    ]);
    this.#contents = {
      ca,
      certificates,
      requests,
      accounts,
      revocations: revocations ?? noRevocations,
      problems: [...new Set(problems)],
      takenIds,
    };
  }

  async #certificate(id: string, problems: string[]): Promise<HeldCertificate | null> {
    const name = certificateFileName(id);
    const path = this.folder.file(name);
    return this.#tolerant(name, problems, async () => {
      const file = await this.folder.read(name, certificateFileSchema);
      if (file === null) return null;
      const isRightKind = (file.kind === 'ca') === (id === caId);
      if (file.id !== id || !isRightKind) throw damaged(path, `it holds ${file.kind} "${file.id}"`);
      const facts = readStored(path, file.certificateChainPem);
      const key = await this.#opened(path, file.privateKey, facts.x509, problems);
      return { file, facts, ...key };
    });
  }

  async #secrets<File extends RequestFile | AccountFile>(
    kind: 'request' | 'acme',
    schema: Parameters<typeof this.folder.read<File>>[1],
    names: readonly string[],
    problems: string[],
  ): Promise<Map<string, HeldSecret<File>>> {
    const found = new Map<string, HeldSecret<File>>();
    for (const id of idsOf(kind, names)) {
      const name = kind === 'request' ? requestFileName(id) : accountFileName(id);
      const path = this.folder.file(name);
      const held = await this.#tolerant(name, problems, async () => {
        const file = await this.folder.read(name, schema);
        if (file === null) return null;
        if (file.id !== id) throw damaged(path, `it holds "${file.id}"`);
        return { file, ...(await this.#opened(path, file.privateKey, null, problems)) };
      });
      if (held !== null) found.set(id, held);
    }
    return found;
  }

  async #opened(
    path: string,
    sealed: SealedKey | null,
    certificate: X509Certificate | null,
    problems: string[],
  ): Promise<Pick<HeldCertificate, 'privateKeyPem' | 'keyProblem'>> {
    if (sealed === null) return { privateKeyPem: null, keyProblem: null };
    if (sealed.protection === 'passphrase' && this.keys.isLocked) {
      return { privateKeyPem: null, keyProblem: 'the key store is locked: give its passphrase' };
    }
    try {
      const privateKeyPem = await openKey(path, sealed, this.keys.ciphers);
      const key = createPrivateKey(privateKeyPem);
      if (certificate !== null && !certificate.checkPrivateKey(key)) {
        throw new AppError('disk_failed', 'the key does not belong to the certificate');
      }
      return { privateKeyPem, keyProblem: null };
    } catch (error) {
      // The message of a foreign error may quote what it could not parse: the key. Only our own words leave.
      const why = error instanceof AppError ? error.message : 'it is damaged';
      const keyProblem = `the private key in ${path} cannot be used: ${why}`;
      problems.push(keyProblem);
      return { privateKeyPem: null, keyProblem };
    }
  }

  async #tolerant<Result>(
    name: string,
    problems: string[],
    read: () => Promise<Result | null>,
  ): Promise<Result | null> {
    try {
      return await read();
    } catch (error) {
      const path = this.folder.file(name);
      problems.push(error instanceof AppError ? error.message : `${path} cannot be read: ${reasonOf(error)}`);
      return null;
    }
  }
}

function readStored(path: string, pem: string): CertificateFacts {
  try {
    return readCertificate(pem);
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    throw damaged(path, 'it holds no certificate');
  }
}
