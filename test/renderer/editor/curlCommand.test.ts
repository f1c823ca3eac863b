import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { curlCommand, targetOf } from '../../../renderer/editor/curlCommand';
import { bodyExcerpt, caFileIn, sendTarget } from '../../../renderer/editor/sendTarget';

const at = (protocol: string, address = '127.0.0.1', port = 8080) => ({ address, port, protocol });
const get = (hostname: string, path = '/') => ({ method: 'GET', hostname, path });
const noCa = { caFile: null };

describe('curlCommand', () => {
  it.each([
    [
      'http with a host',
      at('http'),
      get('shop.test'),
      noCa,
      "curl -H 'Host: shop.test' http://127.0.0.1:8080/",
    ],
    ['http for any host', at('http'), get('', '/a?b=c'), noCa, "curl 'http://127.0.0.1:8080/a?b=c'"],
    [
      'another method',
      at('http'),
      { ...get(''), method: 'POST' },
      noCa,
      'curl -X POST http://127.0.0.1:8080/',
    ],
    ['HEAD', at('http'), { ...get(''), method: 'HEAD' }, noCa, 'curl -I http://127.0.0.1:8080/'],
    [
      'https with the local CA',
      at('https', '127.0.0.1', 8443),
      get('shop.test'),
      { caFile: '/home/a b/ca.pem' },
      "curl --cacert '/home/a b/ca.pem' --resolve shop.test:8443:127.0.0.1 https://shop.test:8443/",
    ],
    [
      'passthrough, where the certificate is not ours',
      at('tls', '0.0.0.0', 9443),
      get('bank.test'),
      { caFile: '/ca.pem' },
      'curl -k --resolve bank.test:9443:127.0.0.1 https://bank.test:9443/',
    ],
    ['IPv6', at('http', '::1'), get(''), noCa, "curl 'http://[::1]:8080/'"],
    ['tcp', at('tcp', '127.0.0.1', 5433), get(''), noCa, 'curl http://127.0.0.1:5433/'],
  ])('writes %s', (_name, listener, target, options, expected) => {
    expect(curlCommand(listener, target, options)).toBe(expected);
  });

  it('lets no host name or path out of its quotes', () => {
    const command = curlCommand(at('http'), get("x'; echo HACKED; '", "/a'$(echo HACKED)`"), noCa);
    const words = execFileSync('sh', ['-c', `printf '%s\\n' ${command.replace(/^curl/, '')}`], {
      encoding: 'utf8',
    });
    expect(words.split('\n')).toEqual([
      '-H',
      "Host: x'; echo HACKED; '",
      "http://127.0.0.1:8080/a'$(echo HACKED)`",
      '',
    ]);
  });
});

describe('targetOf', () => {
  it('asks for what the route would win', () => {
    const route = {
      id: 'a',
      kind: 'http' as const,
      listeners: ['web'],
      hostnames: ['*.shop.test'],
      matches: [{ path: { type: 'prefix' as const, value: '/api' }, method: 'POST' }],
    };
    expect(targetOf(route)).toEqual({ method: 'POST', hostname: 'www.shop.test', path: '/api' });
    expect(targetOf(undefined)).toEqual({ method: 'GET', hostname: '', path: '/' });
  });
});

describe('sendTarget', () => {
  const document = {
    schemaVersion: 1 as const,
    routes: [{ id: 'shop', kind: 'http' as const, listeners: ['web', 'secure'], hostnames: ['shop.test'] }],
  };
  const bound = [{ id: 'secure', address: '127.0.0.1', port: 8443, protocol: 'https' }];

  it('goes through the listeners that are bound', () => {
    expect(sendTarget(document, bound, 'route', 'shop')).toMatchObject({
      listeners: bound,
      target: { hostname: 'shop.test' },
    });
  });
  it('proposes the first route of a listener', () => {
    expect(sendTarget(document, bound, 'listener', 'secure').route).toBe('shop');
    expect(sendTarget(document, bound, 'listener', 'web').listeners).toEqual([]);
  });
  it('finds the CA file in folders of both kinds', () => {
    expect([caFileIn('/data/certificates'), caFileIn('C:\\data')]).toEqual([
      '/data/certificates/ca.pem',
      'C:\\data\\ca.pem',
    ]);
  });
  it('shows the beginning of a long body', () => {
    expect(bodyExcerpt('hello\n')).toBe('hello');
    expect(bodyExcerpt('x'.repeat(1000))).toBe(`${'x'.repeat(400)}…`);
    expect(bodyExcerpt('a\n'.repeat(50)).split('\n')).toHaveLength(10);
  });
});
