// Side-by-side measurements: peers and Hopscope in one alternating run, each proxy pinned to one core, load and origin on
// the other. `npm run bench [-- --rounds 5 --seconds 4 --out FILE.json]`
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as http1 from '../test/bench/http1.mjs';
import { hasProgram, Processes } from '../test/bench/processes.mjs';
import { ensureBuilt } from './ensureBuilt.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
    out: { type: 'string' },
  },
});
const settings = { rounds: Number(values.rounds), seconds: Number(values.seconds) };

for (const program of ['taskset', 'wrk', 'nginx']) {
  if (hasProgram(program)) continue;
  console.error(`bench needs ${program} (Debian: apt-get install util-linux wrk nginx-light haproxy)`);
  process.exit(2);
}
ensureBuilt();

const results = [];
for (const work of [http1]) {
  const processes = new Processes(mkdtempSync(join(tmpdir(), 'hopscope-bench-')));
  try {
    const rows = await work.run(processes, settings);
    results.push({ title: work.title, rows: withRatios(rows) });
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
  `bench: ${results.length} works measured, ${settings.rounds} rounds of ${settings.seconds} s each`,
);

function withRatios(rows) {
  const nginx = rows.find((row) => row.name === 'nginx');
  return rows.map((row) => ({
    ...row,
    // > 1: better than nginx (less CPU per request).
    ofNginx: Number((nginx.cpuMicrosecondsPerRequest / row.cpuMicrosecondsPerRequest).toFixed(2)),
  }));
}

function print({ title, rows }) {
  console.log(`\n${title}`);
  console.log(`| proxy | requests/s | µs CPU per request | × nginx |\n| --- | --- | --- | --- |`);
  for (const row of rows)
    console.log(
      `| ${row.name} | ${row.requestsPerSecond} | ${row.cpuMicrosecondsPerRequest} | ${row.ofNginx} |`,
    );
}
