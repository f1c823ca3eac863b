// A file that the main process made and a UI fetches over its own origin, so that what is in it passes no frame.

export interface Download {
  /** Letters, digits, "-" and ".". */
  readonly name: string;
  readonly contentType: string;
  readonly chunks: readonly Uint8Array<ArrayBuffer>[];
}

/** Below it lie the files that can be fetched once. */
export const downloadPath = '/download/';

/** Gives the file of a path, once; null = there is none (any more). */
export type TakeDownload = (path: string) => Download | null;

export function downloadHeaders({ name, contentType, chunks }: Download): Record<string, string> {
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  return {
    'content-type': contentType,
    'content-length': String(length),
    'content-disposition': `attachment; filename="${name}"`,
    'cache-control': 'no-store',
  };
}
