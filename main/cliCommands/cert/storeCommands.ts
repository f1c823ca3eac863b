// ca, issue, list, show, renew, revoke, crl, delete, protect.
import { writeFile } from 'node:fs/promises';
import { certificateDetails } from '../../certs/certificateDetails';
import { revocationList, revokeCertificate } from '../../certs/revocations';
import { AppError } from '../../contract/appError';
import {
  type CertificateKeyType,
  certificateKeyTypes,
  type RevocationReason,
  revocationReasons,
} from '../../contract/certificate';
import { UsageError } from '../commandLine';
import {
  type CertCommand,
  given,
  lineOf,
  noNames,
  number,
  type OptionValues,
  onlyName,
  print,
  readSecret,
  reportProblems,
  text,
  texts,
} from './certCommand';

export const keyTypeHelp = `  --key-type TYPE    ${certificateKeyTypes.join(', ')} (default ecdsa-p256)`;

/** undefined = not given. */
export function keyType(values: OptionValues): CertificateKeyType | undefined {
  return oneOf(values, 'key-type', certificateKeyTypes);
}

function oneOf<Value extends string>(
  values: OptionValues,
  name: string,
  known: readonly Value[],
): Value | undefined {
  const value = text(values, name);
  const found = known.find((each) => each === value);
  if (value === undefined || found !== undefined) return found;
  throw new UsageError(`--${name} is one of ${known.join(', ')}, not "${value}"`);
}

export const ca: CertCommand = {
  usage: 'ca [options]',
  summary: 'show the local CA, make it first when there is none; prints the path of its certificate (PEM)',
  help: `  --name NAME        common name of a new CA (default "Hopscope local CA")
${keyTypeHelp}
  --years N          1 to 30 (default 10)
  --permit NAME      the CA can sign for this domain and everything under it only; again for more
  --permit-address RANGE   … and for these addresses, e.g. 127.0.0.0/8`,
  options: {
    name: { type: 'string' },
    'key-type': { type: 'string' },
    years: { type: 'string' },
    permit: { type: 'string', multiple: true },
    'permit-address': { type: 'string', multiple: true },
  },
  check: (names, values) => {
    noNames(names);
    keyType(values);
  },
  run: async (context) => {
    const { service, values, io } = context;
    const { ca: existing, problems = [] } = service.info();
    const commonName = text(values, 'name');
    const shown =
      existing ??
      (await service.createCa({
        ...given('commonName', commonName),
        ...given('keyType', keyType(values)),
        ...given('years', number(values, 'years')),
        permittedNames: texts(values, 'permit'),
        permittedAddresses: texts(values, 'permit-address'),
      }));
    if (existing !== null && commonName !== undefined && !existing.subject.startsWith(`CN=${commonName},`)) {
      throw new AppError('already_exists', `this store already has a CA: it is "${existing.subject}"`);
    }
    print(context, { ...shown, file: service.caCertificateFile }, [service.caCertificateFile]);
    return reportProblems(problems, io);
  },
};

export const issue: CertCommand = {
  usage: 'issue NAME... [options]',
  summary: 'issue a server certificate for host names (*.shop.test too) and IP addresses',
  help: `  --id ID            its id in workspaces (default: made from the first name)
  --days N           1 to 397 (default 397)
${keyTypeHelp}
  --no-renewal       it is not renewed by itself before it expires`,
  options: {
    id: { type: 'string' },
    days: { type: 'string' },
    'key-type': { type: 'string' },
    'no-renewal': { type: 'boolean', default: false },
  },
  check: (names, values) => {
    if (names.length === 0) throw new UsageError('name at least one host name or address');
    keyType(values);
  },
  run: async (context) => {
    const { service, names, values } = context;
    const issued = await service.issue({
      names: [...names],
      ...given('id', text(values, 'id')),
      ...given('days', number(values, 'days')),
      ...given('keyType', keyType(values)),
      renewsAutomatically: values['no-renewal'] !== true,
    });
    print(context, { ...issued, caFile: service.caCertificateFile }, [lineOf(issued)]);
    return 0;
  },
};

export const list: CertCommand = {
  usage: 'list',
  summary: 'list what the store holds',
  help: '',
  options: {},
  check: noNames,
  run: async (context) => {
    const { service, io, values } = context;
    const info = service.info();
    const all = info.ca === null ? info.certificates : [info.ca, ...info.certificates];
    const waiting = info.requests.map(
      ({ id, dnsNames }) => `${id}\t${dnsNames.join(' ')}\tCSR waits for its answer`,
    );
    print(context, info, [...all.map(lineOf), ...waiting]);
    if (values.json !== true && all.length + waiting.length === 0)
      io.stderr.write(`no certificates in ${info.folder}\n`);
    return reportProblems(info.problems ?? [], io);
  },
};

