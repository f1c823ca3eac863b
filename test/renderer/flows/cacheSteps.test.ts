import { describe, expect, it } from 'vitest';
import { type Flow, foldFlow } from '../../../main/contract/flow';
import { describeEvent } from '../../../renderer/flows/describeEvent';
import { sequenceText } from '../../../renderer/flows/sequenceText';
import { type EventSketch, flowEvents, httpExchange } from '../../helpers/flowEvents';

const key = 'http://img.example.test/pictures/1';
const lookup = (
  result: 'hit' | 'stale' | 'expired' | 'revalidated' | 'miss' | 'collapsed' | 'bypass',
  reason: string,
  ageSeconds: number | null = null,
): EventSketch => ({ kind: 'cache.lookup', result, reason, ageSeconds, key });

function told(sketches: readonly EventSketch[]): string[] {
  const events = flowEvents(sketches);
  const flow = events
    .filter((event) => event.flowId === 1)
    .reduce<Flow | undefined>((folded, event) => foldFlow(folded, event), undefined)!;
  const { text } = sequenceText(flow, events, { level: 'messages', window: 'newest' });
  return text
    .replace(/#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .split('\n')
    .map((line) => line.trim());
}

/** Up to the route's match, then what the cache does. */
const upToRoute = httpExchange().slice(0, 6);
const answered: EventSketch = {
  kind: 'response.head',
  leg: 'downstream',
  status: 200,
  reason: 'OK',
  version: 'HTTP/1.1',
  headers: [],
  bytes: 60,
  generated: false,
};

describe('the cache in a diagram', () => {
  it('answers on a lifeline of its own, and the missing arrow to an endpoint is told', () => {
    const lines = told([...upToRoute, lookup('hit', 'fresh for 57 s more', 3), answered]);
    expect(lines).toContain('participant p2 as cache');
    expect(lines.filter((line) => /p2/.test(line)).slice(1)).toEqual([
      expect.stringMatching(/^p2-->>p1: hit, 3 s old: fresh for 57 s more/),
      'Note over p2: no endpoint is asked',
    ]);
    expect(lines.some((line) => line.startsWith('p1-->>p0: 200 OK'))).toBe(true);
  });

  it('asks the endpoint about what is stale, and serves what it confirms', () => {
    const lines = told([
      ...upToRoute,
      lookup('expired', 'stale for 4 s', 64),
      ...httpExchange().slice(6, 14),
      lookup('revalidated', 'the endpoint says that it is still right, fresh for 60 s more', 0),
    ]);
    expect(lines.find((line) => line.includes('to be asked about'))).toMatch(/^p2-->>p1: /);
    expect(lines.find((line) => line.includes('still right, 0 s old'))).toMatch(/^p2-->>p1: /);
    expect(lines.some((line) => line.startsWith('p1->>p3: GET'))).toBe(true);
  });

  it('tells what is stored, what is not, and what is forgotten', () => {
    const lines = told([
      ...upToRoute,
      lookup('miss', 'nothing is stored for this URL'),
      { kind: 'cache.stored', bytes: 2048, freshSeconds: 60 },
      { kind: 'cache.notStored', reason: 'no-store' },
      { kind: 'cache.invalidated', entries: 2, reason: 'POST succeeded' },
    ]);
    const arrows = lines.filter((line) => /^p\d-.*p\d: (miss|stores|not stored|removes)/.test(line));
    expect(arrows.map((line) => line.replace(/ · .*|<br\/>.*/, ''))).toEqual([
      'p2-xp1: miss: nothing is stored for this URL',
      'p1->>p2: stores 2 KB, fresh for 60 s',
      'p1-xp2: not stored: no-store',
      'p1->>p2: removes 2 entries: POST succeeded',
    ]);
  });

  it.each<[EventSketch, string]>([
    [
      lookup('hit', 'fresh for 57 s more', 3),
      'The cache answers, and no endpoint is asked (3 s old): fresh for 57 s more.',
    ],
    [
      lookup('collapsed', 'somebody asks the same already'),
      'The request waits in the cache: somebody asks the same already.',
    ],
    [
      { kind: 'cache.stored', bytes: 2048, freshSeconds: 0 },
      'The cache stores 2 KB, to be asked about at its next use.',
    ],
    [{ kind: 'cache.notStored', reason: 'no-store' }, 'The cache does not store the response: no-store.'],
    [
      { kind: 'cache.invalidated', entries: 1, reason: 'PUT succeeded' },
      'The cache removes 1 entry: PUT succeeded.',
    ],
  ])('%o in words', (sketch, sentence) => {
    expect(describeEvent(flowEvents([sketch])[0]!)).toBe(sentence);
  });
});
