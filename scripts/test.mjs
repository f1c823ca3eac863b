// All tests: unit, integration, end to end in a real browser. Says loudly what it had to skip and why, and ends with one
// summary line. Arguments are passed on to vitest (a file name, -t …).
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findOrInstallBrowser } from './findBrowser.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const passedOn = process.argv.slice(2);
const skipped = [];

const browser = findOrInstallBrowser();
if (browser === null)
  skipped.push(
    'end-to-end tests: no Chromium here and none could be installed (set HOPSCOPE_CHROMIUM to one)',
  );
for (const tool of ['curl', 'openssl', 'pebble', 'certutil', 'keytool']) {
  if (spawnSync(tool, ['version'], { stdio: 'ignore' }).error !== undefined)
    skipped.push(`tests that use ${tool}: it is not installed`);
}

const folder = mkdtempSync(join(tmpdir(), 'hopscope-test-'));
const report = join(folder, 'report.json');
const projects = browser === null ? ['--project', 'unit', '--project', 'integration'] : [];
const result = spawnSync(
  process.execPath,
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]
    .concat(projects)
    .concat(passedOn),
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...(browser === null ? {} : { HOPSCOPE_CHROMIUM: browser }) },
  },
);

const counts = readCounts();
rmSync(folder, { recursive: true, force: true });
for (const line of skipped) console.log(`\n!!! SKIPPED ${line}`);
const failed = Math.max(counts.failed, result.status === 0 ? 0 : 1);
console.log(`\ntests: ${counts.passed} passed, ${failed} failed, ${counts.skipped} skipped`);
process.exit(failed === 0 && counts.passed > 0 ? 0 : 1);

function readCounts() {
  try {
    const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(report, 'utf8'));
    return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests };
  } catch (error) {
    console.log(`The test runner left no report: ${error.message}`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}
