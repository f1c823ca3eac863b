// A capture file that somebody named outside of a UI, handed to it part by part: a page may not read files by itself.
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError } from '../contract/appError';
import type { CaptureResults, captureInputs, OfferedCaptureInfo } from '../contract/captureApi';
import { maxCaptureFileBytes } from '../contract/captureFile';
import type { ApiHandlers } from './apiHandlers';

const partBytes = 512 * 1024;

interface Offered {
  readonly info: OfferedCaptureInfo;
  readonly path: string;
}

export class OfferedCapture {
  #offered: Offered | null = null;
  #offers = 0;
  readonly #listeners = new Set<(info: OfferedCaptureInfo) => void>();

  /** What is in the file is judged by who reads it. Rejects with `disk_failed` or `invalid_input`, in words for a person. */
  async offer(path: string): Promise<void> {
    const found = await stat(path).catch((cause: unknown) => {
      throw new AppError('disk_failed', `${path} cannot be opened: ${messageOf(cause)}`, { cause });
    });
    if (!found.isFile()) throw new AppError('invalid_input', `${path} is no file: name a capture file`);
    if (found.size > maxCaptureFileBytes) {
      const most = maxCaptureFileBytes / 1_048_576;
      throw new AppError(
        'invalid_input',
        `${path} has ${found.size} bytes; ${most} MiB is the most that is opened`,
      );
    }
    const info = { id: ++this.#offers, name: basename(path), bytes: found.size };
    this.#offered = { info, path };
    for (const listener of this.#listeners) listener(info);
  }

  onOffer(listener: (info: OfferedCaptureInfo) => void): void {
    this.#listeners.add(listener);
  }

  get info(): OfferedCaptureInfo | null {
    return this.#offered?.info ?? null;
  }

  forget(): void {
    this.#offered = null;
  }

  async read(id: number, from: number): Promise<CaptureResults['readOfferedCapture']> {
    const offered = this.#offered;
    if (offered === null || offered.info.id !== id) {
      throw new AppError('not_found', 'another capture file was opened meanwhile');
    }
    const { path, info } = offered;
    try {
      // What is written to the file meanwhile is left out.
      const bytes = await readBytes(path, from, Math.min(partBytes, Math.max(0, info.bytes - from)));
      const isLast = bytes.length === 0 || from + bytes.length >= info.bytes;
      const whole = isLast ? bytes : withoutCutCharacter(bytes);
      return { text: whole.toString('utf8'), next: isLast ? null : from + whole.length };
    } catch (cause) {
      throw new AppError('disk_failed', `${path} cannot be read: ${messageOf(cause)}`, { cause });
    }
  }
}

export function offeredCaptureHandlers(
  offered: OfferedCapture,
): Pick<
  ApiHandlers<keyof typeof captureInputs>,
  'getOfferedCapture' | 'readOfferedCapture' | 'forgetOfferedCapture'
> {
  return {
    getOfferedCapture: () => ({ offered: offered.info }),
    readOfferedCapture: ({ id, from }) => offered.read(id, from),
    forgetOfferedCapture: () => {
      offered.forget();
      return null;
    },
  };
}

async function readBytes(path: string, from: number, most: number): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(most), 0, most, from);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** A character of UTF-8 has at most four bytes, all but its first of the form 10xxxxxx (RFC 3629). */
function withoutCutCharacter(bytes: Buffer): Buffer {
  for (let end = bytes.length - 1; end > 0 && end >= bytes.length - 4; end--) {
    const isFirst = (bytes[end]! & 0xc0) !== 0x80;
    if (isFirst) return bytes.subarray(0, end);
  }
  return bytes;
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
