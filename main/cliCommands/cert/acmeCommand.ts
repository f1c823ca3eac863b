// acme: accounts and orders without a window. No engine runs here, so a port is opened for the challenge while the order runs.
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { createAcmeAccount, deleteAcmeAccount, getAcmeDirectory } from '../../certs/acme/acmeAccounts';
import { AcmeService } from '../../certs/acme/acmeService';
import { type AcmeOrder, acmeDirectories } from '../../contract/acme';
import { AppError } from '../../contract/appError';
import type { AcmeChallengeType } from '../../contract/certificate';
import { type CommandIo, type ExitCode, parsePort, UsageError } from '../commandLine';
import {
  type CertCommand,
  type CertContext,
  given,
  lineOf,
  type OptionValues,
  print,
  readSecret,
  text,
} from './certCommand';
import { keyType, keyTypeHelp } from './storeCommands';

const challenges: readonly AcmeChallengeType[] = ['http-01', 'tls-alpn-01', 'dns-01'];

export const acme: CertCommand = {
  usage: 'acme register | acme order NAME... | acme renew ID | acme list | acme delete ACCOUNT',
  summary: "certificates from Let's Encrypt or another ACME server",
  help: `  register           make an account
    --directory URL    letsencrypt, letsencrypt-staging (the default, for trying out) or an address
    --email ADDRESS    where the server may write to
    --agree-to-terms   needed; without it the address of the terms is shown
    --ca-file FILE     PEM of the CA of the server's own certificate, where that is no public one
    --eab-key-id ID --eab-key-file FILE   for servers whose accounts are ordered elsewhere
  order NAME...      get a certificate and keep it in the store
    --account ACCOUNT  needed only when there are several
    --challenge TYPE   http-01 (the default), tls-alpn-01, or dns-01: shows the record and waits for Enter
    --port PORT        opened while the order runs (default 80 for http-01, 443 for tls-alpn-01)
    --address ADDRESS  … on this address (default 0.0.0.0: the server has to reach it)
    --id ID            its id in the store (default: made from the first name)
${keyTypeHelp}
  renew ID           order it again the way it was ordered before
  list               accounts and what they renew
  delete ACCOUNT     deactivate it at the server and forget it`,
  options: {
    directory: { type: 'string' },
    email: { type: 'string' },
    'agree-to-terms': { type: 'boolean', default: false },
    'ca-file': { type: 'string' },
    'eab-key-id': { type: 'string' },
    'eab-key-file': { type: 'string' },
    account: { type: 'string' },
    challenge: { type: 'string' },
    port: { type: 'string' },
    address: { type: 'string' },
    id: { type: 'string' },
    'key-type': { type: 'string' },
  },
  check: ([action, ...rest], values) => {
    if (action === undefined || !Object.hasOwn(actions, action)) {
      throw new UsageError(`"${action ?? ''}" is none of ${Object.keys(actions).join(', ')}`);
    }
    if (action === 'order' && rest.length === 0) throw new UsageError('name at least one host name');
    if ((action === 'renew' || action === 'delete') && rest.length !== 1)
      throw new UsageError(`name the ID for "acme ${action}"`);
    if ((action === 'register' || action === 'list') && rest.length > 0)
      throw new UsageError(`"${rest[0]}" is too much here`);
    challengeOf(values);
    keyType(values);
  },
  run: async (context) => {
    const [action = '', ...names] = context.names;
    return actions[action]!(context, names);
  },
};

const actions: Readonly<
  Record<string, (context: CertContext, names: readonly string[]) => Promise<ExitCode>>
> = {
  register,
  order,
  renew,
  list: async (context) => {
    const { accounts } = serviceOf(context).state();
    print(
      context,
      accounts,
      accounts.map((each) => `${each.id}\t${each.directoryTitle}\t${each.certificates.join(' ')}`),
    );
    return 0;
  },
  delete: async (context, [id = '']) => {
    await deleteAcmeAccount(context.service, id);
    print(context, { deleted: id }, [`deleted ${id}`]);
    return 0;
  },
};

