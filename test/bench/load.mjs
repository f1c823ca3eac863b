// One measurement: every proxy in turn, round after round, under the same load; medians of rate and CPU time.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { cpuMicroseconds, loadCore, median } from './processes.mjs';

/**
 * @param proxies [{ name, pid, port }]
 * @param {{ rounds: number, seconds: number }} settings
 * @param {{ tls?: boolean, connections?: number, script?: string, headers?: string[], path?: string }} load
 */
export function compare(proxies, { rounds, seconds }, load = {}) {
  const measured = proxies.map((proxy) => ({ ...proxy, rates: [], costs: [] }));
  for (const { port } of measured) wrk(port, 2, load);
  for (let round = 0; round < rounds; round++) {
    for (const proxy of measured) {
      const before = cpuMicroseconds(proxy.pid);
      const { requests, rate } = wrk(proxy.port, seconds, load);
      proxy.rates.push(rate);
      proxy.costs.push((cpuMicroseconds(proxy.pid) - before) / requests);
    }
  }
  return measured.map(({ name, rates, costs }) => ({
    name,
    requestsPerSecond: Math.round(median(rates)),
    cpuMicrosecondsPerRequest: Number(median(costs).toFixed(1)),
  }));
}

function wrk(port, seconds, { tls = false, connections = 64, script, headers = [], path = '/' }) {
  const url = `${tls ? 'https' : 'http'}://127.0.0.1:${port}${path}`;
  const { stdout, status, stderr } = spawnSync(
    'taskset',
    [
      ...['-c', String(loadCore), 'wrk', '-t1', `-c${connections}`, `-d${seconds}s`],
      ...headers.flatMap((header) => ['-H', header]),
      ...(script === undefined ? [] : ['-s', join(import.meta.dirname, script)]),
      url,
    ],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`wrk failed on ${url}: ${stderr}`);
  if (/Non-2xx/.test(stdout)) throw new Error(`wrong answers on ${url}: ${stdout}`);
  return {
    requests: Number(/(\d+) requests in/.exec(stdout)[1]),
    rate: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)[1]),
  };
}