export const show: CertCommand = {
  usage: 'show ID',
  summary: 'every field of a certificate and its chain',
  help: '',
  options: {},
  check: (names) => void onlyName(names, 'the ID of a certificate'),
  run: async (context) => {
    const details = certificateDetails(context.service, context.names[0]!);
    print(context, details, [
      ...details.fields.map(({ name, value }) => `${name}: ${value.join(', ')}`),
      `Key strength: ${details.keyStrength.message}`,
      ...details.chain.map(({ subject, role, source }) => `Chain: ${subject} (${role}, ${source})`),
      ...(details.missingIssuer === null ? [] : [`Missing: ${details.missingIssuer}`]),
      ...details.info.warnings.map(({ severity, message }) => `${severity}: ${message}`),
    ]);
    return 0;
  },
};

export const renew: CertCommand = {
  usage: 'renew ID... | renew --due',
  summary: 'make certificates of the local CA (or "ca" itself) anew; running listeners switch by themselves',
  help: `  --due              those that are due (30 days before their end)
  --keep-key         keep the private key (default: a new one)`,
  options: { due: { type: 'boolean', default: false }, 'keep-key': { type: 'boolean', default: false } },
  check: (names, { due }) => {
    if ((names.length === 0) === (due !== true))
      throw new UsageError('name the ID of a certificate, or use --due');
  },
  run: async (context) => {
    const { service, names, values, io } = context;
    const due = service.dueForRenewal().filter((held) => held.file.origin.type === 'local');
    const ids = values.due === true ? due.map((held) => held.file.id) : names;
    const renewed = [];
    for (const id of ids) renewed.push(await service.renew({ id, keepsKey: values['keep-key'] === true }));
    print(context, renewed, renewed.map(lineOf));
    if (ids.length === 0) io.stderr.write('nothing is due\n');
    return 0;
  },
};

export const revoke: CertCommand = {
  usage: 'revoke ID [--reason REASON]',
  summary: 'put a certificate of the local CA into its revocation list',
  help: `  --reason REASON    ${revocationReasons.join(', ')}`,
  options: { reason: { type: 'string' } },
  check: (names, values) => {
    onlyName(names, 'the ID of a certificate');
    oneOf(values, 'reason', revocationReasons);
  },
  run: async (context) => {
    const { service, names, values } = context;
    const reason: RevocationReason = oneOf(values, 'reason', revocationReasons) ?? 'unspecified';
    const revoked = await revokeCertificate(service, { id: names[0]!, reason });
    print(context, revoked, [lineOf(revoked)]);
    return 0;
  },
};

export const crl: CertCommand = {
  usage: 'crl [--out FILE]',
  summary: 'the revocation list of the local CA (PEM); prints the path of the file',
  help: '  --out FILE         write it there, too',
  options: { out: { type: 'string' } },
  check: noNames,
  run: async (context) => {
    const info = await revocationList(context.service);
    if (info.crlPem === null)
      throw new AppError('unavailable', 'there is no CA yet, or its key cannot be opened');
    const out = text(context.values, 'out');
    if (out !== undefined) await writeFile(out, info.crlPem);
    print(context, info, [out ?? info.file]);
    return 0;
  },
};

export const remove: CertCommand = {
  usage: 'delete ID --yes',
  summary: 'take a certificate out of the store; a copy stays in its folder "backup"',
  help: '  --yes              needed: workspaces that name it cannot be run without it',
  options: { yes: { type: 'boolean', default: false } },
  check: (names, { yes }) => {
    onlyName(names, 'the ID of a certificate');
    if (yes !== true) throw new UsageError('say --yes: workspaces that name it cannot be run without it');
  },
  run: async (context) => {
    const id = context.names[0]!;
    await context.service.remove(id, () => null);
    print(context, { deleted: id }, [`deleted ${id}`]);
    return 0;
  },
};

export const protect: CertCommand = {
  usage: 'protect passphrase --new-passphrase-file FILE | protect key-file',
  summary: 'seal the private keys by a passphrase, or by a key file again',
  help: '  --new-passphrase-file FILE   its first line; "-" = stdin',
  options: { 'new-passphrase-file': { type: 'string' } },
  check: (names, values) => {
    const kind = onlyName(names, '"passphrase" or "key-file"');
    if (kind !== 'passphrase' && kind !== 'key-file')
      throw new UsageError(`"${kind}" is neither passphrase nor key-file`);
    if (kind === 'passphrase' && text(values, 'new-passphrase-file') === undefined) {
      throw new UsageError('give the passphrase by --new-passphrase-file');
    }
  },
  run: async (context) => {
    const { service, names, values, io } = context;
    const file = text(values, 'new-passphrase-file');
    const info = await service.protect(
      names[0] === 'passphrase'
        ? { protection: 'passphrase', passphrase: await readSecret(file!, io) }
        : { protection: 'keyFile' },
    );
    print(context, info.keyStore, [info.keyStore.description]);
    return 0;
  },
};
