// The certificates of one store folder: made, renewed, revoked, removed, and given to the engine. Opened keys stay inside;
// they leave only as TLS material for the engine, and by an export that was asked for.
import type { z } from 'zod';
import { AppError } from '../contract/appError';
import {
  type CertificateInfo,
  type CertificateStoreInfo,
  type CreateCaInput,
  createCaInputSchema,
  type IssueCertificateInput,
  issueCertificateInputSchema,
  type ProtectKeyStoreInput,
  type RenewCertificateInput,
  renewCertificateInputSchema,
  type SetRenewalInput,
} from '../contract/certificate';
import type { KeyCipher } from '../contract/keyCipher';
import { isSystemError } from '../platform/atomicFile';
import { createAuthority, issueLeaf, type KeyAndCertificate, renewAuthority } from './certificateAuthority';
import { oids } from './certificateFacts';
import { certificateInfoOf, dueAt, type RenewalFailure } from './certificateInfo';
import { type CertificateNames, certificateIdFor, parseCertificateNames } from './certificateNames';
import { CertificateStore } from './certificateStore';
import { createKeyPair, keyTypeOf, publicKeyOf } from './keyPairs';
import { describeConstraints, forbiddenName, parseConstraints, readConstraints } from './nameConstraints';
import { requestInfoOf } from './requestInfo';
import { caId, caPemFile, certificateFileName, defaultRenewal } from './storeFiles';
import type { HeldCertificate } from './storeReader';

/** What TLS needs to serve a certificate. Stays in memory. */
export interface CertificateMaterial {
  readonly certificateChainPem: string;
  /** null = somebody else's, or the authority's, which never leaves the store: to be trusted, not served. */
  readonly privateKeyPem: string | null;
  /** Names to choose it by SNI; may carry wildcards. */
  readonly dnsNames: readonly string[];
}

/** With its key: can be served. */
export interface LeafMaterial extends CertificateMaterial {
  readonly privateKeyPem: string;
}

const dayMs = 86_400_000;

export class CertificateService {
  readonly #listeners = new Set<(info: CertificateStoreInfo) => void>();
  readonly #failures = new Map<string, RenewalFailure>();

