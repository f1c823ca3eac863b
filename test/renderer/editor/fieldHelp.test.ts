import { describe, expect, it } from 'vitest';
import { filterSchema, workspaceSchema } from '../../../main/contract/config';
import { fieldHelp } from '../../../renderer/editor/fieldHelp';

const filled = workspaceSchema.parse({
  schemaVersion: 1,
  listeners: [{ id: 'l', port: 1, protocol: 'https', tls: {} }],
  routes: [{ id: 'r', kind: 'http', listeners: ['l'], retry: {}, backends: [{ pool: 'p' }] }],
  pools: [
    {
      id: 'p',
      endpoints: [{ address: 'a', port: 1 }],
      healthCheck: {},
      outlierDetection: {},
      stickiness: {},
    },
  ],
});
const roots: Readonly<Record<string, unknown>> = {
  listener: filled.listeners[0],
  capture: filled.capture,
  route: { ...filled.routes[0], backends: filled.routes[0]?.backends[0] },
  pool: filled.pools[0],
  endpoint: filled.pools[0]?.endpoints[0],
  filter: {
    rateLimit: filterSchema.parse({ type: 'rateLimit', requests: 1 }),
    basicAuth: filterSchema.parse({ type: 'basicAuth', users: {} }),
    redirect: filterSchema.parse({ type: 'redirect' }),
    respond: filterSchema.parse({ type: 'respond' }),
    mirror: filterSchema.parse({ type: 'mirror', pool: 'p' }),
    cache: filterSchema.parse({ type: 'cache' }),
    compress: filterSchema.parse({ type: 'compress' }),
    fault: filterSchema.parse({ type: 'fault', delay: { ms: 1 }, abort: {} }),
  },
};

describe('fieldHelp', () => {
  const shown = Object.entries(fieldHelp).filter(
    ([, text]) => 'fallback' in text && !/^(same|any) /.test(text.fallback),
  );
  it.each(shown)('shows the default of %s that the schema fills in', (name, text) => {
    const value = name
      .split('.')
      .reduce<unknown>(
        (object, key, index) => (index === 0 ? roots[key] : (object as Record<string, unknown>)[key]),
        undefined,
      );
    expect('fallback' in text ? text.fallback : '').toBe(String(value));
  });
});
