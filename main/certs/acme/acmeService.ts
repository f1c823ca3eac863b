// Orders at ACME servers while they run, and what the UI sees of them. Certificates end up in the store like any other.
import { randomUUID } from 'node:crypto';
import {
  type AcmeOrder,
  type AcmeState,
  type StartAcmeOrderInput,
  startAcmeOrderInputSchema,
} from '../../contract/acme';
import { AppError } from '../../contract/appError';
import type { CertificateKeyType } from '../../contract/certificate';
import { parseCertificateNames } from '../certificateNames';
import { type CertificateService, parseInput } from '../certificateService';
import { keyTypeOf } from '../keyPairs';
import { type CertificateFile, defaultRenewal } from '../storeFiles';
import type { HeldCertificate } from '../storeReader';
import { accountInfo, openAcmeAccount } from './acmeAccounts';
import { acmeError } from './acmeClient';
import type { ChallengeAnswers } from './challenges';
import { CancelledError, OrderProgress, type OrderWish } from './orderProgress';
import { runOrder } from './runOrder';
import { openTemporaryListener } from './temporaryListener';

export interface AcmeServiceOptions {
  readonly certificates: CertificateService;
  /** The running engine. */
  readonly answers: ChallengeAnswers;
  /** Which listeners it answers on, for people. */
  readonly answering: () => AcmeState['answering'];
}

type AcmeOrigin = Extract<CertificateFile['origin'], { type: 'acme' }>;

interface Plan {
  readonly wish: OrderWish;
  readonly keyType: CertificateKeyType;
  readonly origin: AcmeOrigin;
  readonly renewal: CertificateFile['renewal'];
}

const keptOrders = 50;
/** Of the first retry; each is twice as far away, a day at most. */
const firstRetryMs = 300_000;

export class AcmeService {
  #orders: OrderProgress[] = [];
  readonly #running = new Map<string, Promise<void>>();
  readonly #listeners = new Set<() => void>();

  constructor(private readonly options: AcmeServiceOptions) {}

