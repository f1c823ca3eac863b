// `hopscope cert …`: the certificate store from the command line.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CertificateService } from '../certs/certificateService';
import { keyFileCipher } from '../certs/keyFileCipher';
import { AppError } from '../contract/appError';
import type { CertificateInfo } from '../contract/certificate';
import { dataFolder } from '../platform/dataFolder';

export interface CertIo {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

const help = `Usage: hopscope cert COMMAND [options]

  ca                 show the local CA, make it first when there is none; prints the path of its certificate (PEM)
    --name NAME        common name of a new CA (default "Hopscope local CA")
  issue NAME...      issue a server certificate for host names (*.shop.test too) and IP addresses
    --id ID            its id in workspaces (default: made from the first name)
    --days N           1 to 397 (default 397)
  list               list what the store holds

  --store DIR        folder of the store (default: "certificates" in the app's data folder)
  --json             print JSON
  -h, --help         this text
`;

const options = {
  name: { type: 'string' },
  id: { type: 'string' },
  days: { type: 'string' },
  store: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** Which options each command takes besides --store, --json and --help. */
const ownOptions: Readonly<Record<string, readonly string[]>> = {
  ca: ['name'],
  issue: ['id', 'days'],
  list: [],
};

/** Exit code: 0 done, 1 failed, 2 used wrongly. */
export async function runCert(args: string[], io: CertIo): Promise<number> {
  try {
    const { values, positionals } = parse(args);
    const [command, ...names] = positionals;
    if (values.help || (command === undefined && args.length === 0)) {
      (values.help ? io.stdout : io.stderr).write(help);
      return values.help ? 0 : 2;
    }
    checkUse(command, names, values);
    const folder = values.store ?? join(dataFolder(), 'certificates');
    const service = await CertificateService.open(folder, keyFileCipher(folder));
    try {
      if (command === 'ca') return await showCa(service, values, io);
      if (command === 'issue') return await issue(service, names, values, io);
      return list(service, values, io);
    } finally {
      service.close();
    }
  } catch (error) {
    io.stderr.write(`hopscope cert: ${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

class UsageError extends Error {}

type Values = ReturnType<typeof parse>['values'];

function parse(args: string[]) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${message.split(/\. |\n/)[0]} (see "hopscope cert --help")`);
  }
}

function checkUse(command: string | undefined, names: readonly string[], values: Values): void {
  const own = command === undefined ? undefined : ownOptions[command];
  if (own === undefined) {
    throw new UsageError(`${JSON.stringify(command ?? '')} is not a command; use ca, issue or list`);
  }
  const wrong = ['name', 'id', 'days'].find((name) => name in values && !own.includes(name));
  if (wrong !== undefined) throw new UsageError(`"cert ${command}" takes no --${wrong}`);
  if (command === 'issue' && names.length === 0)
    throw new UsageError('name at least one host name or address');
  if (command !== 'issue' && names.length > 0) throw new UsageError(`"cert ${command}" takes no names`);
  if (values.store === '') throw new UsageError('--store needs a folder');
}

async function showCa(service: CertificateService, values: Values, io: CertIo): Promise<number> {
  const { ca, problems = [] } = service.info();
  const shown = ca ?? (await service.createCa(values.name === undefined ? {} : { commonName: values.name }));
  if (ca !== null && values.name !== undefined && !ca.subject.startsWith(`CN=${values.name},`)) {
    throw new AppError('already_exists', `this store already has a CA: it is "${ca.subject}"`);
  }
  if (values.json) writeJson(io, { ...shown, file: service.caCertificateFile });
  else io.stdout.write(`${service.caCertificateFile}\n`);
  return reportProblems(problems, io);
}

async function issue(
  service: CertificateService,
  names: string[],
  values: Values,
  io: CertIo,
): Promise<number> {
  const days = values.days === undefined ? undefined : Number(values.days);
  const issued = await service.issue({
    names,
    ...(values.id === undefined ? {} : { id: values.id }),
    ...(days === undefined ? {} : { days }),
  });
  if (values.json) writeJson(io, { ...issued, caFile: service.caCertificateFile });
  else io.stdout.write(`${lineOf(issued)}\n`);
  return 0;
}

function list(service: CertificateService, values: Values, io: CertIo): number {
  const info = service.info();
  if (values.json) {
    writeJson(io, info);
  } else {
    const all = info.ca === null ? info.certificates : [info.ca, ...info.certificates];
    for (const certificate of all) io.stdout.write(`${lineOf(certificate)}\n`);
    if (all.length === 0) io.stderr.write(`no certificates in ${info.folder}\n`);
  }
  return reportProblems(info.problems ?? [], io);
}

function reportProblems(problems: readonly string[], io: CertIo): number {
  for (const problem of problems) io.stderr.write(`hopscope cert: ${problem}\n`);
  return problems.length === 0 ? 0 : 1;
}

function lineOf(certificate: CertificateInfo): string {
  const names = [...certificate.dnsNames, ...certificate.ipAddresses].join(' ');
  const what = certificate.kind === 'ca' ? certificate.subject : names;
  return `${certificate.id}\t${what}\tvalid until ${certificate.notAfter.slice(0, 10)}`;
}

function writeJson(io: CertIo, value: unknown): void {
  io.stdout.write(`${JSON.stringify(value)}\n`);
}
