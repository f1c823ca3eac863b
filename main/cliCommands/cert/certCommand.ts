// What the certificate commands share: the open store, secrets from files, output for people and as JSON.
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { parseArgs } from 'node:util';
import type { CertificateService } from '../../certs/certificateService';
import type { CertificateInfo } from '../../contract/certificate';
import { type CommandIo, type ExitCode, oneLine, UsageError } from '../commandLine';

export type OptionValues = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

export interface CertContext {
  readonly service: CertificateService;
  /** What stands behind the command's name. */
  readonly names: readonly string[];
  readonly values: OptionValues;
  readonly io: CommandIo;
}

export interface CertCommand {
  /** Behind "hopscope cert", e.g. "issue NAME... [options]". */
  readonly usage: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** Its own options, one a line. */
  readonly help: string;
  readonly options: NonNullable<Parameters<typeof parseArgs>[0]>['options'] & object;
  /** Throws `UsageError` before anything is opened. */
  check?(names: readonly string[], values: OptionValues): void;
  run(context: CertContext): Promise<ExitCode>;
}

export function text(values: OptionValues, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

export function texts(values: OptionValues, name: string): string[] {
  const value = values[name];
  return Array.isArray(value) ? value.map(String) : [];
}

/** The field only when the option was given. */
export function given<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { [Each in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { [Each in Name]?: Value });
}

export function number(values: OptionValues, name: string): number | undefined {
  const value = text(values, name);
  return value === undefined ? undefined : Number(value);
}

export function onlyName(names: readonly string[], what: string): string {
  const [name, extra] = names;
  if (name === undefined) throw new UsageError(`name ${what}`);
  if (extra !== undefined) throw new UsageError(`one ${what} is enough, "${extra}" is too much`);
  return name;
}

export function noNames(names: readonly string[]): void {
  if (names.length > 0) throw new UsageError(`"${names[0]}" is too much here`);
}

/** The first line of a file, or of stdin for "-". Secrets are no arguments: everybody on the machine sees those. */
export async function readSecret(file: string, io: CommandIo): Promise<string> {
  const content =
    file === '-' ? await readStdin(io) : await readFile(file, 'utf8').catch(sayUnreadable(file));
  return content.split(/\r?\n/)[0] ?? '';
}

/** As they go to the store. "-" = stdin. */
export async function readFiles(
  paths: readonly string[],
  io: CommandIo,
): Promise<{ readonly name: string; readonly contentBase64: string }[]> {
  const files: { name: string; contentBase64: string }[] = [];
  for (const path of paths) {
    const bytes =
      path === '-'
        ? Buffer.from(await readStdin(io), 'latin1')
        : await readFile(path).catch(sayUnreadable(path));
    files.push({ name: path === '-' ? 'stdin' : basename(path), contentBase64: bytes.toString('base64') });
  }
  return files;
}

async function readStdin({ stdin }: CommandIo): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stdin) {
    const part = Buffer.from(chunk as string | Uint8Array);
    bytes += part.length;
    if (bytes > 1_048_576) throw new Error('stdin: more than 1 MiB');
    chunks.push(part);
  }
  return Buffer.concat(chunks).toString('latin1');
}

function sayUnreadable(path: string): (error: unknown) => never {
  return (cause) => {
    throw new Error(`${path} cannot be read: ${oneLine(cause)}`, { cause });
  };
}

export function print({ values, io }: CertContext, value: unknown, lines: readonly string[] | string): void {
  if (values.json === true) io.stdout.write(`${JSON.stringify(value)}\n`);
  else io.stdout.write(typeof lines === 'string' ? lines : lines.map((line) => `${line}\n`).join(''));
}

/** Tab-separated: id, names, expiry. */
export function lineOf(certificate: CertificateInfo): string {
  const names = [...certificate.dnsNames, ...certificate.ipAddresses].join(' ');
  const what = names === '' ? certificate.subject : names;
  const state = certificate.revokedAt === null ? '' : '\trevoked';
  return `${certificate.id}\t${what}\tvalid until ${certificate.notAfter.slice(0, 10)}${state}`;
}

/** On stderr; the exit code of a command that worked all the same. */
export function reportProblems(problems: readonly string[], io: CommandIo): ExitCode {
  for (const problem of problems) io.stderr.write(`hopscope cert: ${problem}\n`);
  return problems.length === 0 ? 0 : 1;
}

export function reportWarnings({ warnings, id }: CertificateInfo, io: CommandIo): void {
  for (const { severity, message } of warnings) io.stderr.write(`${severity}: ${id}: ${message}\n`);
}
