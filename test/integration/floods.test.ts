// Many clients that are slow on purpose, more connections than the process may have, disks that are full: everybody else
// must be served as if nothing were. Counts of answered requests, never times of ours, decide.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { get, HttpHarness, ok } from '../helpers/httpHarness';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** An engine before an origin that answers everything at once. */
async function start(
  options: Parameters<typeof HttpHarness.start>[0] = {},
  body = 'ok',
): Promise<HttpHarness> {
  const harness = await HttpHarness.start(options);
  harness.origin.server.on('connection', (socket) => {
    let got = '';
    socket.on('data', (bytes) => {
      got += bytes.toString('latin1');
      for (; got.includes('\r\n\r\n'); got = got.slice(got.indexOf('\r\n\r\n') + 4)) socket.write(ok(body));
    });
  });
  closers.push(() => harness.close());
  return harness;
}

interface Slow {
  readonly socket: Socket;
  readonly closed: Promise<unknown>;
}

/** Connects `count` times and says the beginning each time. */
async function connectMany(port: number, count: number, beginning: string): Promise<Slow[]> {
  const slow: Slow[] = [];
  for (let number = 0; number < count; number++) {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.on('error', () => undefined);
    closers.push(() => socket.destroy());
    slow.push({ socket, closed: new Promise((resolve) => socket.once('close', resolve)) });
    socket.write(beginning);
  }
  await Promise.all(slow.map(({ socket }) => (socket.connecting ? once(socket, 'connect') : null)));
  return slow;
}

/** One request after the other, each on a connection of its own, until the promise settles. */
async function askUntil(done: Promise<unknown>, port: number) {
  const count = { asked: 0, answered: 0 };
  let isOver = false;
  void done.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    count.asked++;
    const reply = await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } }).catch(
      () => null,
    );
    if (reply?.status === 200) count.answered++;
    await reply?.text();
  }
  return count;
}

function trickle(slow: readonly Slow[], text: string): void {
  const timer = setInterval(() => {
    for (const { socket } of slow) if (!socket.destroyed) socket.write(text);
  }, 100);
  closers.push(() => clearInterval(timer));
}

const all = (slow: readonly Slow[]) => Promise.all(slow.map(({ closed }) => closed));

