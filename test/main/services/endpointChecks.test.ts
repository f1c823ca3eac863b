import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { EndpointChecks } from '../../../main/services/endpointChecks';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

async function listen(onConnection: () => void = () => undefined): Promise<number> {
  const server = createServer((socket) => {
    onConnection();
    socket.on('error', () => socket.destroy());
    socket.resume();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function closedPort(): Promise<number> {
  const port = await listen();
  await new Promise((resolve) => servers.pop()!.close(resolve));
  return port;
}

const pools = (...endpoints: object[]) => ({ schemaVersion: 1, pools: [{ id: 'p', endpoints }] });
const never = new AbortController().signal;

describe('EndpointChecks', () => {
  it('warns of an endpoint that does not answer, at its place', async () => {
    const [open, closed] = [await listen(), await closedPort()];
    const document = pools({ address: '127.0.0.1', port: open }, { address: '127.0.0.1', port: closed });
    expect(await new EndpointChecks().check(document, never)).toMatchObject([
      {
        code: 'endpoint_unreachable',
        severity: 'warning',
        path: ['pools', 0, 'endpoints', 1],
        message: expect.stringContaining(`127.0.0.1:${closed} does not answer: nothing listens there`),
      },
    ]);
  });

  it('asks the same endpoint once in a while only', async () => {
    let connections = 0;
    const port = await listen(() => connections++);
    const checks = new EndpointChecks();
    for (let round = 0; round < 5; round++) await checks.check(pools({ address: '127.0.0.1', port }), never);
    expect(connections).toBe(1);
  });

  it('leaves public addresses, names and what is half typed alone', async () => {
    const document = pools(
      { address: '192.0.2.1', port: 80 },
      { address: 'example.test', port: 80 },
      { address: '127.0.0.1' },
      { address: '127.0.0.1', port: 'x' },
    );
    expect(await new EndpointChecks().check(document, never)).toEqual([]);
    expect(await new EndpointChecks().check({ pools: 'none' }, never)).toEqual([]);
  });

  it('ends at once when it is not needed any more', async () => {
    const cancel = new AbortController();
    // A private address that nothing answers on: the wait would be a second.
    const asked = new EndpointChecks().check(pools({ address: '10.255.255.1', port: 9 }), cancel.signal);
    cancel.abort();
    expect(await asked).toEqual([]);
  });
});
