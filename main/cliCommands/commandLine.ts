// What all commands share: arguments, one-line errors, exit codes.
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { AppError } from '../contract/appError';
import { type ConfigIssue, formatIssue } from '../contract/configIssue';
import { didYouMean } from '../contract/nearestName';

/** The outside as a command sees it. */
export interface CommandIo {
  readonly stdout: NodeJS.WritableStream & { readonly writableLength?: number };
  readonly stderr: { write(text: string): unknown };
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly version: string;
  /** Folder of the built UI. */
  readonly rendererFolder: string;
}

/** 0 done · 1 failed or found something · 2 used wrongly, or the input cannot be read. */
export type ExitCode = 0 | 1 | 2;

/** The person asked for something that does not exist; exit code 2. */
export class UsageError extends Error {}

type OptionSpecs = NonNullable<ParseArgsConfig['options']>;

/** Strict; an unknown option is named with the nearest known one. Every command has -h/--help. */
export function parseCommand<Options extends OptionSpecs>(args: string[], options: Options) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(sayParseError(error, Object.keys(options)));
  }
}

function sayParseError(error: unknown, known: readonly string[]): string {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? error.code : '';
  const option = /'(-[^' <]+)/.exec(message)?.[1] ?? '';
  if (code !== 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return message.split(/\. |\n/)[0]!;
  const near = option.startsWith('--') ? didYouMean(option.slice(2), known) : '';
  return `unknown option ${option}${near.replace(/"(.*)"/, '"--$1"')}`;
}

/** `--ui 8123`, `--ui=8123` and `--ui` alone: parseArgs has no options with an optional value. */
export function withOptionalPort(args: readonly string[], name: string): string[] {
  const result: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const next = args[index + 1];
    if (args[index] === '--') return [...result, ...args.slice(index)];
    if (args[index] !== name) result.push(args[index]!);
    else if (next !== undefined && /^\d+$/.test(next)) {
      result.push(`${name}=${next}`);
      index++;
    } else result.push(`${name}=0`);
  }
  return result;
}

export function parsePort(text: string, option: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new UsageError(`${option} needs a port from 0 to 65535, not "${text}"`);
}

/** Runs a command's work; whatever it throws becomes one line. */
export async function runSafely(
  name: string,
  io: CommandIo,
  work: () => Promise<ExitCode>,
): Promise<ExitCode> {
  try {
    return await work();
  } catch (error) {
    const hint = error instanceof UsageError ? ` (see "hopscope ${name} --help")` : '';
    io.stderr.write(`hopscope ${name}: ${oneLine(error)}${hint}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

export function oneLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/\s*\n\s*/g, ' ');
}

export function printIssues(issues: readonly ConfigIssue[], file: string, io: CommandIo): void {
  for (const issue of issues) io.stderr.write(`${formatIssue(issue, file)}\n`);
}

/** The one positional argument of a command. */
export function onlyFile(positionals: readonly string[]): string {
  const [file, extra] = positionals;
  if (file === undefined) throw new UsageError('name the workspace FILE');
  if (extra !== undefined) throw new UsageError(`one FILE is enough, "${extra}" is too much`);
  return file;
}

export function isUnreadable(error: unknown): boolean {
  return error instanceof AppError && error.code === 'disk_failed';
}

/** What a system's error of `listen` means to a person. */
export function sayListenError(what: string, port: number, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'EADDRINUSE') return `${what}: port ${port} is in use; choose another one (0 = any free one)`;
  if (code === 'EACCES') return `${what}: port ${port} needs more rights; choose one from 1024 on`;
  return `${what}: port ${port} cannot be opened: ${oneLine(error)}`;
}