  private constructor(
    readonly store: CertificateStore,
    readonly now: () => number,
  ) {
    store.onChange(() => this.#announce());
  }

  /** See `CertificateStore.open`. */
  static async open(
    folder: string,
    cipher: KeyCipher,
    now: () => number = Date.now,
  ): Promise<CertificateService> {
    const service = new CertificateService(await CertificateStore.open(folder, cipher), now);
    await service.#keepCaPem();
    return service;
  }

  get folder(): string {
    return this.store.folder.path;
  }

  info(): CertificateStoreInfo {
    const { ca, certificates, requests, problems } = this.store.contents;
    const keyStore = this.store.keys.state();
    return {
      folder: this.folder,
      keyProtection: keyStore.protection,
      keyStore,
      ca: ca === null ? null : this.infoOf(ca),
      caCertificateFile: this.caCertificateFile,
      certificates: [...certificates.values()].map((held) => this.infoOf(held)),
      requests: [...requests.values()].map(({ file }) => requestInfoOf(file)),
      problems,
    };
  }

  infoOf(held: HeldCertificate): CertificateInfo {
    const failure = this.#failures.get(held.file.id) ?? null;
    return certificateInfoOf(held, this.store.contents, failure, this.now());
  }

  /** Where the CA's certificate lies as plain PEM, for `curl --cacert` and for trust stores. */
  get caCertificateFile(): string {
    return this.store.folder.file(caPemFile);
  }

  /** null = no such certificate, or its key cannot be opened here (`info().problems` says why). */
  material(id: string): LeafMaterial | null {
    const held = this.store.contents.certificates.get(id);
    if (held === undefined || held.privateKeyPem === null) return null;
    const { file, facts, privateKeyPem } = held;
    return { certificateChainPem: file.certificateChainPem, privateKeyPem, dnsNames: facts.dnsNames };
  }

  /** Authorities are among them, without key: to be trusted by their id, never served. */
  materials(): ReadonlyMap<string, CertificateMaterial> {
    const found = new Map<string, CertificateMaterial>();
    const { ca, certificates } = this.store.contents;
    for (const held of [...(ca === null ? [] : [ca]), ...certificates.values()]) {
      const { id, kind, certificateChainPem } = held.file;
      const material = kind === 'leaf' ? this.material(id) : null;
      if (material !== null) found.set(id, material);
      if (kind !== 'leaf') found.set(id, { certificateChainPem, privateKeyPem: null, dnsNames: [] });
    }
    return found;
  }

  /** Called after every change. Returns how to stop. */
  onChange(listener: (info: CertificateStoreInfo) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Reads the folder again, e.g. after another process issued something. */
  async refresh(): Promise<CertificateStoreInfo> {
    await this.store.change(() => this.#keepCaPem());
    return this.info();
  }

  /** Rejects with `already_exists` when there is a CA, readable or not. */
  createCa(input: CreateCaInput = {}): Promise<CertificateInfo> {
    return this.store.change(async () => this.infoOf(await this.#createCa(input)));
  }

  /** Issues a server certificate; makes the CA first when there is none. */
  issue(input: IssueCertificateInput): Promise<CertificateInfo> {
    return this.store.change(async () => {
      const {
        id: wantedId,
        names,
        days,
        keyType,
        renewsAutomatically,
      } = parseInput(issueCertificateInputSchema, input);
      const parsedNames = parseCertificateNames(names);
      const id = this.chooseId(wantedId, parsedNames);
      const ca = await this.signingAuthority(parsedNames);
      const keys = await createKeyPair(keyType);
      const certificatePem = await issueLeaf(ca, keys.publicKey, parsedNames, days, this.now());
      const held = await this.store.add({
        id,
        kind: 'leaf',
        origin: { type: 'local' },
        renewal: { ...defaultRenewal, isAutomatic: renewsAutomatically },
        certificateChainPem: certificatePem,
        privateKeyPem: keys.privateKeyPem,
      });
      return this.infoOf(held);
    });
  }

  /**
   * A local certificate with the same names and as long a life, from now on; the CA with the same key. Listeners that serve it switch
   * without a dropped connection. Others reject with `unavailable` and say how they are renewed.
   */
  renew(input: RenewCertificateInput): Promise<CertificateInfo> {
    return this.store.change(async () => {
      const { id, keepsKey } = parseInput(renewCertificateInputSchema, input);
      const held = this.store.held(id);
      const renewed =
        held.file.kind === 'ca' ? await this.#renewCa(held) : await this.#renewLeaf(held, keepsKey);
      this.#failures.delete(id);
      return this.infoOf(await this.store.replace({ ...renewed, ...kept(held) }));
    });
  }

  setRenewal({ id, isAutomatic, daysBefore }: SetRenewalInput): Promise<CertificateInfo> {
    return this.store.change(async () => {
      const { file } = this.store.held(id);
      const before = daysBefore ?? file.renewal.daysBefore;
      return this.infoOf(await this.store.rewrite({ ...file, renewal: { isAutomatic, daysBefore: before } }));
    });
  }

  /** `isUsed` says where, in words, or null; a certificate in use stays. */
  remove(id: string, isUsed: (id: string) => string | null): Promise<void> {
    return this.store.change(async () => {
      this.store.held(id);
      const use = isUsed(id);
      if (use !== null) throw new AppError('conflict', `"${id}" is used by ${use}; take it away there first`);
      await this.store.remove(id);
    });
  }

  async unlock(passphrase: string): Promise<CertificateStoreInfo> {
    await this.store.change(async () => {
      await this.store.keys.unlock(passphrase);
      await this.store.announce();
    });
    return this.info();
  }

  /** Rejects with `unavailable` while the store is locked. */
  async protect(input: ProtectKeyStoreInput): Promise<CertificateStoreInfo> {
    await this.store.change(async () => {
      const { keys } = this.store;
      if (keys.isLocked)
        throw new AppError('unavailable', 'the key store is locked: give its passphrase first');
      if (input.protection === 'passphrase') {
        await keys.setPassphrase(input.passphrase);
        await this.store.sealAgain(keys.cipher);
      } else if (keys.state().protection === 'passphrase') {
        await this.store.sealAgain(keys.keyFile());
        await keys.forgetPassphrase();
      }
      await this.store.announce();
    });
    return this.info();
  }

  /** Ids of what is to be renewed now, failures backed off. */
  dueForRenewal(): HeldCertificate[] {
    const now = this.now();
    return [...this.store.contents.certificates.values()].filter((held) => {
      const { renewal, revokedAt } = this.infoOf(held);
      if (!renewal.isAutomatic || revokedAt !== null) return false;
      const failure = this.#failures.get(held.file.id);
      return (failure?.nextAttemptAt ?? dueAt(held.facts, held.file.renewal.daysBefore)) <= now;
    });
  }

  /** A renewal failed; the next attempt is further away each time. */
  noteRenewalFailure(id: string, message: string, firstDelayMs: number): void {
    const attempts = (this.#failures.get(id)?.attempts ?? 0) + 1;
    const delay = Math.min(firstDelayMs * 2 ** (attempts - 1), dayMs);
    const now = this.now();
    this.#failures.set(id, {
      message,
      at: new Date(now).toISOString(),
      attempts,
      nextAttemptAt: now + delay,
    });
    this.#announce();
  }

  noteRenewed(id: string): void {
    this.#failures.delete(id);
  }

  close(): void {
    this.#listeners.clear();
    this.store.close();
  }

  // ---- for what else works on the store (import, requests, ACME); only inside `store.change`

  /** The wanted id, or one made from the names. */
  chooseId(wanted: string | undefined, names: Pick<CertificateNames, 'dnsNames' | 'ipAddresses'>): string {
    if (wanted !== undefined && this.store.isTaken(wanted)) throw this.#idTaken(wanted);
    const firstName = names.dnsNames[0] ?? names.ipAddresses[0] ?? '';
    return wanted ?? certificateIdFor(firstName, (id) => this.store.isTaken(id));
  }

  /** The CA with its key; made when there is none. Throws when it may not sign for the names. */
  async signingAuthority(names: CertificateNames): Promise<KeyAndCertificate> {
    if (!this.store.contents.takenIds.has(caId)) await this.#createCa({});
    const held = this.store.held(caId);
    const ca = withKey(held);
    const { facts } = held;
    if (Date.parse(facts.x509.validTo) <= this.now()) {
      throw new AppError(
        'unavailable',
        `the CA "${facts.subject}" expired on ${facts.x509.validTo}; renew it`,
      );
    }
    const extension = facts.extensions.find((each) => each.oid === oids.nameConstraints);
    if (extension === undefined) return ca;
    const constraints = readConstraints(extension.value);
    const forbidden = forbiddenName(names, constraints);
    if (forbidden === null) return ca;
    throw new AppError(
      'invalid_input',
      `the CA may not sign for "${forbidden}": its name constraints permit ${describeConstraints(constraints)}`,
    );
  }

  async #createCa(input: CreateCaInput): Promise<HeldCertificate> {
    const { keyType, permittedNames, permittedAddresses, ...options } = parseInput(
      createCaInputSchema,
      input,
    );
    if (/\p{Cc}/u.test(options.commonName + options.organization)) {
      throw new AppError('invalid_input', 'the name of the CA must not contain control characters');
    }
    const constraints = parseConstraints(permittedNames, permittedAddresses);
    if (this.store.contents.takenIds.has(caId)) {
      const name = this.store.contents.ca?.facts.subject;
      const why = name === undefined ? this.store.problemOf(certificateFileName(caId)) : `it is "${name}"`;
      throw new AppError('already_exists', `this store already has a CA: ${why}`);
    }
    const keys = await createKeyPair(keyType);
    const certificateChainPem = await createAuthority(keys, { ...options, constraints }, this.now());
    const held = await this.store.add({
      id: caId,
      kind: 'ca',
      origin: { type: 'local' },
      renewal: { ...defaultRenewal, isAutomatic: false },
      certificateChainPem,
      privateKeyPem: keys.privateKeyPem,
    });
    return held;
  }

  async #renewCa(held: HeldCertificate) {
    const ca = withKey(held);
    const certificateChainPem = await renewAuthority(ca, this.now());
    return { certificateChainPem, privateKeyPem: ca.privateKeyPem };
  }

  async #renewLeaf({ file, facts, privateKeyPem, keyProblem }: HeldCertificate, keepsKey: boolean) {
    if (file.origin.type !== 'local') throw new AppError('unavailable', renewedElsewhere[file.origin.type]);
    if (privateKeyPem === null) throw new AppError('unavailable', keyProblem ?? 'its key is not here');
    const names = parseCertificateNames([...facts.dnsNames, ...facts.ipAddresses]);
    const ca = await this.signingAuthority(names);
    const keys = keepsKey
      ? { privateKeyPem, publicKey: publicKeyOf(privateKeyPem) }
      : await createKeyPair(keyTypeOf(privateKeyPem));
    const lifetime = Date.parse(facts.x509.validTo) - Date.parse(facts.x509.validFrom);
    const days = Math.min(Math.max(Math.round(lifetime / dayMs), 1), 397);
    return {
      certificateChainPem: await issueLeaf(ca, keys.publicKey, names, days, this.now()),
      privateKeyPem: keys.privateKeyPem,
    };
  }

  /** The plain copy is only a convenience: made when it is missing, never touched when somebody changed it. */
  async #keepCaPem(): Promise<void> {
    const pem = this.store.contents.ca?.facts.pem;
    if (pem === undefined) return;
    await this.store.folder.createDerived(caPemFile, pem, 0o644).catch((error: unknown) => {
      const isHarmless = ['EEXIST', 'EROFS', 'EACCES'].some((code) => isSystemError(error, code));
      if (!isHarmless) throw error;
    });
  }

