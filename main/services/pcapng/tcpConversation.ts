// A TCP connection made up around bytes that are real. Real: addresses, ports, bytes, their order, the time of each read
// and write, who ended or cut it. Made up: how the bytes were cut into packets, sequence numbers, acknowledgements, and the
// packets of the handshake, because a program that reads sockets never sees them.
import type { SocketAddress } from '../../contract/flowEvent';
import type { WireConnection, WireMark, WireSender } from '../../engine/wire/wireConnection';
import { maxSegmentBytes, TcpFlag } from './ipPacket';

export interface MadePacket {
  /** Microseconds of the emitter's clock. */
  readonly at: number;
  readonly isInbound: boolean;
  readonly from: SocketAddress;
  readonly to: SocketAddress;
  readonly seq: number;
  readonly ack: number;
  readonly flags: number;
  readonly payload: Uint8Array;
  readonly comments: string[];
}

/** A remark on what was read or written at that time. */
export interface PacketNote {
  readonly at: number;
  readonly isRead: boolean;
  readonly text: string;
}

const nothing = new Uint8Array(0);
/** Where each side begins to count; Wireshark counts from 0 by itself. */
const firstSeq = 1_000_000;

const other = { peer: 'proxy', proxy: 'peer' } as const;

/** In order of time. */
export function tcpConversation(connection: WireConnection, notes: readonly PacketNote[]): MadePacket[] {
  return new Conversation(connection, notes).make();
}

class Conversation {
  readonly #packets: MadePacket[] = [];
  readonly #next = { peer: firstSeq, proxy: firstSeq };
  readonly #hasEnded = { peer: false, proxy: false };
  #isOver = false;

  constructor(
    private readonly connection: WireConnection,
    private readonly notes: readonly PacketNote[],
  ) {}

  make(): MadePacket[] {
    this.#shakeHands();
    let isGapTold = false;
    for (const mark of this.connection.marks) {
      if (mark.kind === 'bytes') this.#bytes(mark);
      else {
        if (!isGapTold) this.#gaps();
        isGapTold = true;
        if (mark.kind === 'end') this.#end(mark);
        else this.#reset(mark);
      }
    }
    const last = this.#packets.at(-1);
    if (last === undefined) return this.#packets;
    if (!isGapTold) last.comments.push(...this.#lostAfter());
    this.#placeNotes();
    return this.#packets;
  }

  #shakeHands(): void {
    const { leg, id, listener, pool, startedAt, openedAt } = this.connection;
    if (openedAt === null) return;
    const opener: WireSender = leg === 'downstream' ? 'peer' : 'proxy';
    const who =
      leg === 'downstream'
        ? `a client connects to listener ${listener}`
        : `Hopscope connects to pool ${pool}`;
    // When the SYN of a client came is not known: accepting it is the first that is heard of it.
    const began = leg === 'downstream' ? openedAt : startedAt;
    this.#packet(began, opener, TcpFlag.syn, nothing, [`connection ${id}: ${who}; the handshake is made up`]);
    this.#next[opener]++;
    this.#packet(openedAt, other[opener], TcpFlag.syn | TcpFlag.ack, nothing, []);
    this.#next[other[opener]]++;
    this.#packet(openedAt, opener, TcpFlag.ack, nothing, []);
  }

  #bytes({ at, sender, data }: Extract<WireMark, { kind: 'bytes' }>): void {
    const size = maxSegmentBytes(this.connection.local);
    const count = Math.ceil(data.length / size);
    const verb = sender === 'peer' ? 'read' : 'write';
    for (let index = 0; index < count; index++) {
      const payload = data.subarray(index * size, (index + 1) * size);
      const isLast = index === count - 1;
      const flags = TcpFlag.ack | (isLast ? TcpFlag.psh : 0);
      const comment = `one ${verb} of ${data.length} bytes, cut into ${count} segments here`;
      this.#packet(at, sender, flags, payload, count > 1 && index === 0 ? [comment] : []);
      this.#next[sender] += payload.length;
    }
    this.#acknowledge(at, other[sender]);
  }

  /** What was not kept is a hole in the numbers, as in any capture that lost packets. */
  #gaps(): void {
    for (const sender of ['peer', 'proxy'] as const) this.#next[sender] += this.connection.lostBytes[sender];
  }

  #end({ at, sender }: Extract<WireMark, { kind: 'end' }>): void {
    if (this.#isOver || this.#hasEnded[sender]) return;
    this.#hasEnded[sender] = true;
    this.#packet(at, sender, TcpFlag.fin | TcpFlag.ack, nothing, this.#gapComments(sender));
    this.#next[sender]++;
    this.#acknowledge(at, other[sender]);
  }

  #reset({ at, sender }: Extract<WireMark, { kind: 'reset' }>): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#packet(at, sender, TcpFlag.rst | TcpFlag.ack, nothing, this.#gapComments(sender));
  }

  #gapComments(sender: WireSender): string[] {
    const lost = this.connection.lostBytes[sender];
    return lost === 0 ? [] : [`${lost} bytes before this were not kept: more than is kept of one capture`];
  }

  /** The connection is still open, and nothing of it is kept any more. */
  #lostAfter(): string[] {
    const { peer, proxy } = this.connection.lostBytes;
    return peer + proxy === 0 ? [] : [`${peer} bytes read and ${proxy} written after this were not kept`];
  }

  #acknowledge(at: number, by: WireSender): void {
    this.#packet(at, by, TcpFlag.ack, nothing, []);
  }

  #packet(
    at: number,
    sender: WireSender,
    flags: number,
    payload: Uint8Array,
    comments: readonly string[],
  ): void {
    const { local, remote } = this.connection;
    const isInbound = sender === 'peer';
    this.#packets.push({
      at,
      isInbound,
      from: isInbound ? remote : local,
      to: isInbound ? local : remote,
      seq: this.#next[sender],
      ack: (flags & TcpFlag.ack) === 0 ? 0 : this.#next[other[sender]],
      flags,
      payload,
      comments: [...comments],
    });
  }

  /** What was read is told after its bytes came, what is written before they go. */
  #placeNotes(): void {
    const withBytes = this.#packets.filter(({ payload }) => payload.length > 0);
    const sides = {
      read: withBytes.filter(({ isInbound }) => isInbound),
      written: withBytes.filter(({ isInbound }) => !isInbound),
    };
    for (const { at, isRead, text } of this.notes) {
      const packets = isRead ? sides.read : sides.written;
      const after = firstAfter(packets, at, isRead);
      const place = packets[isRead ? Math.max(0, after - 1) : after] ?? this.#packets.at(-1);
      place?.comments.push(text);
    }
  }
}

/** Index of the first packet later than `at` (`isStrict`), or not earlier; the length where there is none. */
function firstAfter(packets: readonly MadePacket[], at: number, isStrict: boolean): number {
  let from = 0;
  let to = packets.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    const isAfter = isStrict ? packets[middle]!.at > at : packets[middle]!.at >= at;
    if (isAfter) to = middle;
    else from = middle + 1;
  }
  return from;
}
