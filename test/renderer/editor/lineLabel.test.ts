import { describe, expect, it } from 'vitest';
import { labelLines, lineWords } from '../../../renderer/editor/lineLabel';
import type { TrafficMark } from '../../../renderer/editor/trafficMarks';

const mark: TrafficMark = {
  rate: '12/s',
  errors: '4 % errors',
  latency: { p50Ms: 1.2, p95Ms: 3.4, p99Ms: 9 },
  openConnections: 5,
};
const texts = (...args: Parameters<typeof labelLines>) => labelLines(...args).map(({ text }) => text);

describe('labelLines', () => {
  it('says share, rate, latency, connections and errors, each in few characters', () => {
    expect(texts('90 %', mark, false)).toEqual(['90 %', '12/s', '3.4 ms', '5 open', '4 % err']);
  });
  it('says nothing that is not so', () => {
    const idle = { rate: '0/s', errors: null, latency: mark.latency, openConnections: 0 };
    expect(texts(null, idle, false)).toEqual([]);
    expect(texts(null, { ...idle, openConnections: 2 }, false)).toEqual(['2 open']);
    expect(texts('10 %', undefined, false)).toEqual(['10 %']);
  });
  it('leaves to the node at the end what it says itself', () => {
    expect(texts('90 %', mark, true)).toEqual(['90 %']);
  });
});

describe('lineWords', () => {
  it('names every figure', () => {
    expect(lineWords('90 %', mark)).toBe(
      'share 90 %, rate 12/s, errors 4 %, half within 1.2 ms, 95 % within 3.4 ms, open connections 5',
    );
    expect(lineWords(null, undefined)).toBe(null);
  });
});
