// Runs the suite http-cache-tests (its server is the origin) through real caches and counts what passes:
// `node test/suites/httpCacheTests.mjs [hopscope] [nginx] [varnish] [--failures] [--id TEST] [--json FILE]`.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { freePort, waitForPort } from '../bench/processes.mjs';
import { countSuite } from './cacheTestCounts.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const runner = fileURLToPath(new URL('./cacheTestRunner.mjs', import.meta.url));
const suiteFolder = join(root, 'node_modules', 'http-cache-tests');

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    failures: { type: 'boolean', default: false },
    id: { type: 'string' },
    json: { type: 'string' },
  },
});
/** Each starts a cache on `port` in front of the origin; settings as the suite's own, where it has some. */
const caches = {
  hopscope: (port, originPort) => {
    const file = join(folder, 'cache.yaml');
    writeFileSync(
      file,
      `schemaVersion: 1
listeners: [{ id: web, port: ${port}, protocol: http }]
routes:
  - { id: all, kind: http, listeners: [web], filters: [{ type: cache }], backends: [{ pool: origin }] }
pools: [{ id: origin, endpoints: [{ address: 127.0.0.1, port: ${originPort} }] }]
`,
    );
    return start(port, process.execPath, ['scripts/hopscope.mjs', 'serve', file]);
  },
  nginx: (port, originPort) => {
    const file = join(folder, 'nginx.conf');
    const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      .map((kind) => `${kind}_temp_path ${folder}/${kind};`)
      .join(' ');
    writeFileSync(
      file,
      `daemon off; master_process off; pid ${folder}/nginx.pid; error_log ${folder}/nginx.log; events { worker_connections 4096; }
http { ${paths} access_log off; proxy_cache_path ${folder}/cache levels=1:2 keys_zone=c:8m max_size=1000m;
  server { listen 127.0.0.1:${port}; location / {
    proxy_pass http://127.0.0.1:${originPort}; proxy_cache c; proxy_cache_revalidate on; } } }
`,
    );
    return start(port, 'nginx', ['-c', file, '-e', join(folder, 'nginx.log'), '-p', folder]);
  },
  varnish: (port, originPort) => {
    const back = `127.0.0.1:${originPort}`;
    return start(port, 'varnishd', [
      '-F',
      '-a',
      `127.0.0.1:${port}`,
      '-b',
      back,
      '-n',
      join(folder, 'varnish'),
    ]);
  },
};

const names = positionals.length > 0 ? positionals : ['hopscope'];
const folder = mkdtempSync(join(tmpdir(), 'hopscope-cache-tests-'));
const children = [];
try {
  const originPort = await freePort();
  await start(originPort, process.execPath, ['server/server.mjs'], {
    cwd: suiteFolder,
    env: {
      ...process.env,
      npm_config_protocol: 'http',
      npm_config_port: String(originPort),
      npm_config_pidfile: join(folder, 'server.pid'),
    },
  });
  const all = {};
  for (const name of names) {
    const startCache = caches[name] ?? fail(`there is no cache "${name}": ${Object.keys(caches).join(', ')}`);
    const port = await freePort();
    await startCache(port, originPort);
    all[name] = await runSuite(port);
    await report(name, all[name]);
  }
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(all, null, 2)}\n`);
} finally {
  for (const child of children) child.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
}

function runSuite(port) {
  const only = values.id === undefined ? [] : [values.id];
  const args = ['--no-warnings', runner, `http://127.0.0.1:${port}`, ...only];
  const stdio = ['ignore', 'pipe', 'inherit'];
  const { stdout, status } = spawnSync(process.execPath, args, { encoding: 'utf8', stdio, maxBuffer: 1e8 });
  if (status !== 0) fail(`the suite ended with ${status}`);
  const start = stdout.lastIndexOf('\n{"results":') + 1;
  if (values.id !== undefined) console.log(stdout.slice(0, start));
  return JSON.parse(stdout.slice(start)).results;
}

async function report(name, results) {
  const { counts, failed } = await countSuite(results);
  const kinds = [
    `required ${counts.required.passed} of ${counts.required.all}`,
    `optimal ${counts.optimal.passed} of ${counts.optimal.all}`,
    `yes to ${counts.check.passed} of ${counts.check.all} questions`,
  ];
  console.log(`${name}: ${kinds.join(', ')}`);
  if (!values.failures) return;
  for (const { id, kind, reason } of failed.filter((test) => test.kind !== 'check')) {
    console.log(`  ${kind.padEnd(8)} ${id}: ${reason}`);
  }
}

async function start(port, command, args, options = {}) {
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], ...options });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      output = (output + data).slice(-4000);
    });
  }
  children.push(child);
  await waitForPort(port, () => {
    if (child.exitCode !== null) throw new Error(`${command} ended with ${child.exitCode}: ${output}`);
  });
}

function fail(message) {
  throw new Error(message);
}
