// What really happened at a peer's own socket, written down without asking the proxy; and what a diagram's text says, read
// back from its lines.
import { once } from 'node:events';
import type { Socket } from 'node:net';

export class WireWitness {
  /** Sizes of this peer's own writes, in order. */
  readonly written: number[] = [];
  readonly #read: Buffer[] = [];
  /** Who ended first, as this peer saw it; null = nobody yet. */
  endedFirst: 'self' | 'other' | null = null;
  readonly #waiting = new Set<() => void>();

  constructor(readonly socket: Socket) {
    socket.on('data', (bytes: Buffer) => {
      this.#read.push(bytes);
      this.#wake();
    });
    socket.on('end', () => {
      this.endedFirst ??= 'other';
      this.#wake();
    });
    socket.on('error', () => this.#wake());
    socket.on('close', () => this.#wake());
  }

  get received(): Buffer {
    return Buffer.concat(this.#read);
  }

  write(bytes: string | Buffer): void {
    this.written.push(bytes.length);
    this.socket.write(bytes);
  }

  end(): void {
    this.endedFirst ??= 'self';
    this.socket.end();
  }

  async until(condition: (witness: this) => boolean): Promise<void> {
    while (!condition(this)) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  untilReceived(bytes: number): Promise<void> {
    return this.until(({ received }) => received.length >= bytes);
  }

  async closed(): Promise<void> {
    if (!this.socket.closed) await once(this.socket, 'close');
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }
}

export interface ToldChunk {
  /** "client>proxy", "proxy>endpoint"… */
  readonly way: string;
  readonly bytes: number;
  readonly fate: string;
  readonly isSealed: boolean;
}

const parties = ['client', 'proxy'];
const nameOf = (party: string) => parties[Number(party)] ?? 'endpoint';

/** The lines of a diagram as a person reads them. */
export function readableLines(text: string): string[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) =>
      line
        .trim()
        .replace(/#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
        .replaceAll('<br/>', ' '),
    );
}

/** Every chunk that the text tells of, in its order. Sizes below 1 KB are exact. */
export function toldChunks(text: string): ToldChunk[] {
  return readableLines(text).flatMap((line) => {
    const found = /^p(\d)-?->>p(\d): (sealed )?chunk ([\d.]+) (B|KB|MB), (.*?)(?: ·| [+−])/.exec(line);
    if (found === null) return [];
    const [, from = '', to = '', sealed, size, unit, fate = ''] = found;
    const factor = unit === 'B' ? 1 : unit === 'KB' ? 1024 : 1_048_576;
    return [
      {
        way: `${nameOf(from)}>${nameOf(to)}`,
        bytes: Math.round(Number(size) * factor),
        fate,
        isSealed: sealed !== undefined,
      },
    ];
  });
}

export function sizesOf(chunks: readonly ToldChunk[], way: string): number[] {
  return chunks.filter((chunk) => chunk.way === way).map((chunk) => chunk.bytes);
}

/** "client>proxy closes…": who closed which leg, in order. */
export function toldClosings(text: string): string[] {
  return readableLines(text).flatMap((line) => {
    const found = /^p(\d)-?-[>x]>?p(\d): closes connection \d+(.*?)(?: ·| [+−])/.exec(line);
    return found === null ? [] : [`${nameOf(found[1]!)}>${nameOf(found[2]!)}${found[3]}`];
  });
}
