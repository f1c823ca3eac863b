// The Flows screen in a real Chromium, and what it costs the engine. `node test/bench/flows.mjs [--seconds N] [--rounds N]
// [--minutes N] [--only throughput,latency,frames,memory]`. The engine has one core; load, origin and Chromium share the other.
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { ensureBuilt } from '../../scripts/ensureBuilt.mjs';
import { findBrowser } from '../../scripts/findBrowser.mjs';
import { freePort, loadCore, Processes, proxyCore } from './processes.mjs';

const root = join(import.meta.dirname, '../..');

/** Resolves with figures by name; each is an object of numbers. */
export async function measureFlows({ seconds = 4, rounds = 3, minutes = 1, only = null } = {}) {
  ensureBuilt();
  const processes = new Processes(mkdtempSync(join(tmpdir(), 'hopscope-bench-flows-')));
  const browser = await openBrowser(processes.folder);
  let app = null;
  try {
    app = await startApp(processes);
    const page = await browser.newPage();
    const measures = { throughput, latency, frames, memory };
    const figures = {};
    for (const [name, measure] of Object.entries(measures)) {
      if (only !== null && !only.includes(name)) continue;
      figures[name] = await measure({ app, page, seconds, rounds, minutes });
      console.log(`${name}: ${JSON.stringify(figures[name])}`);
    }
    return figures;
  } finally {
    await browser.close();
    app?.stop();
    await processes.close();
    rmSync(processes.folder, { recursive: true, force: true });
  }
}

/** Full speed with the screen closed and open, in turns. CPU per request survives a shared machine better than requests/s. */
async function throughput({ app, page, seconds, rounds }) {
  const turns = { closed: [], open: [] };
  for (let round = 0; round < rounds; round++) {
    for (const [name, turn] of Object.entries(turns)) {
      if (name === 'open') await openFlows(page, app);
      else await page.goto('about:blank');
      const before = cpuMicroseconds(app.pid);
      const { requests } = runWrk(app.port, seconds);
      const cpu = cpuMicroseconds(app.pid) - before;
      const shown = name === 'open' ? await page.locator('.flows-toolbar').innerText() : '';
      turn.push({ requestsPerSecond: requests / seconds, cpuMicroseconds: cpu / requests, shown });
    }
  }
  const of = (name, key) => median(turns[name].map((turn) => turn[key]));
  return {
    closedRequestsPerSecond: Math.round(of('closed', 'requestsPerSecond')),
    openRequestsPerSecond: Math.round(of('open', 'requestsPerSecond')),
    closedMicroseconds: round2(of('closed', 'cpuMicroseconds')),
    openMicroseconds: round2(of('open', 'cpuMicroseconds')),
    openToClosedByCpu: round2(of('closed', 'cpuMicroseconds') / of('open', 'cpuMicroseconds')),
    openToClosedByRequests: round2(of('open', 'requestsPerSecond') / of('closed', 'requestsPerSecond')),
    screenSaid: turns.open.at(-1).shown.replace(/\s+/g, ' '),
  };
}

/** From before a request is sent until its row is on screen, at 1,000 requests a second. */
async function latency({ app, page, seconds }) {
  await openFlows(page, app);
  await page.locator('#flows-filter').fill('path:/mark-');
  await page.evaluate(() => {
    window.marks = new Map();
    const look = () => {
      for (const row of document.querySelectorAll('.flow-row')) {
        const name = /\/mark-\d+/.exec(row.textContent)?.[0];
        if (name !== undefined && !window.marks.has(name)) window.marks.set(name, Date.now());
      }
      requestAnimationFrame(look);
    };
    look();
  });
  const sent = new Map();
  let number = 0;
  const load = steadyLoad(app.port, 1000, (count) => {
    if (count % 50 !== 0) return '/';
    const path = `/mark-${number++}`;
    sent.set(path, Date.now());
    return path;
  });
  await wait(seconds * 1000);
  const answered = await load.stop();
  await wait(1000);
  const marks = new Map(await page.evaluate(() => [...window.marks]));
  const delays = [...sent].flatMap(([path, at]) => (marks.has(path) ? [marks.get(path) - at] : []));
  return {
    requestsPerSecond: Math.round(answered / seconds),
    sent: sent.size,
    shown: delays.length,
    p50: percentile(delays, 0.5),
    p95: percentile(delays, 0.95),
    max: Math.max(...delays),
  };
}

/** Frames a second while events arrive at 20,000 a second. */
async function frames({ app, page, seconds }) {
  const counter = await openFlows(page, app);
  const load = steadyLoad(app.port, 1350, () => '/list');
  await wait(1500);
  counter.events = 0;
  const result = await page.evaluate(
    (ms) =>
      new Promise((done) => {
        const times = [];
        const startedAt = performance.now();
        const next = (now) => {
          times.push(now);
          if (now - startedAt < ms) requestAnimationFrame(next);
          else done(times);
        };
        requestAnimationFrame(next);
      }),
    seconds * 1000,
  );
  const arrived = counter.events;
  await load.stop();
  const gaps = result.slice(1).map((time, index) => time - result[index]);
  return {
    eventsPerSecond: Math.round(arrived / seconds),
    framesPerSecond: round2((result.length - 1) / ((result.at(-1) - result[0]) / 1000)),
    longestFrameMs: Math.round(Math.max(...gaps)),
    framesOver34ms: gaps.filter((gap) => gap > 34).length,
  };
}

