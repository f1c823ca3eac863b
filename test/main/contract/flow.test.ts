import { describe, expect, it } from 'vitest';
import { type Flow, foldFlow, maxUpstreamConnections } from '../../../main/contract/flow';
import type { FlowEvent } from '../../../main/contract/flowEvent';
import { type EventSketch, flowEvents, httpExchange } from '../../helpers/flowEvents';

function fold(sketches: readonly EventSketch[]): Flow {
  const events: FlowEvent[] = flowEvents(sketches).filter((event) => event.flowId === 1);
  return events.reduce<Flow | undefined>((flow, event) => foldFlow(flow, event), undefined)!;
}

describe('foldFlow', () => {
  it('tells the whole story of an HTTP exchange', () => {
    expect(fold(httpExchange([1000, 500]))).toMatchObject({
      id: 1,
      kind: 'http',
      listener: 'web',
      client: { address: '127.0.0.1', port: 50_000 },
      revision: 3,
      isPartial: false,
      downstreamConnectionId: 1,
      upstreamConnectionIds: [2],
      method: 'GET',
      target: '/pictures/1',
      hostname: 'img.example.test',
      route: 'pictures',
      pool: 'pictures',
      endpoint: '127.0.0.1:9001',
      upstreamConnection: 'new',
      status: 200,
      isGenerated: false,
      failure: null,
      requestBytes: 80,
      responseBytes: 1500,
      outcome: 'completed',
      durationMicroseconds: 5000,
    });
  });

  it('keeps the failure and the status that the client was answered', () => {
    const flow = fold([
      ...httpExchange().slice(1, 5),
      { kind: 'flow.failed', code: 'no_route', message: 'nothing matches', status: 404 },
      { kind: 'flow.closed', outcome: 'failed', durationMicroseconds: 90 },
    ]);
    expect(flow).toMatchObject({
      failure: { code: 'no_route', message: 'nothing matches' },
      status: 404,
      outcome: 'failed',
      route: null,
    });
  });

  it('begins a partial flow when the opening event was lost', () => {
    const flow = fold(httpExchange().slice(3));
    expect(flow).toMatchObject({
      isPartial: true,
      kind: 'http',
      client: null,
      method: 'GET',
      downstreamConnectionId: 1,
    });
  });

  it('counts the bytes of the client side only', () => {
    const chunk = { kind: 'chunk', operation: 'read', bytes: 10, disposition: 'forwarded' } as const;
    const flow = fold([
      { ...chunk, leg: 'downstream', direction: 'request' },
      { ...chunk, leg: 'upstream', direction: 'request' },
      { ...chunk, leg: 'upstream', direction: 'response' },
      { ...chunk, leg: 'downstream', direction: 'response' },
      { ...chunk, leg: 'downstream', direction: 'response' },
    ]);
    expect([flow.requestBytes, flow.responseBytes]).toEqual([10, 20]);
  });

  it('takes the server name of a passthrough connection from its ClientHello', () => {
    const flow = fold([
      {
        kind: 'flow.opened',
        flow: 'tls',
        listener: 'edge',
        client: { address: '::1', port: 5 },
        revision: 1,
      },
      {
        kind: 'tls.clientHello',
        serverName: 'bank.example.test',
        alpn: ['h2'],
        versions: [],
        groups: [],
        encryptedClientHello: false,
        bytes: 517,
      },
    ]);
    expect([flow.kind, flow.serverName, flow.outcome]).toEqual(['tls', 'bank.example.test', 'open']);
  });

  it('remembers a bounded number of upstream connections, the newest', () => {
    const many = Array.from(
      { length: 40 },
      (_, index): EventSketch => ({
        kind: 'upstream.connected',
        connectionId: 100 + index,
        pool: 'p',
        endpoint: 'e:1',
        durationMicroseconds: 1,
      }),
    );
    const { upstreamConnectionIds } = fold(many);
    expect(upstreamConnectionIds).toHaveLength(maxUpstreamConnections);
    expect(upstreamConnectionIds.at(-1)).toBe(139);
  });

  it('leaves the flow as it is when an event says nothing about it', () => {
    const [opened] = flowEvents(httpExchange().slice(1, 2));
    const before = foldFlow(undefined, opened!);
    const [held] = flowEvents([{ kind: 'buffer.held', bytes: 1, chunks: 1, spilledToFile: false }]);
    expect(foldFlow(before, held!)).toBe(before);
  });
});

describe('a relayed connection', () => {
  it('is whole although its connection was opened before its flow was', () => {
    const client = { address: '127.0.0.1', port: 5 };
    const local = { address: '127.0.0.1', port: 80 };
    const events = flowEvents([
      { kind: 'connection.opened', leg: 'downstream', listener: 'raw', remote: client, local },
      { kind: 'flow.opened', flow: 'tcp', listener: 'raw', client, revision: 1 },
    ]);
    const flow = events.reduce<Flow | undefined>((folded, event) => foldFlow(folded, event), undefined)!;
    expect([flow.isPartial, flow.kind]).toEqual([false, 'tcp']);
  });
});
