// A pcapng file of some connections: their made-up packets in order of time, and the keys that open their TLS.
import type { WireConnection } from '../../engine/wire/wireConnection';
import { tcpPacket } from './ipPacket';
import { enhancedPacket, interfaceDescription, sectionHeader, tlsSecrets } from './pcapngBlocks';
import { type MadePacket, type PacketNote, tcpConversation } from './tcpConversation';

export interface PcapngInput {
  readonly connections: readonly WireConnection[];
  /** By connection id. */
  readonly notes: ReadonlyMap<number, readonly PacketNote[]>;
  readonly withKeys: boolean;
  /** Milliseconds since 1970 of a moment on the connections' clock. */
  readonly wallTimeOf: (at: number) => number;
  readonly version: string;
  readonly platform: string;
}

export interface PcapngFile {
  readonly chunks: readonly Buffer<ArrayBuffer>[];
  readonly bytes: number;
  readonly packets: number;
}

const fileComment =
  `Made by Hopscope from what its proxy read and wrote. Real: addresses, ports, bytes, their times, who ended or cut a
connection. Made up: how bytes were cut into packets, sequence numbers, acknowledgements, handshakes and checksums. Time is
when the proxy read or wrote, not when a packet passed a network card.`.replaceAll('\n', ' ');

/** Packets that are encoded before the loop gets its turn. */
const packetsPerTurn = 500;

/** `onTurn` is waited for now and then, so that the proxy is not held up. */
export async function pcapngFile(input: PcapngInput, onTurn: () => Promise<void>): Promise<PcapngFile> {
  const { version, platform } = input;
  const chunks = [
    sectionHeader({
      comment: fileComment,
      hardware: process.arch,
      os: platform,
      application: `Hopscope ${version}`,
    }),
    interfaceDescription('client side', 'between clients and Hopscope'),
    interfaceDescription('endpoint side', 'between Hopscope and endpoints'),
  ];
  const keyLog = input.withKeys ? input.connections.flatMap((connection) => connection.keyLog) : [];
  if (keyLog.length > 0) chunks.push(tlsSecrets(`${keyLog.join('\n')}\n`));
  const packets = orderedPackets(input);
  for (const [index, { packet, interfaceId }] of packets.entries()) {
    if (index % packetsPerTurn === packetsPerTurn - 1) await onTurn();
    chunks.push(encoded(packet, interfaceId, index, input.wallTimeOf));
  }
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  return { chunks, bytes, packets: packets.length };
}

interface PlacedPacket {
  readonly packet: MadePacket;
  readonly interfaceId: number;
}

function orderedPackets({ connections, notes }: PcapngInput): PlacedPacket[] {
  const placed = connections.flatMap((connection) =>
    tcpConversation(connection, notes.get(connection.id) ?? []).map((packet) => ({
      packet,
      interfaceId: connection.leg === 'downstream' ? 0 : 1,
    })),
  );
  // Stable: what has the same time stays in the order of its connection.
  return placed.sort((a, b) => a.packet.at - b.packet.at);
}

function encoded(
  { from, to, seq, ack, flags, payload, at, isInbound, comments }: MadePacket,
  interfaceId: number,
  index: number,
  wallTimeOf: (at: number) => number,
): Buffer<ArrayBuffer> {
  const bytes = tcpPacket({ from, to, seq, ack, flags, payload, id: index });
  return enhancedPacket({
    interfaceId,
    at: Math.round(wallTimeOf(at) * 1000),
    bytes,
    isInbound,
    comments,
  });
}
