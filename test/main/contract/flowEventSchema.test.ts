import { describe, expect, it } from 'vitest';
import { flowEventKinds, parseFlowEvent } from '../../../main/contract/flowEventSchema';
import { everyEvent } from '../../helpers/everyEvent';

const events = everyEvent();

/** Every place in a value that holds something, as a path. */
function placesOf(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [[...path]];
  const below = Object.entries(value).flatMap(([key, each]) => placesOf(each, [...path, key]));
  return path.length === 0 ? below : [[...path], ...below];
}

function replaced(value: unknown, [key, ...rest]: readonly string[], by: unknown): unknown {
  if (key === undefined) return by;
  const copy: Record<string, unknown> = Array.isArray(value)
    ? (value.slice() as never)
    : { ...(value as Record<string, unknown>) };
  copy[key] = replaced(copy[key], rest, by);
  return copy;
}

describe('parseFlowEvent', () => {
  it('knows every kind, and gives each event back as it was', () => {
    expect(new Set(events.map(({ kind }) => kind))).toEqual(new Set(flowEventKinds));
    for (const event of events) expect(parseFlowEvent(JSON.parse(JSON.stringify(event)))).toEqual(event);
  });

  it('refuses every field of a wrong type and names it', () => {
    let tried = 0;
    for (const event of events) {
      for (const path of placesOf(event)) {
        const found = parseFlowEvent(replaced(event, path, { not: 'this' }));
        expect(typeof found, `${event.kind} ${path.join('.')}`).toBe('string');
        if (path[0] !== 'kind') expect(found).toContain(`"${path[0]}`);
        tried++;
      }
    }
    expect(tried).toBeGreaterThan(400);
  });

  it('refuses numbers that no event has', () => {
    const [event] = events;
    for (const seq of [-1, 1.5, Number.POSITIVE_INFINITY, Number.NaN, 2 ** 60, '1', null]) {
      expect(parseFlowEvent({ ...event, seq })).toContain('"seq"');
    }
    for (const wallTime of [-1, 1e300])
      expect(parseFlowEvent({ ...event, wallTime })).toContain('"wallTime"');
  });

  it('refuses what is no event', () => {
    for (const value of [null, 1, 'x', [], {}, { kind: 1 }, { kind: 'toString' }, { kind: '__proto__' }]) {
      expect(typeof parseFlowEvent(value)).toBe('string');
    }
  });

  it('leaves out fields that it does not know', () => {
    const [event] = events;
    expect(parseFlowEvent({ ...event, extra: 1 })).toEqual(event);
  });
});
