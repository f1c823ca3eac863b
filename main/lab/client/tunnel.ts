// A tunnel through a forward proxy (CONNECT, RFC 9110 9.3.6): what is sent afterwards goes to the destination.
import type { Socket } from 'node:net';
import { ResponseReader } from './responseReader';
import { SendError } from './sendError';

/** Resolves when the proxy has opened it. Rejects with a `SendError`; then the socket is destroyed. */
export async function openTunnel(
  socket: Socket,
  destination: string,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<void> {
  let answer = '';
  const reader = new ResponseReader('CONNECT', {
    informational: () => undefined,
    head: ({ status, reason }) => {
      answer = `${status} ${reason}`.trim();
    },
    body: () => undefined,
  });
  const over = new AbortController();
  const problem = await new Promise<string | null>((resolve) => {
    const fail = (why: string) => resolve(`the proxy opened no tunnel to ${destination}: ${why}`);
    const timer = setTimeout(() => fail(`no answer within ${timeoutMs / 1000} s`), timeoutMs);
    over.signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
    signal.addEventListener('abort', () => resolve('cancelled'), { signal: over.signal });
    const onData = (bytes: Buffer) => {
      const goesOn = reader.read(bytes);
      // A refusal's body tells no more than its status.
      if (answer !== '' && !answer.startsWith('2')) return fail(`it answered ${answer}`);
      if (goesOn) return;
      socket.off('data', onData);
      socket.pause();
      if (reader.leftover.length > 0) socket.unshift(reader.leftover);
      if (reader.problem === null) resolve(null);
      else fail(reader.problem);
    };
    socket.on('data', onData);
    socket.once('close', () => fail('it closed the connection'));
    socket.once('end', () => fail('it closed the connection'));
    socket.write(`CONNECT ${destination} HTTP/1.1\r\nHost: ${destination}\r\n\r\n`);
  });
  over.abort();
  if (problem === null) return;
  socket.destroy();
  throw new SendError(problem);
}
