// HTTP/1.1 keep-alive, small response, 64 connections: Hopscope beside nginx and HAProxy, alternating, on one core.
import { spawnSync } from 'node:child_process';
import { cpuMicroseconds, hasProgram, loadCore, median } from './processes.mjs';

export const title = 'HTTP/1.1 keep-alive, small response, 64 connections';

export async function run(processes, { rounds, seconds }) {
  const origin = await processes.origin('x'.repeat(128));
  const proxies = [{ name: 'hopscope', ...(await processes.hopscope(origin.port, { recorded: false })) }];
  proxies.push({
    name: 'hopscope, events recorded',
    ...(await processes.hopscope(origin.port, { recorded: true })),
  });
  if (hasProgram('nginx')) proxies.push({ name: 'nginx', ...(await processes.nginxProxy(origin.port)) });
  if (hasProgram('haproxy')) proxies.push({ name: 'haproxy', ...(await processes.haproxy(origin.port)) });

  for (const proxy of proxies) {
    wrk(proxy.port, 2);
    proxy.rates = [];
    proxy.costs = [];
  }
  for (let round = 0; round < rounds; round++) {
    for (const proxy of proxies) {
      const before = cpuMicroseconds(proxy.pid);
      const { requests, rate } = wrk(proxy.port, seconds);
      proxy.rates.push(rate);
      proxy.costs.push((cpuMicroseconds(proxy.pid) - before) / requests);
    }
  }
  return proxies.map(({ name, rates, costs }) => ({
    name,
    requestsPerSecond: Math.round(median(rates)),
    cpuMicrosecondsPerRequest: Number(median(costs).toFixed(1)),
  }));
}

function wrk(port, seconds) {
  const args = ['-c', String(loadCore), 'wrk', '-t1', '-c64', `-d${seconds}s`, `http://127.0.0.1:${port}/`];
  const { stdout, status } = spawnSync('taskset', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`wrk failed on port ${port}`);
  if (/Non-2xx/.test(stdout)) throw new Error(`wrong answers on port ${port}: ${stdout}`);
  return {
    requests: Number(/(\d+) requests in/.exec(stdout)[1]),
    rate: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)[1]),
  };
}
