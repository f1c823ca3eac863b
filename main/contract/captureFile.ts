// A capture that is kept in a file: one header line, then the events of the log as they were, one JSON object a line.
import { z } from 'zod';

export const captureFileVersion = 1;
/** `kind` of the header line: readers of events pass it by. */
export const captureFileKind = 'hopscope.capture';
export const captureFileEnding = '.hopscope.ndjson';
/** Larger files are not opened. */
export const maxCaptureFileBytes = 64 * 1024 * 1024;

const captureHeaderSchema = z.object({
  kind: z.literal(captureFileKind),
  version: z.literal(captureFileVersion),
  /** Version of the app that wrote it. */
  app: z.string().max(64),
  /** Milliseconds since 1970. */
  savedAt: z.number().min(0).max(8.64e15),
  /** Flows that were saved. */
  flows: z.int().min(0),
  /** Events that were lost before it was saved: there may be gaps. */
  lostEvents: z.int().min(0),
  /** Of so many flows one had been recorded; 1 = all. */
  sampling: z.int().min(1),
  /** Captured bytes were saved too, where there were any. */
  hasBytes: z.boolean(),
});

export type CaptureHeader = z.output<typeof captureHeaderSchema>;

/** The header; null = the value is no header at all; words = it is one that cannot be read. */
export function parseCaptureHeader(value: unknown): CaptureHeader | string | null {
  if (typeof value !== 'object' || value === null) return null;
  if (!('kind' in value) || value.kind !== captureFileKind) return null;
  const version = 'version' in value ? value.version : undefined;
  if (version !== captureFileVersion) {
    const isNewer = typeof version === 'number' && version > captureFileVersion;
    const said = typeof version === 'number' ? `version ${version}` : 'no version';
    return `the file has ${said}; this Hopscope reads version ${captureFileVersion}${isNewer ? ': open it with a newer one' : ''}`;
  }
  const parsed = captureHeaderSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const first = parsed.error.issues[0];
  return `"${first?.path.join('.') ?? ''}" of the header: ${first?.message ?? 'is not valid'}`;
}
