import { describe, expect, it } from 'vitest';
import { maxCaptureFileBytes } from '../../../main/contract/captureFile';
import type { FlowEvent } from '../../../main/contract/flowEvent';
import { compareFigures } from '../../../renderer/flows/compare/compareFigures';
import { lockstepOf } from '../../../renderer/flows/compare/lockstep';
import { describeEvent } from '../../../renderer/flows/describeEvent';
import { diagramSteps } from '../../../renderer/flows/diagramSteps';
import { sequenceText } from '../../../renderer/flows/sequenceText';
import { captureFileOf } from '../../../renderer/flows/takeAway/captureFile';
import { curlOf } from '../../../renderer/flows/takeAway/curl';
import { harOf } from '../../../renderer/flows/takeAway/har';
import { packetNotes } from '../../../renderer/flows/takeAway/packetNotes';
import { createCaptureFileStore } from '../../../renderer/stores/captureFileStore';
import { FlowBook } from '../../../renderer/stores/flowBook';
import { flowRow } from '../../../renderer/stores/flowRow';
import { readCaptureFile } from '../../../renderer/stores/readCaptureFile';
import { everyEvent } from '../../helpers/everyEvent';
import { flowEvents, httpExchange } from '../../helpers/flowEvents';
import { hostileTexts } from '../../helpers/hostileTexts';
import { fakeApi } from '../fakeApi';

const origin = { app: '1.2.3', savedAt: 1_700_000_000_000, lostEvents: 3, sampling: 1 };

function taken(events: readonly FlowEvent[]) {
  const book = new FlowBook();
  book.ingest(events);
  return book.flows().map((flow) => ({ flow, events: book.eventsOf(flow.id) }));
}

const lines = (events: readonly FlowEvent[]) => events.map((event) => JSON.stringify(event));
const header = (more: object = {}) =>
  JSON.stringify({
    kind: 'hopscope.capture',
    version: 1,
    app: '1',
    savedAt: 1,
    flows: 1,
    lostEvents: 0,
    sampling: 1,
    hasBytes: false,
    ...more,
  });
const exchange = lines(flowEvents(httpExchange()));

describe('a capture file', () => {
  it('brings back what was saved, event by event', async () => {
    const flows = taken(everyEvent());
    const read = await readCaptureFile(captureFileOf(flows, true, origin));
    expect(read.header).toMatchObject({ app: '1.2.3', flows: 1, lostEvents: 3, hasBytes: true });
    expect(read.events).toEqual(flows[0]!.events);
    expect(taken(read.events)).toEqual(flows);
  });

  it('leaves captured bytes out where they were not asked for', async () => {
    const read = await readCaptureFile(captureFileOf(taken(everyEvent()), false, origin));
    expect(read.events.some(({ kind }) => kind === 'body.captured')).toBe(false);
    expect(read.header).toMatchObject({ hasBytes: false });
  });

  it('may be a log of `serve --events`, without a header and with Windows line ends', async () => {
    const read = await readCaptureFile(`\uFEFF${exchange.join('\r\n')}\r\n`);
    expect(read.header).toBeNull();
    expect(read.events).toHaveLength(exchange.length);
  });

  it('opens without its last line where that is cut, and names it', async () => {
    const read = await readCaptureFile(`${exchange.join('\n')}\n{"kind":"chunk","se`);
    expect(read.cutLine).toBe(exchange.length + 1);
    expect(read.events).toHaveLength(exchange.length);
  });

  it.each<[string, string, string]>([
    ['nothing', '', 'line 1: there is no event in the file'],
    ['only a header', header(), 'line 1: there is no event in the file'],
    ['a picture', '\x89PNG\r\n\x1a\n', 'line 1: this is no capture file'],
    ['a HAR', '{\n "log": {}\n}\n', 'line 1: this is no capture file'],
    ['a YAML file', 'schemaVersion: 1\n', 'line 1: this is no capture file'],
    [
      'a newer version',
      header({ version: 2 }),
      'line 1: the file has version 2; this Hopscope reads version 1: open it with a newer one',
    ],
    ['no version', '{"kind":"hopscope.capture"}\n', 'line 1: the file has no version'],
    ['a header of wrong types', header({ flows: 'many' }), 'line 1: "flows" of the header'],
    ['a second header', [header(), exchange[0], header()].join('\n'), 'line 3: a second header'],
    [
      'a cut line in the middle',
      [header(), exchange[0], '{"kind":"chunk"', exchange[1]].join('\n'),
      'line 3: not JSON, cut or broken',
    ],
    [
      'an unknown event',
      [header(), '{"kind":"spell.cast"}'].join('\n'),
      'line 2: there is no event "spell.cast"',
    ],
    ['a field of a wrong type', exchange.join('\n').replace('"bytes":80', '"bytes":"80"'), 'line 3: "bytes"'],
    ['numbers that fall', [exchange[1], exchange[0]].join('\n'), 'line 2: "seq" is 1 after 2: it must rise'],
    ['the same number twice', [exchange[0], exchange[0]].join('\n'), 'line 2: "seq" is 1 after 1'],
    ['a list', '[1,2]\n', 'line 1: an event must be an object'],
  ])('says what is wrong, and in which line: %s', async (_what, text, message) => {
    await expect(readCaptureFile(`${text}\n`)).rejects.toThrow(message);
  });

  it('is bounded in events, and gives the page its turn', async () => {
    const many = lines(flowEvents(Array.from({ length: 1200 }, () => ({ kind: 'gap', lost: 1 }) as const)));
    await expect(readCaptureFile(many.join('\n'), { maxEvents: 1000 })).rejects.toThrow(
      'line 1001: more than 1000 events',
    );
    const shares: number[] = [];
    await readCaptureFile(many.join('\n'), { onTurn: async (share) => void shares.push(share) });
    expect(shares.length).toBe(2);
    expect(shares[1]).toBeGreaterThan(0.8);
  });
});

