import { StringDecoder } from 'node:string_decoder';
import { clientBounds } from '../../contract/clientRequest';

/** The beginning of a body, and how long the whole of it is. */
export class KeptBody {
  bytes = 0;
  readonly #kept: Buffer[] = [];
  #keptBytes = 0;
  readonly #decoder = new StringDecoder('utf8');

  constructor(private readonly most: number = clientBounds.keptBodyBytes) {}

  get isCut(): boolean {
    return this.bytes > this.#keptBytes;
  }

  /** Returns what is kept of it as text, characters that are not whole yet held back; '' = nothing more is kept. */
  add(chunk: Buffer): string {
    this.bytes += chunk.length;
    const room = this.most - this.#keptBytes;
    if (room <= 0) return '';
    // A copy: the chunk may be part of a buffer that is written over.
    const part = Buffer.from(chunk.subarray(0, room));
    this.#kept.push(part);
    this.#keptBytes += part.length;
    return this.#decoder.write(part);
  }

  content(): { readonly body: string; readonly bodyEncoding: 'text' | 'base64' } {
    const all = Buffer.concat(this.#kept);
    const text = textOf(all, this.isCut);
    return text === null
      ? { body: all.toString('base64'), bodyEncoding: 'base64' }
      : { body: text, bodyEncoding: 'text' };
  }

  get kept(): Buffer {
    return Buffer.concat(this.#kept);
  }
}

/** null = no UTF-8. A cut may go through a character. */
function textOf(bytes: Buffer, isCut: boolean): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: isCut });
  } catch {
    return null;
  }
}
