// Side-by-side measurements: peers and Hopscope in one alternating run, each proxy pinned to one core, load and origin on
// the other. `npm run bench [-- WORK… --rounds 5 --seconds 4 --out FILE.json]`; --list names the works.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { hasProgram, Processes } from '../test/bench/processes.mjs';
import { works } from '../test/bench/works.mjs';
import { ensureBuilt } from './ensureBuilt.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
    out: { type: 'string' },
    list: { type: 'boolean', default: false },
  },
});
if (values.list) {
  for (const { id, title } of works) console.log(`${id.padEnd(16)}${title}`);
  process.exit(0);
}
const unknown = positionals.find((id) => !works.some((work) => work.id === id));
if (unknown !== undefined) {
  console.error(`bench: there is no work "${unknown}" (see --list)`);
  process.exit(2);
}
for (const program of ['taskset', 'wrk', 'nginx', 'openssl']) {
  if (hasProgram(program)) continue;
  console.error(
    `bench needs ${program} (Debian: apt-get install util-linux wrk nginx-light openssl; haproxy to compare with it)`,
  );
  process.exit(2);
}
ensureBuilt();

const settings = { rounds: Number(values.rounds), seconds: Number(values.seconds) };
const results = [];
for (const { id, title, run } of works) {
  if (positionals.length > 0 && !positionals.includes(id)) continue;
  const processes = new Processes(mkdtempSync(join(tmpdir(), 'hopscope-bench-')));
  try {
    const rows = await run(processes, settings);
    results.push({ id, title, rows: withRatios(rows) });
  } finally {
    await processes.close();
    rmSync(processes.folder, { recursive: true, force: true });
  }
  print(results.at(-1));
}
if (values.out !== undefined) {
  const machine = { cpu: cpus()[0].model, cores: cpus().length, node: process.version };
  writeFileSync(
    values.out,
    `${JSON.stringify({ date: new Date().toISOString(), machine, settings, results }, null, 2)}\n`,
  );
}
console.log(
  `\nbench: ${results.length} works measured, ${settings.rounds} rounds of ${settings.seconds} s each`,
);

/** CPU per request of the peer by that of the row: above 1 = cheaper than the peer. */
function withRatios(rows) {
  const peers = rows.filter((row) => !row.name.startsWith('hopscope'));
  const base = peers.length > 0 ? peers : rows.slice(0, 1);
  return rows.map((row) => ({
    ...row,
    ratios: Object.fromEntries(
      base.map((peer) => [
        peer.name,
        Number((peer.cpuMicrosecondsPerRequest / row.cpuMicrosecondsPerRequest).toFixed(2)),
      ]),
    ),
  }));
}

function print({ title, rows }) {
  const peers = Object.keys(rows[0].ratios);
  console.log(`\n${title}`);
  console.log(`| proxy | requests/s | µs CPU per request |${peers.map((peer) => ` × ${peer} |`).join('')}`);
  console.log(`| --- | --- | --- |${peers.map(() => ' --- |').join('')}`);
  for (const { name, requestsPerSecond, cpuMicrosecondsPerRequest, ratios } of rows) {
    const last = peers.map((peer) => ` ${ratios[peer]} |`).join('');
    console.log(`| ${name} | ${requestsPerSecond} | ${cpuMicrosecondsPerRequest} |${last}`);
  }
}
