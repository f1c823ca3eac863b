// Half of the load that Hopscope can take (or --rate), for --minutes; heap after a collection and open files every minute.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { median } from '../compare.mjs';
import { missingLoad, wrk } from '../load.mjs';
import { loadCore, openFiles } from '../processes.mjs';
import { start } from '../proxies/hopscope.mjs';
import { startOrigin } from '../proxies/nginx.mjs';

const clients = 64;
const megabyte = 1024 * 1024;

export default {
  id: 'soak',
  order: 900,
  title:
    'Half load, events recorded, HTTP/1.1: 64 keep-alive clients, and a new connection for every request in between',
  onlyWhenNamed: true,
  figure: { key: 'heapGrowthMegabytes', label: 'MB heap growth' },
  goals: [{ limit: 2, aim: 0.5 }],
  unavailable: () => missingLoad('h2load'),
  async run(processes, { minutes, rate }) {
    const origin = await startOrigin(processes, 128);
    const probeFile = join(processes.folder, 'memory.json');
    process.env.HOPSCOPE_BENCH_PROBE = probeFile;
    const nodeFlags = ['--expose-gc', '--import', join(import.meta.dirname, '..', 'memoryProbe.mjs')];
    const { pid, port } = await start(processes, { mode: 'http', origin, nodeFlags });
    const filesBefore = openFiles(pid);
    const halfOfMost = () => wrk(port, 5).requests / 5 / 2;
    const perClient = Math.max(1, Math.round((rate ?? halfOfMost()) / clients));
    const samples = [];
    for (let minute = 0; minute < minutes; minute++) {
      halfLoad(port, perClient);
      samples.push({ ...(await memoryOf(pid, probeFile)), files: openFiles(pid) });
      const { heap, rss, files } = samples.at(-1);
      console.log(
        `soak: minute ${minute + 1} of ${minutes}: heap ${heap} MB, resident ${rss} MB, ${files} files`,
      );
    }
    // Longer than the pool keeps idle connections.
    await wait(35_000);
    const quarter = Math.max(1, samples.length >> 2);
    const heapOf = (part) => median(part.map(({ heap }) => heap));
    const growth = heapOf(samples.slice(-quarter)) - heapOf(samples.slice(0, quarter));
    const row = {
      name: 'hopscope',
      heapGrowthMegabytes: Number(growth.toFixed(2)),
      filesLeft: openFiles(pid) - filesBefore,
      requestsPerSecond: perClient * clients,
      minutes,
    };
    return { rows: [row], samples };
  },
};

function halfLoad(port, perClient) {
  const url = `http://127.0.0.1:${port}/`;
  const pinned = (program, args) =>
    spawnSync('taskset', ['-c', String(loadCore), program, ...args], { encoding: 'utf8' });
  const args = ['--h1', '-t1', `-c${clients}`, '-D50', `--rps=${perClient}`, url];
  const { stdout } = pinned('h2load', args);
  const failed = /(\d+) failed/.exec(stdout)?.[1];
  if (failed !== '0') throw new Error(`soak: h2load says ${stdout}`);
  pinned('wrk', ['-t1', '-c16', '-d5s', '-H', 'Connection: close', url]);
}

async function memoryOf(pid, file) {
  rmSync(file, { force: true });
  process.kill(pid, 'SIGUSR2');
  while (!existsSync(file)) await wait(50);
  await wait(50);
  const { heapUsed, external, rss } = JSON.parse(readFileSync(file, 'utf8'));
  const megabytes = (bytes) => Number((bytes / megabyte).toFixed(2));
  return { heap: megabytes(heapUsed + external), rss: megabytes(rss) };
}