  state(): AcmeState {
    const { certificates, answering } = this.options;
    return {
      accounts: [...certificates.store.contents.accounts.values()].map((held) =>
        accountInfo(certificates, held),
      ),
      orders: this.#orders.map((order) => this.#withRetry(order.snapshot())),
      answering: answering(),
    };
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Answers as soon as the order is begun. Throws `invalid_input` for what no server could fulfil. */
  start(input: StartAcmeOrderInput): AcmeOrder {
    const {
      account,
      names,
      challenge,
      id: wantedId,
      keyType,
      renewsAutomatically,
      temporaryListener,
    } = parseInput(startAcmeOrderInputSchema, input);
    const { certificates } = this.options;
    const parsed = parseCertificateNames(names);
    checkNames(parsed.dnsNames, parsed.ipAddresses, challenge);
    const id = certificates.chooseId(wantedId, parsed);
    if (this.#orders.some((order) => !order.isOver && order.wish.certificate === id)) {
      throw new AppError('conflict', `an order for "${id}" runs already`);
    }
    const origin: AcmeOrigin = {
      type: 'acme',
      account,
      challenge,
      ...(temporaryListener === undefined ? {} : { temporaryListener }),
    };
    return this.#begin({
      wish: {
        id: randomUUID(),
        account,
        names: parsed.dnsNames,
        challenge,
        certificate: id,
        isRenewal: false,
      },
      keyType,
      origin,
      renewal: { ...defaultRenewal, isAutomatic: renewsAutomatically },
    });
  }

  /** Orders the same names again. Throws `unavailable` when the account is gone. */
  renew({ file, facts, privateKeyPem }: HeldCertificate): AcmeOrder {
    const { origin, renewal } = file;
    if (origin.type !== 'acme')
      throw new AppError('unavailable', `"${file.id}" does not come from an ACME server`);
    const running = this.#orders.find((order) => !order.isOver && order.wish.certificate === file.id);
    if (running !== undefined) return running.snapshot();
    const { account, challenge } = origin;
    const wish = {
      id: randomUUID(),
      account,
      names: facts.dnsNames,
      challenge,
      certificate: file.id,
      isRenewal: true,
    };
    const keyType = privateKeyPem === null ? 'ecdsa-p256' : keyTypeOf(privateKeyPem);
    return this.#begin({ wish, keyType, origin, renewal });
  }

  /** Throws `conflict` when the order waits for nothing. */
  continue(id: string): AcmeOrder {
    const order = this.#order(id);
    if (!order.continue()) throw new AppError('conflict', 'this order does not wait for anything');
    return order.snapshot();
  }

  cancel(id: string): void {
    const order = this.#order(id);
    if (order.isOver) this.#orders = this.#orders.filter((each) => each !== order);
    else order.cancel();
    this.#changed();
  }

  /** When the order is over, however it ended. */
  async finished(id: string): Promise<AcmeOrder> {
    const order = this.#order(id);
    await this.#running.get(id);
    return order.snapshot();
  }

  close(): void {
    for (const order of this.#orders) order.cancel();
    this.#listeners.clear();
  }

  #begin(plan: Plan): AcmeOrder {
    const acme = openAcmeAccount(this.options.certificates, plan.wish.account);
    const order = new OrderProgress(plan.wish, () => this.#changed());
    this.#orders = [order, ...this.#orders].slice(0, keptOrders);
    const end = this.#run(plan, order, acme).finally(() => {
      acme.close();
      this.#running.delete(plan.wish.id);
    });
    this.#running.set(plan.wish.id, end);
    this.#changed();
    return order.snapshot();
  }

  /** Never rejects: what went wrong is in the order. */
  async #run(plan: Plan, progress: OrderProgress, acme: ReturnType<typeof openAcmeAccount>): Promise<void> {
    const { certificates, answers } = this.options;
    const { origin, keyType, wish } = plan;
    let temporary: Awaited<ReturnType<typeof openTemporaryListener>> | null = null;
    try {
      if (origin.temporaryListener !== undefined && origin.challenge !== 'dns-01') {
        temporary = await openTemporaryListener(origin.challenge, origin.temporaryListener);
      }
      const everyone = [answers, ...(temporary === null ? [] : [temporary])];
      const ordered = await runOrder({
        client: await acme.client(),
        progress,
        keyType,
        answers: everyone,
      });
      await progress.step(
        'install',
        null,
        'keeping it in the store',
        () => this.#keep(plan, ordered),
        () => installed(wish),
      );
      progress.finish(null);
    } catch (error) {
      const problem =
        error instanceof CancelledError
          ? null
          : acmeError(directoryOf(certificates, wish.account), error).message;
      progress.finish(problem);
      if (wish.isRenewal && problem !== null)
        certificates.noteRenewalFailure(wish.certificate, problem, firstRetryMs);
    } finally {
      temporary?.close();
    }
  }

  async #keep(
    { wish, origin, renewal }: Plan,
    ordered: { readonly certificateChainPem: string; readonly privateKeyPem: string },
  ): Promise<void> {
    const { store } = this.options.certificates;
    await store.change(async () => {
      const certificate = { id: wish.certificate, kind: 'leaf' as const, origin, renewal, ...ordered };
      this.options.certificates.noteRenewed(wish.certificate);
      await (wish.isRenewal ? store.replace(certificate) : store.add(certificate));
    });
  }

  /** A renewal that failed says when it is tried again. */
  #withRetry(order: AcmeOrder): AcmeOrder {
    if (order.state !== 'failed' || !order.isRenewal) return order;
    const held = this.options.certificates.store.contents.certificates.get(order.certificate);
    const next = held === undefined ? null : this.options.certificates.infoOf(held).renewal.nextAttemptAt;
    return next === null ? order : { ...order, state: 'retrying', nextAttemptAt: next };
  }

  #order(id: string): OrderProgress {
    const order = this.#orders.find((each) => each.wish.id === id);
    if (order !== undefined) return order;
    throw new AppError('not_found', `there is no order "${id}"`);
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

function checkNames(
  dnsNames: readonly string[],
  ipAddresses: readonly string[],
  challenge: AcmeOrder['challenge'],
): void {
  const address = ipAddresses[0];
  if (address !== undefined) {
    throw new AppError(
      'invalid_input',
      `names: ${address} is an address; ACME servers are asked for host names here`,
    );
  }
  const wildcard = dnsNames.find((name) => name.startsWith('*.'));
  if (wildcard !== undefined && challenge !== 'dns-01') {
    throw new AppError(
      'invalid_input',
      `names: the wildcard ${wildcard} can only be shown by a DNS record (dns-01)`,
    );
  }
}

function installed({ certificate, isRenewal }: OrderWish): string {
  return isRenewal
    ? `"${certificate}" is renewed; listeners that serve it have switched`
    : `it is in the store as "${certificate}"; add it to a listener to serve it`;
}

function directoryOf(certificates: CertificateService, account: string): string {
  return certificates.store.contents.accounts.get(account)?.file.directoryUrl ?? account;
}