describe('clients that are slow on purpose', () => {
  it('slowloris: heads that never end are cut, and everybody else is served', async () => {
    const harness = await start({ limits: { headerTimeoutMs: 600 } });
    const port = harness.engine.port('web');
    const slow = await connectMany(port, 200, 'GET / HTTP/1.1\r\nHost: a.test\r\nX-A: ');
    trickle(slow, 'a');
    const { asked, answered } = await askUntil(all(slow), port);
    expect(asked).toBeGreaterThan(5);
    expect(answered).toBe(asked);
  });

  it('slow POST: bodies that never end are cut by the time of the whole request, and hold no endpoint', async () => {
    const harness = await start({
      route: { timeouts: { requestMs: 600 } },
      pool: { connections: { maxPerEndpoint: 8 } },
    });
    const port = harness.engine.port('web');
    const slow = await connectMany(
      port,
      200,
      'POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 100000\r\n\r\n',
    );
    trickle(slow, 'a');
    const { asked, answered } = await askUntil(all(slow), port);
    expect(asked).toBeGreaterThan(5);
    expect(answered).toBe(asked);
  });

  it('slow POST, streamed: bodies that never end make way for who waits for their connections', async () => {
    const harness = await start({
      route: { requestBuffering: 'stream' },
      pool: { connections: { maxPerEndpoint: 8 } },
    });
    const port = harness.engine.port('web');
    const slow = await connectMany(
      port,
      60,
      'POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 100000\r\n\r\n',
    );
    trickle(slow, 'a');
    const { asked, answered } = await askUntil(all(slow), port);
    expect(asked).toBeGreaterThan(2);
    expect(answered).toBe(asked);
  });

  it('slow read: answers that nobody takes are cut, in bounded memory', async () => {
    const harness = await HttpHarness.start({ limits: { bodyIdleTimeoutMs: 400 } });
    closers.push(() => harness.close());
    // More than the system keeps for a connection, so that the proxy has to wait for the client.
    const large = Buffer.alloc(16_000_000, 'x');
    harness.origin.server.on('connection', (socket) => {
      socket.on('data', (bytes) => {
        if (!bytes.includes('/large')) return socket.write(ok('ok'));
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${large.length}\r\n\r\n`);
        return socket.write(large);
      });
    });
    const port = harness.engine.port('web');
    const before = process.memoryUsage().arrayBuffers;
    const slow = await connectMany(port, 20, get('/large'));
    for (const { socket } of slow) socket.pause();
    const cut = async () => {
      const timeouts = () => harness.engine.events.filter((event) => event.kind === 'timeout').length;
      await expect.poll(timeouts, { timeout: 10_000 }).toBe(20);
    };
    const { asked, answered } = await askUntil(cut(), port);
    expect(answered).toBe(asked);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64_000_000);
  });
});

describe('clients that read nothing', () => {
  it('make way for who waits for the connections that they hold', async () => {
    const harness = await HttpHarness.start({ pool: { connections: { maxPerEndpoint: 4 } } });
    closers.push(() => harness.close());
    const large = Buffer.alloc(16_000_000, 'x');
    harness.origin.server.on('connection', (socket) => {
      socket.on('data', (bytes) => {
        if (!bytes.includes('/large')) return socket.write(ok('ok'));
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${large.length}\r\n\r\n`);
        return socket.write(large);
      });
    });
    const port = harness.engine.port('web');
    const slow = await connectMany(port, 4, get('/large'));
    for (const { socket } of slow) socket.pause();
    const heads = () => harness.engine.events.filter(({ kind }) => kind === 'response.head').length;
    await expect.poll(heads).toBe(8);
    const reply = await fetch(`http://127.0.0.1:${port}/`);
    expect(reply.status).toBe(200);
    expect(await harness.engine.waitFor('timeout')).toMatchObject({ timeout: 'read', afterMs: 3000 });
    expect((await harness.engine.waitFor('flow.failed')).message).toContain('others waited');
  });
});

describe('an endpoint that closes its idle connections whenever it likes', () => {
  it('fails none of 240 GETs', async () => {
    const harness = await HttpHarness.start();
    closers.push(() => harness.close());
    harness.origin.server.on('connection', (socket) => {
      let turn = 0;
      socket.on('data', () => {
        socket.write(ok('ok'));
        // At once, a moment later, or not yet: so that some closes meet the next request on its way.
        if (turn++ % 2 === 0) setTimeout(() => socket.end(), turn % 4);
        else setImmediate(() => socket.destroy());
      });
    });
    const client = await harness.connect();
    for (let number = 1; number <= 240; number++) {
      client.socket.write(get(`/${number}`));
      await client.until(() => client.text.split('HTTP/1.1 ').length > number);
    }
    expect(client.text.split('HTTP/1.1 200 ').length - 1).toBe(240);
  });
});

const cli = 'dist/main/cli.js';

