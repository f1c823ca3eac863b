// Raw TCP: every byte comes back, and the end, too.
import { createServer } from 'node:net';
import { manyConnections, patience, type SampleKind } from './sample';

export const tcpEchoSample: SampleKind = {
  kind: 'tcp',
  maxConnections: manyConnections,
  about: 'raw TCP: every byte comes back as it came',
  hint: (port) => `echo hello | nc -N 127.0.0.1 ${port}`,
  open: (served) => ({
    server: createServer({ allowHalfOpen: true }, (socket) => {
      const timer = setTimeout(() => socket.destroy(), patience.wholeMs);
      socket.once('close', () => {
        clearTimeout(timer);
        served();
      });
      socket.setTimeout(patience.silenceMs, () => socket.destroy());
      socket.pipe(socket);
    }),
  }),
};
