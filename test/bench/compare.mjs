// One measurement: every proxy in turn, round after round, under the same load; medians of rate and CPU time.

import { cpuTime } from './processes.mjs';
import * as caddy from './proxies/caddy.mjs';
import * as haproxy from './proxies/haproxy.mjs';
import * as hopscope from './proxies/hopscope.mjs';
import * as nginx from './proxies/nginx.mjs';
import { npmProxies } from './proxies/npm.mjs';

const peers = [
  { name: 'nginx', ...nginx },
  { name: 'haproxy', ...haproxy },
  { name: 'caddy', ...caddy },
  ...npmProxies,
];

/** Below this share of its core a proxy was waiting: the load generator was the bound. */
const saturated = 0.9;
/** Long enough for what is compiled while it runs to be compiled. */
const warmUpSeconds = 5;

/**
 * Starts Hopscope, with and without recording, and the peers that can do `setup.mode`. Returns
 * `{ proxies, skipped: ["nginx: why"] }`. `names` = the peers to take; `variants` = further Hopscopes
 * (`{ name, ...options of its start }`); `settings.against` = folders of older builds.
 */
export async function startBeside(processes, settings, setup, { names, variants = [] } = {}) {
  const own = [
    { name: 'hopscope' },
    { name: 'hopscope, unwatched', isRecorded: false },
    ...variants,
    ...settings.against.flatMap((dist) => [
      { name: `hopscope of ${dist}`, dist },
      { name: `hopscope of ${dist}, unwatched`, dist, isRecorded: false },
    ]),
  ];
  const proxies = [];
  for (const { name, ...options } of own)
    proxies.push({ name, ...(await hopscope.start(processes, { ...setup, ...options })) });
  const skipped = [];
  for (const peer of peers) {
    const isWanted = settings.peers && (names === undefined || names.includes(peer.name));
    const problem = isWanted ? peer.unavailable(setup.mode) : null;
    if (problem !== null) skipped.push(`${peer.name}: ${problem}`);
    else if (isWanted) proxies.push({ name: peer.name, ...(await peer.start(processes, setup)) });
  }
  return { proxies, skipped };
}

/** `load(port, seconds)` returns `{ requests }` or a promise of it. */
export async function compare({ proxies, skipped = [] }, { rounds, seconds }, load) {
  const measured = proxies.map((proxy) => ({ ...proxy, rounds: [] }));
  for (const { port } of measured) await load(port, warmUpSeconds);
  for (let round = 0; round < rounds; round++) {
    for (const proxy of measured) proxy.rounds.push(await measure(proxy, seconds, load));
  }
  return { skipped, rows: measured.map(({ name, rounds: all }) => ({ name, ...medians(all) })) };
}

async function measure({ pid, port }, seconds, load) {
  const before = cpuTime(pid);
  const startedAt = performance.now();
  const { requests } = await load(port, seconds);
  const elapsed = (performance.now() - startedAt) / 1000;
  const after = cpuTime(pid);
  return {
    rate: requests / elapsed,
    cpu: (after.total - before.total) / requests,
    user: (after.user - before.user) / requests,
    busy: (after.total - before.total) / 1e6 / elapsed,
  };
}

function medians(rounds) {
  const of = (key) => median(rounds.map((round) => round[key]));
  return {
    requestsPerSecond: Math.round(of('rate')),
    cpuMicroseconds: rounded(of('cpu')),
    ofWhichUser: rounded(of('user')),
    busyShare: Number(of('busy').toFixed(2)),
    isLoadBound: of('busy') < saturated,
  };
}

const rounded = (value) => Number(value.toFixed(value < 100 ? 1 : 0));

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
