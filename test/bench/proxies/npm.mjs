// The proxies of the npm registry, each as its README sets it up, with keep-alive towards the origin.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, proxyCore } from '../processes.mjs';

const folder = join(import.meta.dirname, '..');
let problem;

/** Installs them at the first call, into a folder that git ignores. */
function installProblem() {
  if (existsSync(join(folder, 'node_modules', 'fast-proxy'))) return null;
  // The npm that runs us: the first "npm" of the path may be one that a package brought along.
  const own = process.env.npm_execpath;
  const [command, first] = own === undefined ? ['npm', []] : [process.execPath, [own]];
  const { status } = spawnSync(command, [...first, 'ci', '--no-audit', '--no-fund', '--ignore-scripts'], {
    cwd: folder,
  });
  return status === 0 ? null : '"npm ci" in test/bench failed';
}

export const npmProxies = ['http-proxy', 'http-proxy-3', 'fast-proxy', '@fastify/http-proxy'].map((name) => ({
  name,
  unavailable(mode) {
    if (mode !== 'http') return 'compared over plain HTTP only';
    problem ??= { text: installProblem() };
    return problem.text;
  },
  async start(processes, { origin }) {
    const port = await freePort();
    const script = join(import.meta.dirname, 'npmProxy.mjs');
    return processes.start(proxyCore, port, process.execPath, [
      script,
      name,
      String(port),
      String(origin.port),
    ]);
  },
}));
