// Side-by-side measurements: peers and Hopscope in one alternating run, each proxy pinned to one core, load and origin on
// the other. `npm run bench -- --help` tells the options.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { missingLoad } from '../test/bench/load.mjs';
import { hasProgram, Processes } from '../test/bench/processes.mjs';
import { tableOf, writeDated, writeTable } from '../test/bench/report.mjs';
import { works } from '../test/bench/works.mjs';
import { ensureBuilt } from './ensureBuilt.mjs';

const help = `Usage: npm run bench -- [WORK…] [options]

  Measures every work but those that must be named (soak), or those that are named.

  --list             name the works
  --rounds N         turns of every proxy (default 5); medians are shown
  --seconds N        length of a turn (default 4)
  --minutes N        length of the soak (default 60)
  --rate N           requests per second of the soak (default: half of what a short run reaches)
  --no-peers         Hopscope only
  --against FOLDER   measure another build beside, e.g. a copy of an older dist/; may be given several times
  --out FILE         write the results as JSON
  --write-docs       write them to docs/bench/DATE.json and into the table of docs/performance.md
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
    minutes: { type: 'string', default: '60' },
    rate: { type: 'string' },
    'no-peers': { type: 'boolean', default: false },
    against: { type: 'string', multiple: true, default: [] },
    out: { type: 'string' },
    'write-docs': { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(help);
  process.exit(0);
}
if (values.list) {
  for (const { id, title } of works) console.log(`${id.padEnd(16)}${title}`);
  process.exit(0);
}
const unknown = positionals.find((id) => !works.some((work) => work.id === id));
if (unknown !== undefined) stop(`there is no work "${unknown}" (see --list)`);
for (const [name, debian] of [
  ['taskset', 'util-linux'],
  ['nginx', 'nginx-light'],
]) {
  if (!hasProgram(name)) stop(`${name} is not installed (Debian: ${debian})`);
}
const noWrk = missingLoad('wrk');
if (noWrk !== null) stop(noWrk);
ensureBuilt();

const settings = {
  rounds: Number(values.rounds),
  seconds: Number(values.seconds),
  minutes: Number(values.minutes),
  rate: values.rate === undefined ? null : Number(values.rate),
  peers: !values['no-peers'],
  against: values.against.map((folder) => resolve(folder)),
};
const isWanted = ({ id, onlyWhenNamed = false }) =>
  positionals.length > 0 ? positionals.includes(id) : !onlyWhenNamed;
const results = [];
let failures = 0;
for (const work of works.filter(isWanted)) {
  const problem = work.unavailable?.() ?? null;
  if (problem !== null) {
    fail(work, problem);
    continue;
  }
  const processes = new Processes(mkdtempSync(join(tmpdir(), 'hopscope-bench-')));
  try {
    const { id, title, figure, goals } = work;
    results.push({ id, title, figure, goals, ...(await work.run(processes, settings)) });
    console.log(`\n${tableOf(results.at(-1))}`);
  } catch (error) {
    fail(work, error.message);
  } finally {
    await processes.close();
    rmSync(processes.folder, { recursive: true, force: true });
  }
}
write();
console.log(`\nbench: ${results.length} works measured, ${failures} not`);
process.exit(failures === 0 ? 0 : 1);

function write() {
  const machine = { cpu: cpus()[0].model, cores: cpus().length, node: process.version };
  const { rounds, seconds } = settings;
  const run = { date: new Date().toISOString(), machine, settings: { rounds, seconds }, results };
  if (values.out !== undefined) writeFileSync(values.out, `${JSON.stringify(run, null, 2)}\n`);
  if (!values['write-docs'] || results.length === 0) return;
  const docs = fileURLToPath(new URL('../docs/', import.meta.url));
  writeDated(join(docs, 'bench'), run);
  writeTable(join(docs, 'performance.md'), join(docs, 'bench'), works);
}

function fail({ id }, message) {
  failures++;
  console.error(`\nbench: "${id}" was NOT measured: ${message}`);
}

function stop(message) {
  console.error(`bench: ${message}`);
  process.exit(2);
}
