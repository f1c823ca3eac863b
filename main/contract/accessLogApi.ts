// The access log as the app keeps it: a line in a file for every request and relayed connection that ended.
import { z } from 'zod';

export const accessLogFormats = ['json', 'clf', 'combined'] as const;
export type AccessLogFormat = (typeof accessLogFormats)[number];

export const accessLogSchema = z.strictObject({
  isOn: z.boolean(),
  /** Lines are put behind what is there, so that only names of logs are taken. */
  path: z
    .string()
    .max(4096)
    .regex(
      /^(\/|[a-z]:[\\/]).*\.(log|txt|json|jsonl|ndjson)$/i,
      'must be a whole path to a .log, .txt or .json file',
    ),
  format: z.enum(accessLogFormats),
  /** At so many bytes the file becomes PATH.1, PATH.1 becomes PATH.2… */
  maxBytes: z.int().min(1024).max(1_000_000_000_000),
  /** How many older files stay. */
  keep: z.int().min(0).max(1000),
});

export type AccessLogSettings = z.output<typeof accessLogSchema>;

export interface AccessLogState {
  readonly settings: AccessLogSettings;
  /** Why nothing is written although it is on; null = nothing is wrong. */
  readonly problem: string | null;
  /** The command line has a say in it, and the app has none. */
  readonly isFixed: boolean;
}

export const accessLogInputs = { getAccessLog: z.undefined(), setAccessLog: accessLogSchema } as const;

export interface AccessLogResults {
  getAccessLog: AccessLogState;
  /** Rejects with `disk_failed` when the file cannot be written; then nothing changed. */
  setAccessLog: AccessLogState;
}
