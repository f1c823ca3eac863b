// One run of the suite against one cache, in a process of its own because the suite keeps its results for ever.
// Prints one line of JSON: {"results": {TEST: true | [KIND, MESSAGE]}}.
import { getResults, runTests } from 'http-cache-tests/client/runner.mjs';
import fetch from 'node-fetch';
import { cacheTests } from './cacheTestCounts.mjs';

const [base, id] = process.argv.slice(2);
const suites = await cacheTests();
const chosen =
  id === undefined
    ? suites
    : suites
        .map((suite) => ({ ...suite, tests: suite.tests.filter((test) => test.id === id) }))
        .filter((suite) => suite.tests.length > 0);
if (id !== undefined) for (const suite of chosen) for (const test of suite.tests) test.dump = true;
// All at once: most of a test is waiting for something to grow stale.
await runTests(chosen, fetch, false, base, 500);
console.log(`\n${JSON.stringify({ results: getResults() })}`);
process.exit(0);