async function register(context: CertContext): Promise<ExitCode> {
  const { service, values, io } = context;
  const wanted = text(values, 'directory') ?? 'letsencrypt-staging';
  const url = Object.entries(acmeDirectories).find(([name]) => name === wanted)?.[1].url ?? wanted;
  const caFile = text(values, 'ca-file');
  const caCertificatePem = caFile === undefined ? undefined : await readFile(caFile, 'utf8');
  if (values['agree-to-terms'] !== true) {
    const { termsOfService } = await getAcmeDirectory({
      url,
      ...given('caCertificatePem', caCertificatePem),
    });
    throw new UsageError(`read ${termsOfService ?? 'the terms of the server'} and say --agree-to-terms`);
  }
  const keyId = text(values, 'eab-key-id');
  const keyFile = text(values, 'eab-key-file');
  if ((keyId === undefined) !== (keyFile === undefined))
    throw new UsageError('--eab-key-id and --eab-key-file go together');
  const externalAccount =
    keyId === undefined || keyFile === undefined
      ? undefined
      : { keyId, hmacKey: await readSecret(keyFile, io) };
  const account = await createAcmeAccount(service, {
    url,
    agreesToTerms: true,
    ...given('caCertificatePem', caCertificatePem),
    ...given('email', text(values, 'email')),
    ...given('externalAccount', externalAccount),
  });
  print(context, account, [account.id]);
  return 0;
}

async function order(context: CertContext, names: readonly string[]): Promise<ExitCode> {
  const { values } = context;
  const challenge = challengeOf(values);
  const acmeService = serviceOf(context);
  const port = text(values, 'port');
  const standard = challenge === 'http-01' ? 80 : 443;
  const temporaryListener = {
    address: text(values, 'address') ?? '0.0.0.0',
    port: port === undefined ? standard : parsePort(port, '--port'),
  };
  const started = acmeService.start({
    account: text(values, 'account') ?? onlyAccount(acmeService),
    names: [...names],
    challenge,
    ...given('id', text(values, 'id')),
    ...given('keyType', keyType(values)),
    ...(challenge === 'dns-01' ? {} : { temporaryListener }),
  });
  return follow(context, acmeService, started);
}

async function renew(context: CertContext, [id = '']: readonly string[]): Promise<ExitCode> {
  const acmeService = serviceOf(context);
  return follow(context, acmeService, acmeService.renew(context.service.store.held(id)));
}

async function follow(context: CertContext, acmeService: AcmeService, started: AcmeOrder): Promise<ExitCode> {
  const { io, service } = context;
  const told = new Set<string>();
  const stop = acmeService.onChange(() => tell(acmeService, started.id, told, io));
  const over = await acmeService.finished(started.id);
  stop();
  acmeService.close();
  if (over.problem !== null) throw new AppError('request_failed', over.problem);
  const held = service.store.held(over.certificate);
  print(context, { order: over, certificate: service.infoOf(held) }, [lineOf(service.infoOf(held))]);
  return 0;
}

/** Each step once, when it is over; records when they are to be set. */
function tell(acmeService: AcmeService, id: string, told: Set<string>, io: CommandIo): void {
  const current = acmeService.state().orders.find((each) => each.id === id);
  if (current === undefined) return;
  for (const [index, { name, hostname, state, detail }] of current.steps.entries()) {
    if (state === 'running' || told.has(`${index}`)) continue;
    told.add(`${index}`);
    io.stderr.write(`${[name, hostname].filter((part) => part !== null).join(' ')}: ${detail}\n`);
  }
  if (current.state !== 'needsRecords' || told.has('records')) return;
  told.add('records');
  for (const { name, value } of current.records) io.stderr.write(`${name}. TXT "${value}"\n`);
  io.stderr.write('Set the records above, then press Enter.\n');
  void waitForEnter(io).then(() => acmeService.continue(id));
}

async function waitForEnter({ stdin }: CommandIo): Promise<void> {
  const lines = createInterface({ input: stdin });
  await Promise.race([once(lines, 'line'), once(lines, 'close')]);
  lines.close();
}

function challengeOf(values: OptionValues): AcmeChallengeType {
  const wanted = text(values, 'challenge') ?? 'http-01';
  const found = challenges.find((each) => each === wanted);
  if (found !== undefined) return found;
  throw new UsageError(`--challenge is one of ${challenges.join(', ')}, not "${wanted}"`);
}

function onlyAccount(acmeService: AcmeService): string {
  const [account, more] = acmeService.state().accounts;
  if (account === undefined) throw new UsageError('there is no account yet: "hopscope cert acme register"');
  if (more !== undefined) throw new UsageError('there are several accounts: name one by --account');
  return account.id;
}

function serviceOf({ service }: CertContext): AcmeService {
  const nobody = { addHttp: () => () => undefined, addTls: () => () => undefined };
  return new AcmeService({
    certificates: service,
    answers: nobody,
    answering: () => ({ http: [], tls: [] }),
  });
}
