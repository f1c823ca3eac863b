import { describe, expect, it } from 'vitest';
import { type Flow, foldFlow } from '../../../main/contract/flow';
import { compileFilter } from '../../../renderer/stores/flowFilter';
import { flowEvents, httpExchange } from '../../helpers/flowEvents';

const base = flowEvents(httpExchange([1000]))
  .filter((event) => event.flowId === 1)
  .reduce<Flow | undefined>((flow, event) => foldFlow(flow, event), undefined)!;

function flow(change: Partial<Flow> = {}): Flow {
  return { ...base, ...change };
}

function passes(filter: string, of: Flow): boolean {
  const compiled = compileFilter(filter);
  if (compiled.kind === 'error') throw new Error(compiled.error.message);
  return compiled.matches(of);
}

describe('compileFilter', () => {
  it.each([
    ['', {}, true],
    ['status>=500', { status: 502 }, true],
    ['status>=500', { status: 404 }, false],
    ['status:5xx', { status: 503 }, true],
    ['status>=500', { status: null }, false],
    ['took>200ms', { durationMicroseconds: 200_001 }, true],
    ['took>200ms', { durationMicroseconds: 199_000 }, false],
    ['took>0.5s', { durationMicroseconds: 600_000 }, true],
    ['took<1ms', { durationMicroseconds: null }, false],
    ['bytes>1mb', { requestBytes: 1_048_000, responseBytes: 1000 }, true],
    ['bytes>1mb', { requestBytes: 1000, responseBytes: 1000 }, false],
    ['route:pict', { route: 'pictures' }, true],
    ['route=pict', { route: 'pictures' }, false],
    ['method:post', { method: 'POST' }, true],
    ['path~^/api/\\d+$', { target: '/api/7' }, true],
    ['path~^/api/\\d+$', { target: '/api/x' }, false],
    ['host:shop.test', { hostname: 'shop.test' }, true],
    ['host:bank', { hostname: null, serverName: 'bank.test' }, true],
    ['is:reused', { upstreamConnection: 'reused' }, true],
    ['is:failed', { status: 200, outcome: 'completed' }, false],
    ['is:failed', { status: 503, outcome: 'completed' }, true],
    ['-is:failed', { status: 503 }, false],
    ['"a b"', { target: '/x?q=a b' }, true],
    ['-"a b"', { target: '/x?q=a b' }, false],
    ['GET status=200', { method: 'GET', status: 200 }, true],
    ['GET status=200', { method: 'GET', status: 201 }, false],
    ['127.0.0.1:9001', { endpoint: '127.0.0.1:9001' }, true],
    ['path:"/a b"', { target: '/a b' }, true],
  ] satisfies [string, Partial<Flow>, boolean][])('%s with %o: %s', (filter, change, expected) => {
    expect(passes(filter, flow(change))).toBe(expected);
  });

  it.each([
    ['took>soon', 'took>soon', /not a time, like took>200ms/],
    ['GET is:odd', 'is:odd', /takes one of open, failed/],
    ['path~(', 'path~(', /not a regular expression/],
    ['"open', '"open', /quote is not closed/],
    ['stauts>5', 'stauts>5', /no field "stauts"/],
    ['method>GET', 'method>GET', /is a text/],
    ['status~5', 'status~5', /is a number/],
    ['route:', 'route:', /needs a value, like route:pictures/],
  ])('says what is wrong with %s and where', (filter, word, message) => {
    const compiled = compileFilter(filter);
    if (compiled.kind === 'filter') throw new Error('it compiled');
    expect(compiled.error.message).toMatch(message);
    expect(filter.slice(compiled.error.from, compiled.error.to)).toBe(word);
  });
});
