// Flow events written by hand: give what matters, the rest is filled in.
import type { FlowEvent } from '../../main/contract/flowEvent';

type BaseField = 'seq' | 'at' | 'wallTime' | 'flowId' | 'connectionId';
type Sketch<Event> = Event extends FlowEvent
  ? Omit<Event, BaseField> & Partial<Pick<Event, BaseField>>
  : never;
export type EventSketch = Sketch<FlowEvent>;

/** Sequence numbers from `firstSeq`, 100 µs apart, flow 1; connection 1 is the client's, 2 the endpoint's. */
export function flowEvents(sketches: readonly EventSketch[], firstSeq = 1): FlowEvent[] {
  let at = 0;
  return sketches.map((sketch, index) => {
    at = sketch.at ?? at + 100;
    const isUpstream = ('leg' in sketch && sketch.leg === 'upstream') || sketch.kind.startsWith('upstream.');
    return {
      seq: firstSeq + index,
      wallTime: 1_700_000_000_000 + at / 1000,
      flowId: 1,
      connectionId: isUpstream ? 2 : 1,
      ...sketch,
      at,
    } as FlowEvent;
  });
}

const client = { address: '127.0.0.1', port: 50_000 };
const listener = { address: '127.0.0.1', port: 8080 };
const endpoint = { address: '127.0.0.1', port: 9001 };
const headers: readonly (readonly [string, string])[] = [['Host', 'img.example.test']];

/** One GET through a new upstream connection, streamed, with the chunks of its body given by size. */
export function httpExchange(bodyChunks: readonly number[] = [1000]): EventSketch[] {
  const bodyBytes = bodyChunks.reduce((sum, bytes) => sum + bytes, 0);
  const pool = 'pictures';
  const name = '127.0.0.1:9001';
  return [
    {
      kind: 'connection.opened',
      flowId: 0,
      leg: 'downstream',
      listener: 'web',
      remote: client,
      local: listener,
    },
    { kind: 'flow.opened', flow: 'http', listener: 'web', client, revision: 3 },
    {
      kind: 'chunk',
      leg: 'downstream',
      direction: 'request',
      operation: 'read',
      bytes: 80,
      disposition: 'consumed',
    },
    {
      kind: 'request.head',
      leg: 'downstream',
      method: 'GET',
      target: '/pictures/1',
      version: 'HTTP/1.1',
      headers,
      bytes: 80,
    },
    { kind: 'request.end', leg: 'downstream', bodyBytes: 0 },
    {
      kind: 'route.matched',
      route: 'pictures',
      trace: {
        listener: 'web',
        omittedRoutes: 0,
        routes: [
          {
            route: 'pictures',
            outcome: 'won',
            matchIndex: 0,
            predicates: [
              { predicate: 'path', expected: 'prefix /pictures', actual: '/pictures/1', holds: true },
            ],
          },
        ],
      },
    },
    {
      kind: 'backend.picked',
      route: 'pictures',
      pool,
      weights: [{ pool, weight: 1 }],
      reason: 'the only one',
    },
    {
      kind: 'endpoint.picked',
      pool,
      endpoint: name,
      policy: 'roundRobin',
      candidates: [{ endpoint: name, weight: 1, health: 'healthy', activeRequests: 0 }],
      reason: 'round robin: turn 1 of 1',
      panic: false,
    },
    { kind: 'upstream.connecting', pool, endpoint: name },
    { kind: 'upstream.connected', pool, endpoint: name, durationMicroseconds: 400 },
    {
      kind: 'request.head',
      leg: 'upstream',
      method: 'GET',
      target: '/pictures/1',
      version: 'HTTP/1.1',
      headers,
      bytes: 120,
    },
    {
      kind: 'chunk',
      leg: 'upstream',
      direction: 'request',
      operation: 'write',
      bytes: 120,
      disposition: 'forwarded',
    },
    { kind: 'request.end', leg: 'upstream', bodyBytes: 0 },
    {
      kind: 'response.head',
      leg: 'upstream',
      status: 200,
      reason: 'OK',
      version: 'HTTP/1.1',
      headers: [],
      bytes: 60,
      generated: false,
    },
    {
      kind: 'response.head',
      leg: 'downstream',
      status: 200,
      reason: 'OK',
      version: 'HTTP/1.1',
      headers: [],
      bytes: 60,
      generated: false,
    },
    ...bodyChunks.flatMap((bytes): EventSketch[] => [
      {
        kind: 'chunk',
        leg: 'upstream',
        direction: 'response',
        operation: 'read',
        bytes,
        disposition: 'forwarded',
      },
      {
        kind: 'chunk',
        leg: 'downstream',
        direction: 'response',
        operation: 'write',
        bytes,
        disposition: 'forwarded',
      },
    ]),
    { kind: 'response.end', leg: 'upstream', bodyBytes },
    { kind: 'response.end', leg: 'downstream', bodyBytes },
    { kind: 'flow.closed', outcome: 'completed', durationMicroseconds: 5000 },
    {
      kind: 'connection.closed',
      flowId: 0,
      leg: 'downstream',
      closedBy: 'client',
      reason: 'end',
      bytesRead: 80,
      bytesWritten: bodyBytes,
    },
  ];
}

export const addresses = { client, listener, endpoint };