/** Heap of the page after a collection, minute by minute under load. */
async function memory({ app, page, minutes }) {
  await openFlows(page, app);
  const devtools = await page.context().newCDPSession(page);
  const load = steadyLoad(app.port, 1000, () => '/soak');
  const heaps = [];
  for (let sample = 0; sample <= minutes * 2; sample++) {
    await wait(sample === 0 ? 15_000 : 30_000);
    await devtools.send('HeapProfiler.collectGarbage');
    const { usedSize } = await devtools.send('Runtime.getHeapUsage');
    heaps.push(round2(usedSize / 1048576));
  }
  await load.stop();
  return {
    minutes,
    heapMegabytes: heaps,
    growthMegabytes: round2(heaps.at(-1) - heaps[Math.min(1, heaps.length - 1)]),
  };
}

async function startApp(processes) {
  const origin = await startOrigin(processes);
  const port = await freePort();
  const file = join(processes.folder, 'workspace.yaml');
  writeFileSync(
    file,
    `schemaVersion: 1
listeners: [{ id: web, port: ${port}, protocol: http }]
routes: [{ id: shop, kind: http, listeners: [web], backends: [{ pool: shop }] }]
pools: [{ id: shop, endpoints: [{ address: 127.0.0.1, port: ${origin} }] }]
`,
  );
  const uiPort = await freePort();
  const args = [
    join(root, 'dist/main/cli.js'),
    'serve',
    file,
    '--store',
    processes.store,
    '--ui',
    String(uiPort),
  ];
  const child = spawn('taskset', ['-c', String(proxyCore), process.execPath, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const url = await new Promise((done, fail) => {
    let output = '';
    const read = (data) => {
      output += data;
      const found = /http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+/.exec(output);
      if (found !== null) done(found[0]);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', () => fail(new Error(`the app ended: ${output}`)));
  });
  const stop = () => child.kill('SIGTERM');
  return { pid: child.pid, port, url, isSignedIn: false, stop };
}

/** CPU time of a process so far; /proc counts in hundredths of a second. */
function cpuMicroseconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

/** nginx where it is there: a Node origin on the shared core would be the bound. */
async function startOrigin(processes) {
  const port = await freePort();
  const config = join(processes.folder, 'nginx.conf');
  writeFileSync(
    config,
    `worker_processes 1; daemon off; pid ${processes.folder}/nginx.pid; error_log /dev/null;
events { worker_connections 1024; }
http { access_log off; keepalive_requests 1000000;
  server { listen 127.0.0.1:${port} reuseport; location / { return 200 'hello from the origin'; } } }
`,
  );
  await processes.start(loadCore, port, 'nginx', ['-p', processes.folder, '-c', config]);
  return port;
}

async function openBrowser(folder) {
  const program = join(folder, 'chromium');
  writeFileSync(program, `#!/bin/sh\nexec taskset -c ${loadCore} ${findBrowser()} "$@"\n`);
  chmodSync(program, 0o755);
  return chromium.launchPersistentContext(join(folder, 'profile'), {
    executablePath: program,
    headless: true,
    viewport: { width: 1440, height: 900 },
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
}

/** Returns a counter of the events that arrive from now on. */
async function openFlows(page, app) {
  const counter = { events: 0 };
  page.removeAllListeners('websocket');
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => {
      // Counted as text: parsing all of it here would take the time of what is measured.
      counter.events += String(payload).split('"seq":').length - 1;
    }),
  );
  // The token of the URL is good once; afterwards the cookie is.
  await page.goto(app.isSignedIn ? new URL('/', app.url).href : app.url);
  app.isSignedIn = true;
  await page.getByRole('navigation').getByText('Flows', { exact: true }).click();
  await page.locator('.flows').waitFor();
  await wait(700);
  return counter;
}

function runWrk(port, seconds) {
  const args = ['-c', String(loadCore), 'wrk', '-t1', '-c64', `-d${seconds}s`, `http://127.0.0.1:${port}/`];
  const { stdout, status, stderr } = spawnSync('taskset', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`wrk failed: ${stderr}`);
  return { requests: Number(/(\d+) requests in/.exec(stdout)[1]) };
}

/** So many requests a second from this process, over kept connections. `stop` resolves with how many were answered. */
function steadyLoad(port, perSecond, pathOf) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
  const everyMs = 10;
  const startedAt = performance.now();
  let count = 0;
  let answered = 0;
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startedAt) / 1000) * perSecond);
    while (count < due) {
      const request = http.get({ host: '127.0.0.1', port, agent, path: pathOf(count++) }, (response) => {
        answered++;
        response.resume();
      });
      request.on('error', () => undefined);
    }
  }, everyMs);
  return {
    stop: async () => {
      clearInterval(timer);
      await wait(200);
      agent.destroy();
      return answered;
    },
  };
}

function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

function median(values) {
  return percentile(values, 0.5);
}

function round2(value) {
  return Number(value.toFixed(2));
}

if (import.meta.filename === process.argv[1]) {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '4' },
      rounds: { type: 'string', default: '3' },
      minutes: { type: 'string', default: '1' },
      only: { type: 'string' },
    },
  });
  await measureFlows({
    seconds: Number(values.seconds),
    rounds: Number(values.rounds),
    minutes: Number(values.minutes),
    only: values.only?.split(',') ?? null,
  });
}
