import { describe, expect, it } from 'vitest';
import type { EndedFlow } from '../../../main/engine/endedFlow';
import { accessLogLine } from '../../../main/services/accessLogLine';
import { hostileTexts } from '../../helpers/hostileTexts';

const endedAt = Date.UTC(2026, 10, 5, 3, 4, 5, 678);

function flow(changes: Partial<EndedFlow> = {}): EndedFlow {
  return {
    flowId: 7,
    flow: 'http',
    listener: 'web',
    client: { address: '127.0.0.1', port: 50_000 },
    durationMs: 1.23456,
    outcome: 'completed',
    failure: null,
    route: 'shop',
    pool: 'fruit',
    endpoint: '127.0.0.1:9001',
    requestBytes: 80,
    responseBytes: 240,
    serverName: null,
    request: {
      method: 'GET',
      target: '/a?b=c',
      version: 'HTTP/1.1',
      host: 'shop.test',
      referer: '',
      userAgent: 'curl/8',
    },
    status: 200,
    ...changes,
  };
}

describe('accessLogLine', () => {
  it('tells a request in the three formats', () => {
    expect(accessLogLine('clf', flow(), endedAt)).toBe(
      '127.0.0.1 - - [05/Nov/2026:03:04:05 +0000] "GET /a?b=c HTTP/1.1" 200 240\n',
    );
    expect(accessLogLine('combined', flow(), endedAt)).toBe(
      '127.0.0.1 - - [05/Nov/2026:03:04:05 +0000] "GET /a?b=c HTTP/1.1" 200 240 "-" "curl/8"\n',
    );
    expect(JSON.parse(accessLogLine('json', flow(), endedAt))).toEqual({
      time: '2026-11-05T03:04:05.678Z',
      flowId: 7,
      flow: 'http',
      listener: 'web',
      client: '127.0.0.1',
      clientPort: 50_000,
      method: 'GET',
      target: '/a?b=c',
      version: 'HTTP/1.1',
      host: 'shop.test',
      userAgent: 'curl/8',
      status: 200,
      requestBytes: 80,
      responseBytes: 240,
      durationMs: 1.235,
      outcome: 'completed',
      route: 'shop',
      pool: 'fruit',
      endpoint: '127.0.0.1:9001',
    });
  });

  it('tells a relayed connection, and one that failed', () => {
    const l4 = { flow: 'tls', request: null, status: 0, serverName: 'bank.test', responseBytes: 0 } as const;
    expect(accessLogLine('clf', flow(l4), endedAt)).toContain('"TLS bank.test" - -\n');
    const failed = { outcome: 'failed', failure: 'no_route', route: null, status: 404 } as const;
    const line = JSON.parse(accessLogLine('json', flow(failed), endedAt));
    expect(line).toMatchObject({ outcome: 'failed', failure: 'no_route', status: 404 });
    expect(line).not.toHaveProperty('route');
  });

  it.each(['json', 'clf', 'combined'] as const)('keeps hostile text inside one line of %s', (format) => {
    const evil = ['a\r\n1.2.3.4 - - forged', '\u2028', '"\\" x', '\x00\x1b[31m', 'ÿþ', ...hostileTexts];
    for (const text of evil) {
      const request = {
        method: text,
        target: text,
        version: text,
        host: text,
        referer: text,
        userAgent: text,
      };
      const line = accessLogLine(format, flow({ request, serverName: text }), endedAt);
      expect(line.indexOf('\n')).toBe(line.length - 1);
      expect([...line].every((character) => character === '\n' || character >= ' ')).toBe(true);
      if (format === 'json') expect(() => JSON.parse(line)).not.toThrow();
      else expect(line).toMatch(/^[\x20-\x7e]+\n$/);
    }
  });

  it('bounds what a client can make it as long as', () => {
    const long = 'x'.repeat(1_000_000);
    const request = {
      method: long,
      target: long,
      version: 'HTTP/1.1',
      host: long,
      referer: long,
      userAgent: long,
    };
    expect(accessLogLine('combined', flow({ request }), endedAt).length).toBeLessThan(20_000);
  });
});
