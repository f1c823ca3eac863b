// Attacks on a running Hopscope while a bystander asks for pages: what does the bystander notice?
// `node test/suites/attacks.mjs [ATTACK…] [--seconds 20] [--connections 400] [--json FILE]`. Needs slowhttptest for the slow ones.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, createServer, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureBuilt } from '../../scripts/ensureBuilt.mjs';
import { freePort, hasProgram, loadCore, Processes, proxyCore } from '../bench/processes.mjs';
import { floods } from './http2Floods.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '20' },
    connections: { type: 'string', default: '400' },
    json: { type: 'string' },
  },
});
const seconds = Number(values.seconds);
const flooder = fileURLToPath(new URL('./http2Floods.mjs', import.meta.url));

/** What slowhttptest is told, beside how many, how long and whom. */
const slowOnes = {
  slowloris: ['-H', '-i', '5', '-t', 'GET', '-x', '24'],
  slowBody: ['-B', '-i', '5', '-s', '100000', '-x', '16'],
  slowBodyStreamed: ['-B', '-i', '5', '-s', '100000', '-x', '16'],
  slowRead: ['-X', '-w', '16', '-y', '64', '-n', '5', '-z', '8', '-k', '3'],
  range: ['-R', '-a', '5', '-b', '2000', '-t', 'HEAD'],
};

function attack(name, port) {
  if (!(name in slowOnes))
    return ['nice', ['-n', '10', process.execPath, flooder, name, String(port), String(seconds)]];
  const path = { slowRead: 'large', slowBodyStreamed: 'stream' }[name] ?? '';
  const how = ['-c', values.connections, '-r', '200', '-l', String(seconds), '-p', '3'];
  return ['slowhttptest', [...slowOnes[name], ...how, '-u', `http://127.0.0.1:${port}/${path}`]];
}

function workspace(port, originPort) {
  const backends = [{ pool: 'origin' }];
  return {
    schemaVersion: 1,
    listeners: [{ id: 'web', port, protocol: 'http', limits: { maxConnections: 2000 } }],
    routes: [
      {
        id: 'stream',
        kind: 'http',
        listeners: ['web'],
        matches: [{ path: { type: 'prefix', value: '/stream' } }],
        requestBuffering: 'stream',
        backends,
      },
      { id: 'all', kind: 'http', listeners: ['web'], backends },
    ],
    pools: [{ id: 'origin', endpoints: [{ address: '127.0.0.1', port: originPort }] }],
  };
}

/** Asks every 10 ms, in turns on a connection that it keeps and on new ones, until it is told to stop. */
async function bystand(port, isOver) {
  const kept = new Agent({ keepAlive: true, maxSockets: 1 });
  const times = [];
  const failures = {};
  for (let turn = 0; !isOver(); turn++) {
    const began = performance.now();
    const status = await new Promise((resolve) => {
      const options = { host: '127.0.0.1', port, agent: turn % 2 === 0 ? kept : false, timeout: 5000 };
      const request = get(options, (response) =>
        response.resume().on('end', () => resolve(response.statusCode)),
      );
      request
        .on('error', ({ code, message }) => resolve(code ?? message))
        .on('timeout', () => request.destroy(new Error('too late')));
    });
    if (status === 200) times.push(performance.now() - began);
    else failures[status] = (failures[status] ?? 0) + 1;
    await wait(10);
  }
  kept.destroy();
  times.sort((a, b) => a - b);
  const at = (share) => Number((times[Math.floor((times.length - 1) * share)] ?? Number.NaN).toFixed(1));
  const failed = Object.values(failures).reduce((sum, count) => sum + count, 0);
  return { asked: times.length + failed, failed, failures, p50Ms: at(0.5), p99Ms: at(0.99), worstMs: at(1) };
}

async function measure(name, port) {
  const [command, args] = attack(name, port);
  const child = spawn('taskset', ['-c', String(loadCore), command, ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let text = '';
  child.stdout.on('data', (data) => {
    text += data;
  });
  const isOver = () => child.exitCode !== null || child.signalCode !== null;
  const noticed = await bystand(port, isOver);
  return { attack: name, ...noticed, ...figuresOf(text) };
}

/** slowhttptest says again and again how its connections stand and whether its own probe is answered; the floods say JSON. */
function figuresOf(text) {
  const plain = text.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g'), '');
  if (plain.startsWith('{')) return JSON.parse(plain);
  const last = (word) => [...plain.matchAll(new RegExp(`${word}:\\s+(\\w+)`, 'g'))].at(-1)?.[1];
  const most = (word) =>
    Math.max(0, ...[...plain.matchAll(new RegExp(`${word}:\\s+(\\d+)`, 'g'))].map((m) => +m[1]));
  const probes = [...plain.matchAll(/service available:\s+(\w+)/g)].map((match) => match[1]);
  return {
    mostConnected: most('connected'),
    closed: Number(last('closed') ?? 0),
    probesUnanswered: `${probes.filter((answer) => answer !== 'YES').length} of ${probes.length}`,
  };
}

const names = positionals.length > 0 ? positionals : [...Object.keys(slowOnes), ...Object.keys(floods)];
const unknown = names.find((name) => !(name in slowOnes) && !(name in floods));
if (unknown !== undefined) {
  console.error(
    `attacks: there is no "${unknown}"; there are ${[...Object.keys(slowOnes), ...Object.keys(floods)].join(', ')}`,
  );
  process.exit(2);
}
ensureBuilt();
const page = Buffer.alloc(128, 'x');
const large = Buffer.alloc(16_000_000, 'x');
const origin = createServer((request, response) => {
  request.resume().on('end', () => response.end(request.url === '/large' ? large : page));
});
const folder = mkdtempSync(join(tmpdir(), 'hopscope-attacks-'));
const processes = new Processes(folder);
const rows = [];
try {
  await new Promise((done) => origin.listen(0, '127.0.0.1', done));
  for (const name of names) {
    if (name in slowOnes && !hasProgram('slowhttptest')) {
      console.error(`attacks: ${name} was NOT run: slowhttptest is not installed (Debian: slowhttptest)`);
      continue;
    }
    const port = await freePort();
    const file = join(folder, `${name}.json`);
    writeFileSync(file, JSON.stringify(workspace(port, origin.address().port)));
    await processes.start(proxyCore, port, process.execPath, ['scripts/hopscope.mjs', 'serve', file]);
    rows.push(await measure(name, port));
    console.log(JSON.stringify(rows.at(-1)));
    await processes.close();
  }
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`);
} finally {
  await processes.close();
  origin.close();
  origin.closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
}
