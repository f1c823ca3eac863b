// What the folder of a store holds, in memory: certificates, requests, ACME accounts, revocations. Opened keys stay inside.
// Changes are carried out one after the other; each reads the folder first, so two processes may share it.
import { AppError } from '../contract/appError';
import type { KeyCipher } from '../contract/keyCipher';
import { KeyStore } from './keyStore';
import { type SealedKey, sealKey } from './sealedKey';
import {
  type AccountFile,
  accountFileName,
  type CertificateFile,
  caId,
  caPemFile,
  certificateFileName,
  type RequestFile,
  type RevocationsFile,
  requestFileName,
  revocationsFile,
} from './storeFiles';
import { StoreFolder } from './storeFolder';
import { emptyStore, type HeldCertificate, type StoreContents, StoreReader } from './storeReader';

/** A certificate on its way into the store. */
export interface NewCertificate extends Omit<CertificateFile, 'format' | 'version' | 'privateKey'> {
  /** null = without a key. */
  readonly privateKeyPem: string | null;
}

export class CertificateStore {
  #contents: StoreContents = emptyStore;
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
    await this.#copyCa(certificate);
    return this.#changed(certificate.id);
  }

  /** The old one goes to the backup folder. */
  async replace(certificate: NewCertificate): Promise<HeldCertificate> {
    this.held(certificate.id);
    await this.folder.replace(certificateFileName(certificate.id), await this.#fileOf(certificate));
    await this.#copyCa(certificate);
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
    this.#contents = emptyStore;
  }

  async #resealed(name: string, file: object, privateKeyPem: string, cipher: KeyCipher): Promise<void> {
    await this.folder.replace(name, { ...file, privateKey: await sealKey(privateKeyPem, cipher) });
  }

  /** The plain certificate of the CA, for other programs; that of an earlier CA must not stay. */
  async #copyCa({ id, certificateChainPem }: NewCertificate): Promise<void> {
    if (id === caId) await this.folder.writeDerived(caPemFile, certificateChainPem, 0o644);
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
    this.#contents = await new StoreReader(this.folder, this.keys).read();
  }
}
