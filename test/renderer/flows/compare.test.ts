import { describe, expect, it } from 'vitest';
import { type Flow, foldFlow } from '../../../main/contract/flow';
import { comparedClocks } from '../../../renderer/flows/compare/comparedClocks';
import { compareFigures } from '../../../renderer/flows/compare/compareFigures';
import { lockstepOf, placeAt } from '../../../renderer/flows/compare/lockstep';
import { diagramSteps } from '../../../renderer/flows/diagramSteps';
import { type EventSketch, flowEvents, httpExchange } from '../../helpers/flowEvents';

function shown(sketches: readonly EventSketch[], firstSeq = 1) {
  const events = flowEvents(sketches, firstSeq);
  const own = events.filter((event) => event.flowId !== 0);
  return { flow: own.reduce<Flow | undefined>((flow, event) => foldFlow(flow, event), undefined)!, events };
}
const client = { address: '127.0.0.1', port: 5 };
const passthrough: EventSketch[] = [
  { kind: 'flow.opened', flow: 'tls', listener: 'sni', client, revision: 1 },
  {
    kind: 'tls.clientHello',
    serverName: 'a.test',
    alpn: [],
    versions: [],
    groups: [],
    encryptedClientHello: false,
    bytes: 200,
  },
];
const bothSides = () => {
  const sides = [shown(httpExchange([10])), shown(httpExchange([10, 20, 30]), 1000)];
  return sides.map(({ flow, events }) => ({
    flow,
    steps: diagramSteps(flow, events, { level: 'chunks' }).steps,
  }));
};

describe('compareFigures', () => {
  const figures = (a: EventSketch[], b: EventSketch[]) =>
    new Map(compareFigures(shown(a), shown(b)).map(({ label, ...rest }) => [label, rest]));

  it('counts chunks, bytes and connections of each leg from the events', () => {
    const found = figures(httpExchange([1000]), httpExchange([10, 20, 30]));
    expect(found.get('Read from endpoints')).toEqual({
      a: { text: '1 chunk, 1000 B', isInferred: false },
      b: { text: '3 chunks, 60 B', isInferred: false },
      isSame: false,
    });
    expect(found.get('Connections to endpoints')).toMatchObject({
      a: { text: '1 opened, 0 reused' },
      isSame: true,
    });
    expect(found.get('First byte from the endpoint')?.a.text).toBe('after 1.4 ms');
    expect(found.get('Held')?.a.text).toBe('nothing');
  });

  it('says of a relay what its diagram says: what came before the endpoint was connected was held', () => {
    const read = { kind: 'chunk', leg: 'downstream', direction: 'request', operation: 'read' } as const;
    const relay: EventSketch[] = [
      { kind: 'flow.opened', flow: 'tcp', listener: 'raw', client, revision: 1 },
      { ...read, bytes: 92, disposition: 'held' },
      { ...read, bytes: 8, disposition: 'held' },
      {
        kind: 'chunk',
        leg: 'upstream',
        direction: 'request',
        operation: 'write',
        bytes: 100,
        disposition: 'forwarded',
      },
    ];
    expect(figures(relay, relay.slice(0, 3)).get('Held')).toMatchObject({
      a: { text: '100 B in 2 chunks, 200 µs, until the endpoint was connected' },
      b: { text: '100 B in 2 chunks, and not passed on' },
    });
    const { flow, events } = shown(relay);
    const { steps } = diagramSteps(flow, events, { level: 'chunks' });
    expect(steps.filter(({ lines }) => lines[0]?.includes(', held'))).toHaveLength(2);
  });

  it('says what was sealed and what was plaintext', () => {
    expect(figures(httpExchange(), passthrough).get('Could read')).toEqual({
      a: { text: 'plaintext: head and body', isInferred: false },
      b: { text: 'sealed: only the ClientHello, with the server name a.test', isInferred: true },
      isSame: false,
    });
  });

  it('names the headers that were changed', () => {
    const changing = httpExchange().map((event) =>
      event.kind === 'request.head' && event.leg === 'upstream'
        ? { ...event, headers: [['Via', '1.1 hopscope']] as const }
        : event,
    );
    expect(figures(changing, passthrough).get('Changed')).toMatchObject({
      a: { text: 'request: −Host +Via', isInferred: false },
      b: { text: 'no header: bytes are relayed', isInferred: true },
    });
  });
});

describe('lockstep', () => {
  it('walks through every step of both in order of time', () => {
    const sides = bothSides();
    const moments = lockstepOf(sides);
    expect(moments).toHaveLength(sides[0]!.steps.length + sides[1]!.steps.length);
    expect(moments.map(({ at }) => at)).toEqual(moments.map(({ at }) => at).sort((a, b) => a - b));
  });

  it('moves neither side back when it goes on, and ends at the end of both', () => {
    const sides = bothSides();
    const moments = lockstepOf(sides);
    for (const side of sides) {
      const places = moments.map((moment) => placeAt(side, moment));
      expect(places.at(-1)).toBe(side.steps.length - 1);
      expect(places.every((place, index) => index === 0 || place >= places[index - 1]!)).toBe(true);
    }
  });
});

describe('the clocks of a comparison', () => {
  const none = { flows: [], forgotten: 0 };

  it('begin with the connections, whose handshake belongs to both ways', () => {
    const [a, b] = comparedClocks([shown(httpExchange()), shown(httpExchange(), 1000)], () => none);
    expect([a.startedAt, b.startedAt]).toEqual([100, 100]);
    const { label, ...cells } = compareFigures(a, b)[0]!;
    expect([label, cells.a.text]).toEqual(['First byte to the endpoint', 'after 1.1 ms']);
    const [step] = diagramSteps(a.flow, a.events, { level: 'chunks', startedAt: a.startedAt }).steps;
    expect(step!.lines[0]).toContain('+0 µs');
  });

  it('begin with the flows where one was not the first on its connection, or that is not known', () => {
    const pair = [shown(httpExchange()), shown(httpExchange(), 1000)] as const;
    const earlier = { ...pair[1].flow, id: 99, firstSeq: 0 };
    for (const uses of [
      { flows: [earlier], forgotten: 0 },
      { flows: [], forgotten: 1 },
    ]) {
      const clocks = comparedClocks(pair, () => uses);
      expect(clocks.map(({ startedAt }) => startedAt)).toEqual(pair.map(({ flow }) => flow.openedAt));
    }
  });
});
