// Accounts at ACME servers: their keys rest in the store like those of certificates.
import {
  type AcmeAccount,
  type AcmeDirectoryInfo,
  acmeDirectories,
  type CreateAcmeAccountInput,
  createAcmeAccountInputSchema,
  type GetAcmeDirectoryInput,
} from '../../contract/acme';
import { AppError } from '../../contract/appError';
import { certificateIdFor } from '../certificateNames';
import { type CertificateService, parseInput } from '../certificateService';
import { createKeyPair } from '../keyPairs';
import type { AccountFile } from '../storeFiles';
import type { HeldSecret } from '../storeReader';
import { AcmeClient, acmeError } from './acmeClient';

export async function getAcmeDirectory({
  url,
  caCertificatePem,
}: GetAcmeDirectoryInput): Promise<AcmeDirectoryInfo> {
  // The protocol's client wants a key although nothing is signed.
  const { privateKeyPem } = await createKeyPair('ecdsa-p256');
  return withClient({ directoryUrl: url, caCertificatePem, privateKeyPem }, async (acme) => ({
    url,
    ...(await acme.directory()),
  }));
}

/** Rejects with `request_failed` and the server's words. */
export async function createAcmeAccount(
  service: CertificateService,
  input: CreateAcmeAccountInput,
): Promise<AcmeAccount> {
  const { url, caCertificatePem, email, externalAccount } = parseInput(createAcmeAccountInputSchema, input);
  const { privateKeyPem } = await createKeyPair('ecdsa-p256');
  const options = { directoryUrl: url, caCertificatePem, privateKeyPem, externalAccount };
  const accountUrl = await withClient(options, async (acme) => {
    const { needsExternalAccount } = await acme.directory();
    if (needsExternalAccount && externalAccount === undefined) {
      throw new AppError(
        'invalid_input',
        'this server takes only accounts that were ordered there: give key id and HMAC key',
      );
    }
    const client = await acme.client();
    await client.createAccount({
      termsOfServiceAgreed: true,
      ...(email === undefined ? {} : { contact: [`mailto:${email}`] }),
    });
    return client.getAccountUrl();
  });
  const { store } = service;
  return store.change(async () => {
    const id = certificateIdFor(accountName(url), (each) => store.contents.accounts.has(each));
    const account = {
      id,
      directoryUrl: url,
      accountUrl,
      createdAt: new Date(service.now()).toISOString(),
      ...(caCertificatePem === undefined ? {} : { caCertificatePem }),
      ...(email === undefined ? {} : { email }),
    };
    await store.addAccount(account, privateKeyPem);
    return accountInfo(service, heldAccount(service, id));
  });
}

/** Also where the server is gone or does not know it any more: then it is only forgotten. */
export async function deleteAcmeAccount(service: CertificateService, id: string): Promise<void> {
  const held = heldAccount(service, id);
  if (held.privateKeyPem !== null) {
    await withClient(clientOptions(held), async (acme) =>
      (await acme.client()).updateAccount({ status: 'deactivated' }),
    ).catch((error: unknown) => {
      if (!(error instanceof AppError && error.code === 'request_failed')) throw error;
    });
  }
  await service.store.change(() => service.store.removeAccount(id));
}

/** Throws `not_found`, or `unavailable` when its key cannot be opened. */
export function openAcmeAccount(service: CertificateService, id: string): AcmeClient {
  return new AcmeClient(clientOptions(heldAccount(service, id)));
}

export function accountInfo(
  service: CertificateService,
  { file, keyProblem }: HeldSecret<AccountFile>,
): AcmeAccount {
  const certificates = [...service.store.contents.certificates.values()].filter(
    ({ file: { origin } }) => origin.type === 'acme' && origin.account === file.id,
  );
  return {
    id: file.id,
    directoryUrl: file.directoryUrl,
    directoryTitle: titleOf(file.directoryUrl),
    email: file.email ?? null,
    createdAt: file.createdAt,
    certificates: certificates.map((held) => held.file.id),
    problem: keyProblem,
  };
}

function heldAccount(service: CertificateService, id: string): HeldSecret<AccountFile> {
  const held = service.store.contents.accounts.get(id);
  if (held !== undefined) return held;
  throw new AppError('not_found', `there is no ACME account "${id}"`);
}

function clientOptions({ file, privateKeyPem, keyProblem }: HeldSecret<AccountFile>) {
  if (privateKeyPem === null)
    throw new AppError('unavailable', keyProblem ?? 'the key of the account is not here');
  const { directoryUrl, caCertificatePem, accountUrl } = file;
  return { directoryUrl, caCertificatePem, accountUrl, privateKeyPem };
}

async function withClient<Result>(
  options: ConstructorParameters<typeof AcmeClient>[0],
  work: (acme: AcmeClient) => Promise<Result>,
): Promise<Result> {
  const acme = new AcmeClient(options);
  try {
    return await work(acme);
  } catch (error) {
    throw acmeError(options.directoryUrl, error);
  } finally {
    acme.close();
  }
}

function titleOf(url: string): string {
  return Object.values(acmeDirectories).find((each) => each.url === url)?.title ?? new URL(url).host;
}

function accountName(url: string): string {
  const known = Object.entries(acmeDirectories).find(([, each]) => each.url === url);
  return known?.[0] ?? new URL(url).hostname;
}
