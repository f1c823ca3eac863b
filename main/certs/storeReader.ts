// Reads the folder of a store: every file for itself, so that a damaged one is named and does not keep the others from working.
// Opened keys stay inside.
import { createPrivateKey, type X509Certificate } from 'node:crypto';
import { AppError } from '../contract/appError';
import { type CertificateFacts, readCertificate } from './certificateFacts';
import { DerError } from './formats/der';
import type { KeyStore } from './keyStore';
import { openKey, type SealedKey } from './sealedKey';
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
import { damaged, reasonOf, type StoreFolder } from './storeFolder';

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

const noRevocations: RevocationsFile = { format: 'hopscope-revocations', version: 1, number: 0, entries: [] };
export const emptyStore: StoreContents = {
  ca: null,
  certificates: new Map(),
  requests: new Map(),
  accounts: new Map(),
  revocations: noRevocations,
  problems: [],
  takenIds: new Set(),
};

/** One reading; made anew for the next. */
export class StoreReader {
  readonly #problems: string[] = [];

  constructor(
    private readonly folder: StoreFolder,
    private readonly keys: KeyStore,
  ) {}

  async read(): Promise<StoreContents> {
    await this.keys.refresh();
    const names = await this.folder.names();
    const ca = names.includes('ca.json') ? await this.#certificate(caId) : null;
    const certificates = new Map<string, HeldCertificate>();
    const ids = idsOf('certificate', names);
    for (const id of ids) {
      const held = await this.#certificate(id);
      if (held !== null) certificates.set(id, held);
    }
    const requests = await this.#secrets('request', requestFileSchema, names);
    const accounts = await this.#secrets('acme', accountFileSchema, names);
    const revocations = await this.#tolerant(revocationsFile, () =>
      this.folder.read(revocationsFile, revocationsFileSchema),
    );
    const takenIds = new Set([
      ...(names.includes('ca.json') ? [caId] : []),
      ...ids,
      ...idsOf('request', names),
    ]);
    return {
      ca,
      certificates,
      requests,
      accounts,
      revocations: revocations ?? noRevocations,
      problems: [...new Set(this.#problems)],
      takenIds,
    };
  }

  async #certificate(id: string): Promise<HeldCertificate | null> {
    const name = certificateFileName(id);
    const path = this.folder.file(name);
    return this.#tolerant(name, async () => {
      const file = await this.folder.read(name, certificateFileSchema);
      if (file === null) return null;
      const isRightKind = (file.kind === 'ca') === (id === caId);
      if (file.id !== id || !isRightKind) throw damaged(path, `it holds ${file.kind} "${file.id}"`);
      const facts = readStored(path, file.certificateChainPem);
      const key = await this.#opened(path, file.privateKey, facts.x509);
      return { file, facts, ...key };
    });
  }

  async #secrets<File extends RequestFile | AccountFile>(
    kind: 'request' | 'acme',
    schema: Parameters<typeof this.folder.read<File>>[1],
    names: readonly string[],
  ): Promise<Map<string, HeldSecret<File>>> {
    const found = new Map<string, HeldSecret<File>>();
    for (const id of idsOf(kind, names)) {
      const name = kind === 'request' ? requestFileName(id) : accountFileName(id);
      const path = this.folder.file(name);
      const held = await this.#tolerant(name, async () => {
        const file = await this.folder.read(name, schema);
        if (file === null) return null;
        if (file.id !== id) throw damaged(path, `it holds "${file.id}"`);
        return { file, ...(await this.#opened(path, file.privateKey, null)) };
      });
      if (held !== null) found.set(id, held);
    }
    return found;
  }

  async #opened(
    path: string,
    sealed: SealedKey | null,
    certificate: X509Certificate | null,
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
      this.#problems.push(keyProblem);
      return { privateKeyPem: null, keyProblem };
    }
  }

  async #tolerant<Result>(name: string, read: () => Promise<Result | null>): Promise<Result | null> {
    try {
      return await read();
    } catch (error) {
      const path = this.folder.file(name);
      this.#problems.push(
        error instanceof AppError ? error.message : `${path} cannot be read: ${reasonOf(error)}`,
      );
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
