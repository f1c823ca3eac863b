import { describe, expect, it } from 'vitest';
import { type Flow, foldFlow } from '../../../main/contract/flow';
import { compareFigures } from '../../../renderer/flows/compareFigures';
import { diagramSteps } from '../../../renderer/flows/diagramSteps';
import { lockstepOf, placeAt } from '../../../renderer/flows/lockstep';
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
      a: '1 chunk, 1000 B',
      b: '3 chunks, 60 B',
      isSame: false,
    });
    expect(found.get('Connections to endpoints')).toMatchObject({ a: '1 opened, 0 reused', isSame: true });
    expect(found.get('First byte from the endpoint')?.a).toBe('after 1.4 ms');
    expect(found.get('Held')?.a).toBe('nothing');
  });

  it('says what was sealed and what was plaintext', () => {
    expect(figures(httpExchange(), passthrough).get('Could read')).toEqual({
      a: 'plaintext: head and body',
      b: 'sealed: only the ClientHello, with the server name a.test',
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
      a: 'request: −Host +Via',
      b: 'no header: bytes are relayed',
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
