import { describe, expect, it } from 'vitest';
import { compareHeaders, headerComparisons } from '../../../renderer/flows/headerDiff';
import { flowEvents, httpExchange } from '../../helpers/flowEvents';

describe('compareHeaders', () => {
  it('marks what changed, was added and was removed, in the order in which it came', () => {
    const before = [
      ['Host', 'a.test'],
      ['X-Debug', '1'],
      ['Accept', '*/*'],
    ] as const;
    const after = [
      ['host', 'b.test'],
      ['Accept', '*/*'],
      ['Via', '1.1 hopscope'],
    ] as const;
    expect(compareHeaders(before, after).map((line) => [line.name, line.change])).toEqual([
      ['Host', 'changed'],
      ['X-Debug', 'removed'],
      ['Accept', 'same'],
      ['Via', 'added'],
    ]);
  });

  it('pairs repeated headers by value first', () => {
    const before = [
      ['Set-Cookie', 'a'],
      ['Set-Cookie', 'b'],
    ] as const;
    expect(compareHeaders(before, [['Set-Cookie', 'b']]).map((line) => line.change)).toEqual([
      'changed',
      'removed',
    ]);
  });
});

describe('headerComparisons', () => {
  it('shows both directions of an exchange', () => {
    const [request, response] = headerComparisons(flowEvents(httpExchange()));
    expect(request).toMatchObject({
      startLineBefore: 'GET /pictures/1 HTTP/1.1',
      startLineAfter: 'GET /pictures/1 HTTP/1.1',
    });
    expect(response).toMatchObject({
      startLineBefore: 'HTTP/1.1 200 OK',
      cameFrom: 'as it came from the endpoint',
    });
  });

  it('marks nothing while the other side was not seen', () => {
    const [request] = headerComparisons(flowEvents(httpExchange().slice(0, 4)));
    expect(request?.lines.every((line) => line.change === 'same' && line.after === null)).toBe(true);
  });

  it('has nothing to show for relayed bytes', () => {
    expect(headerComparisons(flowEvents(httpExchange().slice(0, 3)))).toEqual([]);
  });
});
