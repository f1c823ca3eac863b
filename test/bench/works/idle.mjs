// Resident memory of a proxy before and after many clients asked once and stayed.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startBeside } from '../compare.mjs';
import { wrk } from '../load.mjs';
import { loadCore, residentBytes } from '../processes.mjs';
import { startOrigin } from '../proxies/nginx.mjs';

const connections = 10_000;
/** For timers, sweeps and allocators to give back what they will. */
const settleMs = 5000;

export default {
  id: 'idle',
  order: 120,
  title: `${connections.toLocaleString('en')} idle keep-alive connections that were used once`,
  figure: { key: 'kilobytesPerConnection', label: 'KB a connection' },
  goals: [{ limit: 10, aim: 4 }],
  async run(processes, settings) {
    const origin = await startOrigin(processes, 128);
    // HAProxy would need more file descriptors for them than most systems allow.
    const names = ['nginx', 'caddy'];
    const { proxies, skipped } = await startBeside(processes, settings, { mode: 'http', origin }, { names });
    const rows = [];
    for (const { name, pid, port } of proxies) {
      wrk(port, 5); // what the process takes for work alone is not the connections'
      await wait(settleMs);
      const before = residentBytes(pid);
      const clients = await openClients(port);
      await wait(settleMs);
      const grown = residentBytes(pid) - before;
      clients.kill('SIGTERM');
      await new Promise((done) => clients.once('close', done));
      rows.push({ name, kilobytesPerConnection: Number((grown / 1024 / connections).toFixed(1)) });
    }
    return { rows, skipped };
  },
};

async function openClients(port) {
  const script = join(import.meta.dirname, '..', 'idleClients.mjs');
  const args = ['-c', String(loadCore), process.execPath, script, String(port), String(connections)];
  const child = spawn('taskset', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const said = await new Promise((done) => {
    child.stdout.once('data', (data) => done(String(data)));
    child.once('close', () => done('it ended'));
  });
  if (!said.startsWith('ready')) throw new Error(`the idle clients on port ${port}: ${said}`);
  return child;
}
