// Counts as the suite's own pages do, except that a test counts by itself, whether or not one it builds on passed.

/** All suites that are for proxies; `surrogate-control` is not in the suite's own list, its command adds it too. */
export async function cacheTests() {
  const { default: tests } = await import('http-cache-tests/tests/index.mjs');
  const { default: surrogate } = await import('http-cache-tests/tests/surrogate-control.mjs');
  return [...tests, surrogate];
}

export async function countSuite(results) {
  const counts = {};
  for (const kind of ['required', 'optimal', 'check']) counts[kind] = { passed: 0, all: 0 };
  const failed = [];
  for (const test of (await cacheTests()).flatMap((suite) => suite.tests)) {
    if (test.browser_only === true || results[test.id] === undefined) continue;
    const kind = test.kind ?? 'required';
    counts[kind].all++;
    if (results[test.id] === true) counts[kind].passed++;
    else failed.push({ id: test.id, kind, reason: results[test.id].join(': ') });
  }
  return { counts, failed };
}