  #announce(): void {
    const info = this.info();
    for (const listener of this.#listeners) listener(info);
  }

  #idTaken(id: string): AppError {
    if (id === caId)
      return new AppError('already_exists', 'the id "ca" is that of the CA; choose another one');
    const names = this.store.contents.certificates.get(id)?.facts.dnsNames.join(', ');
    const what = names === undefined || names === '' ? '' : ` (${names})`;
    return new AppError('already_exists', `there is a certificate with the id "${id}" already${what}`);
  }
}

const renewedElsewhere = {
  imported: 'it was imported: import its successor in its place',
  request: 'it is the answer to a CSR: make a new CSR and import the answer',
  signed: 'its key is with the one who sent the CSR: sign a new CSR',
  acme: 'it is renewed by ordering it again',
} as const;

/** What a renewal keeps. */
function kept({ file: { id, kind, origin, renewal } }: HeldCertificate) {
  return { id, kind, origin, renewal };
}

export function withKey({ facts, privateKeyPem, keyProblem }: HeldCertificate): KeyAndCertificate {
  if (privateKeyPem !== null) return { certificatePem: facts.pem, privateKeyPem };
  throw new AppError('unavailable', keyProblem ?? `the key of "${facts.subject}" is not here`);
}

export function parseInput<Output>(schema: z.ZodType<Output>, input: unknown): Output {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new AppError('invalid_input', `${issue?.path.join('.') || 'input'}: ${issue?.message ?? 'is wrong'}`);
}
