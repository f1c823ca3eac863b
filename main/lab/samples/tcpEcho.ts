// Raw TCP: every byte comes back, and the end, too.
import { createServer } from 'node:net';
import type { SampleKind } from './sample';

const silenceMs = 600_000;

export const tcpEchoSample: SampleKind = {
  kind: 'tcp',
  port: 17_803,
  about: 'raw TCP: every byte comes back as it came',
  hint: (port) => `echo hello | nc -N 127.0.0.1 ${port}`,
  open: (served) => ({
    server: createServer({ allowHalfOpen: true }, (socket) => {
      socket.once('close', served);
      socket.setTimeout(silenceMs, () => socket.destroy());
      socket.pipe(socket);
    }),
  }),
};
