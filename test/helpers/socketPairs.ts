// Two connected sockets, plain or encrypted; closed at the end of the test.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { connect as connectTls, createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { onTestFinished } from 'vitest';
import { selfSigned } from './testCertificates';

export interface SocketPair {
  readonly client: Socket;
  readonly accepted: Socket;
}

export async function socketPair(): Promise<SocketPair> {
  const server = createServer({ allowHalfOpen: true });
  const port = await listening(server);
  const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  const [[accepted]] = await Promise.all([
    once(server, 'connection') as Promise<[Socket]>,
    once(client, 'connect'),
  ]);
  return closedAtEnd(server, client, accepted);
}

export async function secureSocketPair(): Promise<SocketPair> {
  const { privateKeyPem: key, certificateChainPem: cert } = selfSigned('near.example.test');
  const server = createTlsServer({ key, cert, allowHalfOpen: true });
  const port = await listening(server);
  const options = { port, host: '127.0.0.1', rejectUnauthorized: false, allowHalfOpen: true };
  const client = connectTls(options);
  const [[accepted]] = await Promise.all([
    once(server, 'secureConnection') as Promise<[TLSSocket]>,
    once(client, 'secureConnect'),
  ]);
  return closedAtEnd(server, client, accepted);
}

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function closedAtEnd(server: Server, client: Socket, accepted: Socket): SocketPair {
  accepted.on('error', () => undefined);
  onTestFinished(() => {
    client.destroy();
    accepted.destroy();
    server.close();
  });
  return { client, accepted };
}