/** `hopscope serve` under limits that only a process of its own can have. */
async function serveUnder(
  shell: string,
  workspace: object,
  args: readonly string[] = [],
  env: Record<string, string> = {},
) {
  const { mkdtemp, rm, writeFile } = await import('node:fs/promises');
  const { tmpdir } = await import('node:os');
  const { join } = await import('node:path');
  const folder = await mkdtemp(join(tmpdir(), 'hopscope-floods-'));
  const file = join(folder, 'workspace.json');
  await writeFile(file, JSON.stringify(workspace));
  const child = spawn(
    'sh',
    ['-c', `${shell} exec "$0" "$@"`, process.execPath, cli, 'serve', file, ...args],
    {
      env: { ...process.env, HOPSCOPE_DATA: folder, ...env },
    },
  );
  let stderr = '';
  child.stderr.on('data', (bytes) => {
    stderr += bytes;
  });
  closers.push(async () => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
    await rm(folder, { recursive: true });
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const ready = JSON.parse(line.toString().split('\n')[0]!) as { listeners: { port: number }[] };
  return { child, port: ready.listeners[0]!.port, stderr: () => stderr };
}

async function startOrigin(): Promise<number> {
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => response.end('ok'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

const workspaceOf = (port: number, limits: object = {}, route: object = {}) => ({
  schemaVersion: 1,
  listeners: [{ id: 'web', port: 0, protocol: 'http', limits }],
  routes: [{ id: 'all', kind: 'http', listeners: ['web'], backends: [{ pool: 'p' }], ...route }],
  pools: [{ id: 'p', endpoints: [{ address: '127.0.0.1', port }] }],
});

const statusOf = (port: number, init: RequestInit = {}) =>
  fetch(`http://127.0.0.1:${port}/`, { ...init, headers: { connection: 'close' } }).then(
    ({ status }) => status,
    () => 0,
  );

describe.runIf(process.platform === 'linux')('a process at its limits', () => {
  it('has no file descriptor left: goes on serving as soon as there is one again', async () => {
    const { child, port } = await serveUnder('ulimit -n 100;', workspaceOf(await startOrigin()));
    const many = await connectMany(port, 300, '');
    // Whatever becomes of them, the process lives and serves when they are gone.
    for (const { socket } of many) socket.destroy();
    await all(many);
    await expect.poll(() => statusOf(port), { timeout: 10_000 }).toBe(200);
    expect(child.exitCode).toBeNull();
  });

  it('holds 10,000 idle connections and serves beside them', async () => {
    const limit = Number(
      (await import('node:child_process')).execFileSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }),
    );
    const count = Number.isNaN(limit) || limit > 10_500 ? 10_000 : Math.max(100, limit - 500);
    const { child, port } = await serveUnder(
      'ulimit -n $(ulimit -Hn);',
      workspaceOf(await startOrigin(), { maxConnections: 20_000, headerTimeoutMs: 60_000 }),
    );
    const { readFile } = await import('node:fs/promises');
    const residentKb = async () =>
      Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${child.pid}/status`, 'utf8'))?.[1]);
    expect(await statusOf(port)).toBe(200);
    const before = await residentKb();
    const idle: Slow[] = [];
    for (let batch = 0; batch < count / 500; batch++) idle.push(...(await connectMany(port, 500, '')));
    expect(await statusOf(port)).toBe(200);
    const each = ((await residentKb()) - before) / idle.length;
    console.log(`${idle.length} idle connections: ${each.toFixed(1)} KB of memory each`);
    expect(idle.every(({ socket }) => !socket.destroyed)).toBe(true);
    expect(each).toBeLessThan(20);
  });

  it('cannot write a held body to the disk: says 500 and goes on', async () => {
    const route = { bufferBytes: 1000 };
    const { port } = await serveUnder('', workspaceOf(await startOrigin(), {}, route), [], {
      TMPDIR: '/dev/null/nowhere',
    });
    expect(await statusOf(port, { method: 'POST', body: 'x'.repeat(100_000) })).toBe(500);
    expect(await statusOf(port, { method: 'POST', body: 'x'.repeat(500) })).toBe(200);
  });

  it('cannot write its events: says so and goes on', async () => {
    const { port, stderr } = await serveUnder('', workspaceOf(await startOrigin()), [
      '--events',
      '/dev/full',
    ]);
    for (let number = 0; number < 5; number++) expect(await statusOf(port)).toBe(200);
    await expect.poll(stderr).toContain('ENOSPC');
    expect(await statusOf(port)).toBe(200);
  });
});
