// capture.bodies: what is kept, of whom, and how much.
import { afterEach, describe, expect, it } from 'vitest';
import type { WorkspaceDocument } from '../../main/contract/config';
import type { FlowEventOf } from '../../main/contract/flowEvent';
import { EngineHarness, TestClient, TestServer } from '../helpers/engineHarness';

let harness: EngineHarness;
let origin: TestServer;
afterEach(async () => {
  await harness.close();
  await origin.close();
});

async function start(
  capture: WorkspaceDocument['capture'],
  kind: 'http' | 'tcp' = 'http',
): Promise<TestClient> {
  harness = new EngineHarness();
  origin = await TestServer.start((socket) => {
    socket.once('data', () =>
      socket.end(
        kind === 'tcp'
          ? 'pong'
          : 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nSet-Cookie: id=secret\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n',
      ),
    );
  });
  const route = { id: 'all', listeners: ['in'], backends: [{ pool: 'origin' }] };
  await harness.run({
    schemaVersion: 1,
    listeners: [{ id: 'in', port: 0, protocol: kind }],
    routes: [kind === 'http' ? { ...route, kind } : { ...route, kind }],
    pools: [{ id: 'origin', endpoints: [{ address: '127.0.0.1', port: origin.port }] }],
    ...(capture === undefined ? {} : { capture }),
  });
  return TestClient.connect(harness.port('in'));
}

const post = 'POST / HTTP/1.1\r\nHost: x.test\r\nAuthorization: Basic secret\r\nConnection: close\r\n';

async function captured(): Promise<FlowEventOf<'body.captured'>[]> {
  await harness.waitFor('flow.closed');
  return harness.events.filter(
    (event): event is FlowEventOf<'body.captured'> => event.kind === 'body.captured',
  );
}

const textOf = (events: readonly FlowEventOf<'body.captured'>[], direction: string) =>
  events
    .filter((event) => event.direction === direction)
    .map((event) => Buffer.from(event.data, 'base64').toString())
    .join('');

describe('capture.bodies', () => {
  it('keeps the bodies of both directions without their framing, and nothing of the heads', async () => {
    const client = await start({ bodies: 'on' });
    client.socket.write(`${post}Content-Length: 9\r\n\r\nfirst one`);
    const events = await captured();
    expect(textOf(events, 'request')).toBe('first one');
    expect(textOf(events, 'response')).toBe('hello world');
    expect(events.map(({ leg, offset }) => [leg, offset])).toEqual([
      ['downstream', 0],
      ['upstream', 0],
      ['upstream', 5],
    ]);
    expect(JSON.stringify(harness.events)).not.toContain('secret');
  });

  it('stops at maxBodyBytes and tells how much there was', async () => {
    const client = await start({ bodies: 'on', maxBodyBytes: 6 });
    client.socket.write(`${post}Content-Length: 9\r\n\r\nfirst one`);
    const events = await captured();
    expect(textOf(events, 'request')).toBe('first ');
    expect(textOf(events, 'response')).toBe('hello ');
    expect(events.find(({ direction }) => direction === 'request')).toMatchObject({ bytes: 9 });
  });

  it('keeps what is relayed unread', async () => {
    const client = await start({ bodies: 'on' }, 'tcp');
    client.socket.end('ping');
    const events = await captured();
    expect([textOf(events, 'request'), textOf(events, 'response')]).toEqual(['ping', 'pong']);
  });

  it('keeps nothing while it is off', async () => {
    const client = await start({});
    client.socket.write(`${post}Content-Length: 9\r\n\r\nfirst one`);
    expect(await captured()).toEqual([]);
  });
});