describe('hostile texts in a capture file', () => {
  it(`break nothing, wherever they stand: ${hostileTexts.length} of them`, async () => {
    expect(hostileTexts.length).toBeGreaterThanOrEqual(100);
    const kept = new Set(['kind', 'data']);
    for (const text of hostileTexts) {
      const poisoned = everyEvent().map((event) => poison(event, text, kept) as FlowEvent);
      const { events } = await readCaptureFile(lines(poisoned).join('\n'));
      const [flow] = taken(events);
      const plain = taken(everyEvent())[0]!;
      for (const level of ['chunks', 'messages', 'decisions'] as const) {
        const drawn = sequenceText(flow!.flow, flow!.events, { level, window: 'newest' });
        expect(drawn.text.split('\n').filter((line) => /^ {2}(Note|p\d)/.test(line))).toHaveLength(
          drawn.rows.length,
        );
        expect(drawn.text).not.toMatch(/<(?!br\/>)|%%|javascript:/i);
      }
      for (const event of events) expect(typeof describeEvent(event)).toBe('string');
      expect(flowRow(flow!.flow).subject).toContain(text.slice(0, 5));
      expect(compareFigures(flow!, plain).length).toBeGreaterThan(5);
      const steps = [flow!, plain].map((each) => ({
        flow: each.flow,
        steps: diagramSteps(each.flow, each.events, { level: 'messages' }).steps,
      }));
      expect(lockstepOf(steps).length).toBeGreaterThan(5);
      const har = JSON.stringify(harOf([flow!], text));
      expect(JSON.parse(har).log.version).toBe('1.2');
      curlOf(flow!);
      for (const note of packetNotes([flow!])) expect(note.text.length).toBeLessThanOrEqual(400);
      expect((await readCaptureFile(captureFileOf([flow!], true, origin))).events).toEqual(flow!.events);
    }
  });
});

/** Every text in it replaced, as far as the event stays one that is accepted: names of states and addresses have their own. */
function poison(value: unknown, text: string, kept: ReadonlySet<string>, key = ''): unknown {
  if (typeof value === 'string') return isState(key) || kept.has(key) ? value : text;
  if (Array.isArray(value)) return value.map((each) => poison(each, text, kept, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, poison(each, text, kept, name)]),
  );
}

const states = [
  'leg direction operation disposition flow outcome closedBy resetBy sentBy code timeout fault health from to result',
  'predicate',
]
  .join(' ')
  .split(' ');
const isState = (key: string) => states.includes(key) || key === 'version';

describe('the store of an opened capture', () => {
  const file = (text: string, size = text.length) => ({ name: 'a.ndjson', size, text: async () => text });
  const store = () =>
    createCaptureFileStore(fakeApi({}), { turn: async () => undefined, schedule: (publish) => publish() });

  it('opens a file, shows its flows, and goes back to live', async () => {
    const captures = store();
    await captures.getState().open(file(exchange.join('\n')));
    const { opened } = captures.getState();
    expect(opened).toMatchObject({ name: 'a.ndjson', header: null, from: 1_700_000_000_000.1 });
    await new Promise((resolve) => setImmediate(resolve));
    const { isLive, flows, shown } = opened!.flowStore.getState();
    expect([isLive, flows.length, shown?.flow.target]).toEqual([false, 1, '/pictures/1']);
    captures.getState().close();
    expect(captures.getState().opened).toBeNull();
  });

  it('keeps what is open when another file cannot be, and says why', async () => {
    const captures = store();
    await captures.getState().open(file(exchange.join('\n')));
    await captures.getState().open(file('nonsense\n'));
    expect(captures.getState().opened).not.toBeNull();
    expect(captures.getState().problem?.text).toContain('line 1');
    captures.getState().dismissProblem();
    expect(captures.getState().problem).toBeNull();
  });

  it('does not even read a file that is too large', async () => {
    const captures = store();
    const text = () => Promise.reject(new Error('it was read'));
    await captures.getState().open({ name: 'big', size: maxCaptureFileBytes + 1, text });
    expect(captures.getState().problem?.text).toContain('64 MB is the most that is opened');
  });
});
