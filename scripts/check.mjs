// Format, lint, types and layers. Prints one summary line at the end.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const node = process.execPath;
const steps = [
  ['format and lint', [node, 'node_modules/@biomejs/biome/bin/biome', 'ci', '.']],
  ['types of main, preload and their tests', [node, 'node_modules/typescript/bin/tsc', '-p', '.']],
  ['types of the renderer', [node, 'node_modules/typescript/bin/tsc', '-p', 'renderer']],
  ['types of the browser tests', [node, 'node_modules/typescript/bin/tsc', '-p', 'test']],
  ['layers', [node, 'node_modules/vitest/vitest.mjs', 'run', '--project', 'unit', 'test/architecture']],
];

let failed = 0;
for (const [name, [command, ...args]] of steps) {
  const startedAt = Date.now();
  const result = spawnSync(command, args, { cwd: root, encoding: 'utf8' });
  const isOk = result.status === 0;
  if (!isOk) {
    failed++;
    process.stdout.write(`${result.stdout}${result.stderr}`);
  }
  console.log(`${isOk ? 'ok  ' : 'FAIL'} ${name} (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`);
}
console.log(`check: ${steps.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
