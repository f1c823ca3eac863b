import { describe, expect, it } from 'vitest';
import type { BoundListener } from '../../../main/contract/api';
import { curlHint } from '../../../renderer/flows/curlHint';
import { zoomedBy } from '../../../renderer/flows/zoom';

const listener = (id: string, protocol: string, port: number): BoundListener => ({
  id,
  protocol,
  port,
  address: '127.0.0.1',
});
const withRoute = (id: string, hostnames: readonly string[]) => ({
  schemaVersion: 1,
  listeners: [],
  pools: [],
  routes: [{ id: 'r', kind: 'http', listeners: [id], hostnames, backends: [] }],
});

describe('curlHint', () => {
  it('asks a plain HTTP listener for a host that a route wants', () => {
    expect(
      curlHint([listener('pg', 'tcp', 1), listener('web', 'http', 8080)], withRoute('web', ['*.shop.test'])),
    ).toBe("curl -v -H 'Host: any.shop.test' http://127.0.0.1:8080/");
  });

  it('asks for a path that the first route takes, unless a shell could misread it', () => {
    const document = (value: string) => {
      const { routes, ...rest } = withRoute('web', []);
      return {
        ...rest,
        routes: routes.map((route) => ({ ...route, matches: [{ path: { type: 'prefix', value } }] })),
      };
    };
    const hint = (value: string) => curlHint([listener('web', 'http', 80)], document(value));
    expect(hint('/api/v1')).toBe('curl -v http://127.0.0.1:80/api/v1');
    expect(hint('/$(reboot)')).toBe('curl -v http://127.0.0.1:80/');
  });

  it('connects to a TLS listener under its server name', () => {
    expect(curlHint([listener('s', 'https', 8443)], withRoute('s', ['shop.test']))).toBe(
      'curl -vk --connect-to shop.test:443:127.0.0.1:8443 https://shop.test/',
    );
  });

  it('has nothing to say when nothing runs', () => {
    expect(curlHint([], null)).toBeNull();
  });
});

describe('zoomedBy', () => {
  it('goes from stop to stop', () => {
    expect([
      zoomedBy(0.72, 1),
      zoomedBy(0.72, -1),
      zoomedBy(1, 1),
      zoomedBy(3, 1),
      zoomedBy(0.1, -1),
    ]).toEqual([0.8, 0.67, 1.1, 3, 0.25]);
  });
});
