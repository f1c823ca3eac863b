// The options of `serve` about the access log, and the log that they ask for.
import { type AccessLogFormat, accessLogFormats } from '../contract/accessLogApi';
import type { Engine } from '../engine/engine';
import { startAccessLog } from '../services/accessLog';
import { RotatingFile } from '../services/rotatingFile';
import { type CommandIo, oneLine, UsageError } from './commandLine';

export const accessLogOptions = {
  'access-log': { type: 'string' },
  'access-log-format': { type: 'string' },
  'access-log-max-bytes': { type: 'string' },
  'access-log-keep': { type: 'string' },
} as const;

export const accessLogHelp = `  --access-log PATH a line for every request and relayed connection that ended; "-" = stdout. SIGHUP opens PATH anew
  --access-log-format json|clf|combined
                    JSON (default), Common or Combined Log Format; byte counts include heads
  --access-log-max-bytes N
                    PATH becomes PATH.1 at so many bytes (default 104857600)
  --access-log-keep N
                    how many older files stay (default 5)
`;

type Values = { readonly [Name in keyof typeof accessLogOptions]?: string | undefined };

export interface AccessLogSettings {
  /** "-" = stdout. */
  readonly path: string;
  readonly format: AccessLogFormat;
  readonly maxBytes: number;
  readonly keep: number;
}

/** null = none was asked for. */
export function readAccessLogOptions(values: Values): AccessLogSettings | null {
  const path = values['access-log'];
  const [other] = Object.keys(values).filter((name) => name.startsWith('access-log-'));
  if (path === undefined && other !== undefined) throw new UsageError(`--${other} needs --access-log PATH`);
  if (path === undefined) return null;
  if (path === '') throw new UsageError('--access-log needs a PATH or "-"');
  const wanted = values['access-log-format'] ?? 'json';
  const format = accessLogFormats.find((each) => each === wanted);
  if (format === undefined) {
    throw new UsageError(`--access-log-format is one of ${accessLogFormats.join(', ')}, not "${wanted}"`);
  }
  const maxBytes = wholeNumber(values, 'access-log-max-bytes', 104_857_600, 1024);
  return { path, format, maxBytes, keep: wholeNumber(values, 'access-log-keep', 5, 0) };
}

function wholeNumber(values: Values, name: keyof Values, fallback: number, least: number): number {
  const text = values[name];
  if (text === undefined) return fallback;
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least) return value;
  throw new UsageError(`--${name} needs a whole number from ${least} up, not "${text}"`);
}

export interface AccessLog {
  reopen(): void;
  close(): Promise<void>;
}

/** Throws one sentence when the file cannot be made. */
export async function openAccessLog(
  { path, format, maxBytes, keep }: AccessLogSettings,
  io: CommandIo,
  onProblem: (message: string) => void,
): Promise<{ start(engine: Engine): AccessLog }> {
  if (path === '-') {
    return {
      start(engine) {
        const stop = startAccessLog(engine, io.stdout, format);
        return { reopen: () => undefined, close: async () => stop() };
      },
    };
  }
  const file = await RotatingFile.open({
    path,
    maxBytes,
    keep,
    onProblem: (message) => onProblem(`access log: ${message}`),
  }).catch((cause: unknown) => {
    throw new Error(`--access-log: ${oneLine(cause)}`, { cause });
  });
  return {
    start(engine) {
      const stop = startAccessLog(engine, file, format);
      return {
        reopen: () => file.reopen(),
        close: () => {
          stop();
          return file.close();
        },
      };
    },
  };
}
