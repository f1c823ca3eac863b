import { AppError } from '../contract/appError';
import type { captureInputs, WireSummary } from '../contract/captureApi';
import type { Engine } from '../engine/engine';
import type { WireConnection } from '../engine/wire/wireConnection';
import type { ApiHandlers } from './apiHandlers';
import type { Downloads } from './downloads';
import { pcapngFile } from './pcapng/pcapngFile';
import type { PacketNote } from './pcapng/tcpConversation';

/** More would take minutes to write and to open. */
const mostMarks = 250_000;

export interface CaptureParts {
  readonly engine: Engine;
  readonly downloads: Downloads;
  readonly info: { readonly version: string; readonly platform: string };
}

/** Packets of what travelled. */
export function captureHandlers(
  parts: CaptureParts,
): Pick<ApiHandlers<keyof typeof captureInputs>, 'inspectWire' | 'exportPcapng'> {
  const { engine } = parts;
  const found = (ids: readonly number[]) =>
    [...new Set(ids)].flatMap((id) => engine.wire.connection(id) ?? []);
  return {
    inspectWire: ({ connections }) => summaryOf(engine, found(connections)),
    exportPcapng: async ({ connections: ids, notes, withKeys }) => {
      const connections = found(ids);
      if (!engine.wire.isFullCapture)
        throw new AppError('unavailable', 'full capture is off: nothing of the wire is kept');
      if (connections.length === 0)
        throw new AppError(
          'unavailable',
          'nothing of these connections is kept: they began before full capture was on, or were forgotten since',
        );
      const marks = connections.reduce((sum, { marks }) => sum + marks.length, 0);
      if (marks > mostMarks)
        throw new AppError('invalid_input', `${marks} reads and writes are too many: take fewer flows`);
      const file = await pcapngFile(
        {
          connections,
          notes: notesByConnection(notes),
          withKeys,
          wallTimeOf: (at) => engine.emitter.wallTimeOf(at),
          ...parts.info,
        },
        () => new Promise((resolve) => setImmediate(resolve)),
      );
      const name = `hopscope-${nameOfNow()}.pcapng`;
      const { chunks, bytes, packets } = file;
      const path = parts.downloads.offer({ name, contentType: 'application/x-pcapng', chunks });
      return { path, name, bytes, packets };
    },
  };
}

function summaryOf({ wire }: Engine, connections: readonly WireConnection[]): WireSummary {
  const sum = (of: (connection: WireConnection) => number) =>
    connections.reduce((total, connection) => total + of(connection), 0);
  return {
    isFullCapture: wire.isFullCapture,
    connections: connections.length,
    bytes: sum(({ marks }) =>
      marks.reduce((total, mark) => total + (mark.kind === 'bytes' ? mark.data.length : 0), 0),
    ),
    lostBytes: sum(({ lostBytes }) => lostBytes.peer + lostBytes.proxy),
    withKeys: connections.filter(({ keyLog }) => keyLog.length > 0).length,
  };
}

function notesByConnection(
  notes: readonly (PacketNote & { readonly connectionId: number })[],
): Map<number, PacketNote[]> {
  const byConnection = new Map<number, PacketNote[]>();
  for (const { connectionId, ...note } of notes) {
    const list = byConnection.get(connectionId);
    if (list === undefined) byConnection.set(connectionId, [note]);
    else list.push(note);
  }
  return byConnection;
}

/** "20261125-071530". */
function nameOfNow(): string {
  return new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
}
