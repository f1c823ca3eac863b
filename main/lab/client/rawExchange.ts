// Bytes as they are, over TCP or TLS, and whatever comes back.
import type { RawMessage } from '../../contract/clientRequest';
import { type ClientConnection, lossOf } from './connection';
import type { ExchangeWatch } from './exchange';
import { KeptBody } from './keptBody';
import { bytesOf, splitBytes, writePieces } from './pieces';

export interface RawOutcome {
  readonly received: KeptBody;
  /** Who ended it, in words; null = nothing came for `silenceMs`. */
  readonly closed: string | null;
  readonly problem: string | null;
}

/** Never rejects. */
export async function exchangeRaw(
  connection: ClientConnection,
  message: RawMessage,
  watch: ExchangeWatch,
  signal: AbortSignal,
): Promise<RawOutcome> {
  const received = new KeptBody();
  const pieces = splitBytes(bytesOf(message.bytes), message.pieces.split);
  const over = new AbortController();
  const ended = new Promise<{ closed: string | null; problem: string | null }>((resolve) => {
    const finish = (closed: string | null, problem: string | null) => {
      clearTimeout(silence);
      over.abort();
      resolve({ closed, problem });
    };
    let silence: NodeJS.Timeout | undefined;
    const listen = () => {
      clearTimeout(silence);
      if (!over.signal.aborted) silence = setTimeout(() => finish(null, null), message.silenceMs);
    };
    connection.readWith({
      read: (bytes) => {
        watch.touch?.();
        watch.received?.(0, bytes.length);
        const text = received.add(bytes);
        if (text !== '') watch.body?.(0, text);
        if (silence !== undefined) listen();
      },
      end: (error) => {
        if (error === null) return finish('the server closed the connection', null);
        finish(null, lossOf(error));
      },
    });
    signal.addEventListener('abort', () => finish(null, 'cancelled'), { signal: over.signal });
    if (signal.aborted) finish(null, 'cancelled');
    let piece = 0;
    const sink = {
      write: async (bytes: Buffer) => {
        await connection.write(bytes);
        watch.touch?.();
        watch.sent?.(0, ++piece, pieces.length, bytes.length);
      },
    };
    writePieces(pieces, message.pieces.pauseMs, sink, over.signal).then(
      () => {
        if (message.halfClose) connection.endWriting();
        listen();
      },
      // The connection is gone; its end says why.
      () => undefined,
    );
  });
  return { received, ...(await ended) };
}
