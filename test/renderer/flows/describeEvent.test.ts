import { describe, expect, it } from 'vitest';
import { describeEvent } from '../../../renderer/flows/describeEvent';
import { type EventSketch, flowEvents, httpExchange } from '../../helpers/flowEvents';

const say = (sketch: EventSketch) => describeEvent(flowEvents([sketch])[0]!);

describe('describeEvent', () => {
  it('tells an exchange in sentences', () => {
    expect(flowEvents(httpExchange()).map(describeEvent)).toEqual([
      'The client opens TCP connection 1 from 127.0.0.1:50000.',
      'A request begins on listener web from 127.0.0.1:50000.',
      'Hopscope reads a chunk of 80 B from the client (the request head).',
      'The client asks GET /pictures/1 (HTTP/1.1, 1 header).',
      'The request from the client is complete, without a body.',
      'Route pictures wins because path prefix /pictures.',
      'Pool pictures is picked: the only one.',
      'Endpoint 127.0.0.1:9001 is picked: round robin: turn 1 of 1.',
      'Hopscope opens a TCP connection to 127.0.0.1:9001.',
      'Connection 2 to 127.0.0.1:9001 is open after 400 µs.',
      'Hopscope sends GET /pictures/1 to the endpoint (1 header).',
      'Hopscope writes a chunk of 120 B to the endpoint.',
      'The request to the endpoint is complete, without a body.',
      'The endpoint answers 200 OK.',
      'Hopscope passes on 200 OK.',
      'Hopscope reads a chunk of 1000 B from the endpoint and forwards it at once.',
      'Hopscope writes a chunk of 1000 B to the client.',
      "The endpoint's response is complete, body 1000 B.",
      'The response to the client is complete, body 1000 B.',
      'The flow ends (completed) after 5 ms.',
      'The client closes connection 1 (end; 80 B read, 1000 B written).',
    ]);
  });

  it.each<[EventSketch, string]>([
    [
      { kind: 'flow.failed', code: 'no_route', message: 'nothing matches', status: 404 },
      'No route: nothing matches. The client is answered 404.',
    ],
    [
      {
        kind: 'upstream.reused',
        pool: 'p',
        endpoint: 'a:1',
        earlierExchanges: 2,
        idleMicroseconds: 1_500_000,
      },
      'Hopscope reuses connection 2 to a:1 (2 exchanges before, idle for 1.5 s).',
    ],
    [
      { kind: 'buffer.released', bytes: 62464, chunks: 5, heldMicroseconds: 12_000, spilledToFile: true },
      'Hopscope lets go of 5 chunks, 61 KB, held for 12 ms, part of it in a temporary file.',
    ],
    [
      {
        kind: 'forward.destination',
        hostname: 'shop.test',
        port: 443,
        addresses: ['192.0.2.1', '192.0.2.2'],
        allowedBy: '192.0.2.0/24',
        failure: null,
      },
      'The client asks for shop.test:443 (192.0.2.1, 192.0.2.2): allowed by 192.0.2.0/24.',
    ],
    [
      {
        kind: 'forward.destination',
        hostname: '127.0.0.1',
        port: 80,
        addresses: ['127.0.0.1'],
        allowedBy: null,
        failure: null,
      },
      'The client asks for 127.0.0.1:80: no entry of the allow-list lets it in.',
    ],
    [
      { kind: 'upstream.waiting', pool: 'p', endpoint: 'a:1', ahead: 3 },
      'Every connection that a:1 may have is in use: the request waits, behind 3 others.',
    ],
    [
      { kind: 'endpoint.resolved', hostname: 'db.test', addresses: ['192.0.2.1'], failure: null },
      'The name db.test stands for 192.0.2.1 now.',
    ],
    [
      { kind: 'endpoint.resolved', hostname: 'db.test', addresses: [], failure: 'nobody knows this name' },
      'The name db.test could not be looked up (nobody knows this name); it is tried again.',
    ],
    [{ kind: 'gap', lost: 1200 }, '1,200 events here could not be kept.'],
    [
      { kind: 'timeout', timeout: 'clientHello', afterMs: 5000 },
      'The client hello timeout of 5000 ms is reached.',
    ],
    [
      {
        kind: 'filter.applied',
        direction: 'request',
        index: 0,
        filter: 'requestHeaders',
        changes: [{ name: 'x-debug', before: ['1'], after: [] }],
      },
      'Filter 1 (requestHeaders) changes the request: x-debug.',
    ],
    [
      {
        kind: 'filter.applied',
        direction: 'request',
        index: 1,
        filter: 'access',
        changes: [],
        detail: '10.0.0.1 is not in allow, answered 403',
      },
      'Filter 2 (access): 10.0.0.1 is not in allow, answered 403.',
    ],
    [
      {
        kind: 'request.mirrored',
        mirrorPool: 'shadow',
        mirrorEndpoint: 'b:2',
        outcome: 'sent',
        reason: 'the answer is not waited for',
      },
      'A copy of the request goes to b:2 in pool shadow; the answer is not waited for.',
    ],
    [
      {
        kind: 'request.mirrored',
        mirrorPool: 'shadow',
        mirrorEndpoint: null,
        outcome: 'dropped',
        reason: 'too many copies are under way',
      },
      'No copy of the request goes to pool shadow: too many copies are under way.',
    ],
  ])('says %j in words', (sketch, sentence) => {
    expect(say(sketch)).toBe(sentence);
  });
});
