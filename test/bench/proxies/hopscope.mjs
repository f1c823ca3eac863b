// Hopscope's own command line, from the build in `dist` or another one to compare with.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, proxyCore, root } from '../processes.mjs';

const listenerProtocols = {
  http: 'http',
  https: 'https',
  h2: 'https',
  cache: 'http',
  tcp: 'tcp',
  sni: 'tls',
};
const routeKinds = { http: 'http', https: 'http', tcp: 'tcp', tls: 'tls' };

/**
 * mode: http | https | h2 | cache | tcp | sni. `isRecorded` keeps every flow event in memory, as with an open window.
 * `routes` = how many routes share the listener. `nodeFlags` for profiles, `execPath` and `dist` = another Node and another build.
 */
export async function start(
  processes,
  {
    mode,
    origin,
    tls,
    isRecorded = true,
    routes = 1,
    streams = false,
    nodeFlags = [],
    execPath = process.execPath,
    dist = join(root, 'dist'),
  },
) {
  const port = await freePort();
  const file = join(processes.folder, `hopscope-${port}.yaml`);
  const protocol = listenerProtocols[mode];
  const kind = routeKinds[protocol];
  const listener = {
    id: 'front',
    port,
    protocol,
    limits: { maxConnections: 19_000, idleTimeoutMs: 600_000 },
    ...(protocol === 'https'
      ? { tls: { certificates: [tls.id], alpn: [mode === 'h2' ? 'h2' : 'http/1.1'] } }
      : {}),
  };
  const others = Array.from({ length: routes - 1 }, (_, index) => ({
    id: `other-${index}`,
    kind,
    listeners: ['front'],
    hostnames: [`host-${index}.example.test`],
    matches: [{ path: { type: 'prefix', value: `/path/${index}` } }],
    backends: [{ pool: 'origin' }],
  }));
  const route = {
    id: 'all',
    kind,
    listeners: ['front'],
    backends: [{ pool: 'origin' }],
    ...(streams ? { requestBuffering: 'stream' } : {}),
    ...(mode === 'cache' ? { filters: [{ type: 'cache' }] } : {}),
  };
  const pools = [{ id: 'origin', endpoints: [{ address: '127.0.0.1', port: origin.port }] }];
  const document = { schemaVersion: 1, listeners: [listener], routes: [...others, route], pools };
  writeFileSync(file, JSON.stringify(document));
  const command = [join(dist, 'main/cli.js'), 'serve', file, '--store', processes.store];
  const recording = isRecorded ? ['--ui', '0'] : [];
  const env = { ...process.env, HOPSCOPE_DATA: processes.folder };
  return processes.start(proxyCore, port, execPath, [...nodeFlags, ...command, ...recording], {
    env,
  });
}
