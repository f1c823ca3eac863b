// One TCP connection as its bytes travelled, below TLS. What a packet capture is made from.
import type { Leg, SocketAddress } from '../../contract/flowEvent';

/** Who sent it: whoever Hopscope is connected with, or Hopscope. */
export type WireSender = 'peer' | 'proxy';

export type WireMark =
  /** One read from the socket, or one write that was handed to the system. */
  | { readonly kind: 'bytes'; readonly at: number; readonly sender: WireSender; readonly data: Buffer }
  /** Nothing more comes from there (FIN). */
  | { readonly kind: 'end'; readonly at: number; readonly sender: WireSender }
  /** It was cut (RST). */
  | { readonly kind: 'reset'; readonly at: number; readonly sender: WireSender };

export interface WireConnection {
  readonly id: number;
  readonly leg: Leg;
  readonly listener: string;
  /** Upstream connections only. */
  readonly pool: string | null;
  /** Microseconds of the emitter's clock: when connecting began. Downstream: when it was accepted. */
  readonly startedAt: number;
  /** null = it never came about. */
  readonly openedAt: number | null;
  readonly local: SocketAddress;
  readonly remote: SocketAddress;
  readonly marks: readonly WireMark[];
  /** Bytes after those in `marks` that were not kept, because that is as much as is kept. */
  readonly lostBytes: Readonly<Record<WireSender, number>>;
  /** Lines in the NSS key log format, without line ends; empty = no TLS, or none that ends here. */
  readonly keyLog: readonly string[];
  readonly isClosed: boolean;
}

/** What one mark weighs beside its bytes. */
const markWeight = 120;

/** The one that is being written. Its owner bounds it. */
export class RecordedConnection implements WireConnection {
  readonly marks: WireMark[] = [];
  readonly lostBytes = { peer: 0, proxy: 0 };
  readonly keyLog: string[] = [];
  openedAt: number | null = null;
  local: SocketAddress = unknownAddress;
  remote: SocketAddress = unknownAddress;
  isClosed = false;
  /** Bytes that it keeps in memory, about. */
  weight = 0;
  /** From here on bytes are counted, not kept: with a hole in it nothing after it could be decrypted. */
  isFull = false;
  /** Capture was switched off: it is on its way out of memory. */
  isDropped = false;

  constructor(
    readonly id: number,
    readonly leg: Leg,
    readonly listener: string,
    readonly pool: string | null,
    readonly startedAt: number,
  ) {}

  add(mark: WireMark): void {
    this.marks.push(mark);
    this.weight += weightOf(mark);
  }

  /** Lets go of everything, keys first. */
  drop(): void {
    this.isDropped = true;
    this.isFull = true;
    this.keyLog.length = 0;
    this.marks.length = 0;
    this.weight = 0;
  }
}

export function weightOf(mark: WireMark): number {
  return mark.kind === 'bytes' ? markWeight + mark.data.length : markWeight;
}

const unknownAddress: SocketAddress = { address: '', port: 0 };
