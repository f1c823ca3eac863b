import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { createServer, request, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CliProcess, CliSandbox } from '../helpers/cliProcess';

const run = promisify(execFile);
let sandbox: CliSandbox;
const origins: Server[] = [];

beforeEach(async () => {
  sandbox = await CliSandbox.make();
});
afterEach(async () => {
  await sandbox.close();
  for (const origin of origins.splice(0)) {
    origin.closeAllConnections();
    origin.close();
  }
});

async function origin(answer: string, handler?: Parameters<typeof createServer>[1]): Promise<number> {
  const server = createServer(handler ?? ((_request, response) => response.end(answer)));
  origins.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const workspace = (endpoint: number, port = 0) => `schemaVersion: 1
listeners:
  - { id: web, port: ${port}, protocol: http }
routes:
  - { id: all, kind: http, listeners: [web], backends: [{ pool: p }] }
pools:
  - { id: p, endpoints: [{ address: 127.0.0.1, port: ${endpoint} }] }
`;

async function serve(text: string, ...args: string[]) {
  const file = sandbox.path('workspace.yaml');
  await writeFile(file, text);
  const cli = sandbox.start('serve', file, ...args);
  const ready = await cli.event('ready');
  const listeners = ready.listeners as { id: string; address: string; port: number }[];
  return { cli, file, ready, port: listeners[0]!.port };
}

async function curl(...args: string[]): Promise<string> {
  return (await run('curl', ['-s', '--max-time', '10', ...args])).stdout;
}

async function stop(cli: CliProcess) {
  cli.kill('SIGTERM');
  return cli.finished;
}

describe('hopscope serve', () => {
  it('says where it listens, serves, and ends with 0', async () => {
    const { cli, ready, port } = await serve(workspace(await origin('hello')));
    expect(ready).toEqual({
      event: 'ready',
      listeners: [{ id: 'web', address: '127.0.0.1', port, protocol: 'http' }],
    });
    expect(await curl(`http://127.0.0.1:${port}/`)).toBe('hello');
    expect(await stop(cli)).toMatchObject({ code: 0, stderr: '' });
  });

  it('applies a changed file to the running listener', async () => {
    const { cli, file, port } = await serve(workspace(await origin('one')));
    expect(await curl(`http://127.0.0.1:${port}/`)).toBe('one');
    await writeFile(sandbox.path('new'), workspace(await origin('two')));
    await rename(sandbox.path('new'), file);
    expect(await cli.event('applied')).toEqual({ event: 'applied', revision: 2 });
    expect(await curl(`http://127.0.0.1:${port}/`)).toBe('two');
  });

  it('applies on SIGHUP and answers also when nothing is new', async () => {
    const { cli, file, port } = await serve(workspace(await origin('one')));
    cli.kill('SIGHUP');
    expect(await cli.line((line) => line.revision === 1)).toEqual({ event: 'applied', revision: 1 });
    await writeFile(file, workspace(await origin('two')));
    cli.kill('SIGHUP');
    await cli.line((line) => line.revision === 2);
    expect(await curl(`http://127.0.0.1:${port}/`)).toBe('two');
  });

  it('refuses a broken file, says where, and keeps serving', async () => {
    const { cli, file, port } = await serve(workspace(await origin('one')));
    await writeFile(file, workspace(1).replace('pool: p }', 'pool: nobody }'));
    const { issues } = await cli.event('rejected');
    expect(issues).toMatchObject([
      {
        code: 'unknown_reference',
        severity: 'error',
        path: ['routes', 0, 'backends', 0, 'pool'],
        line: 5,
      },
    ]);
    expect(await curl(`http://127.0.0.1:${port}/`)).toBe('one');
    await cli.text(/workspace\.yaml:5:\d+ routes\[0\]/);
    expect(await stop(cli)).toMatchObject({ code: 0 });
  });

  it('refuses a port that is in use and keeps serving', async () => {
    const taken = await origin('other');
    const { cli, file, port } = await serve(workspace(await origin('one')));
    await writeFile(file, workspace(1, taken));
    expect(await cli.event('rejected')).toMatchObject({ issues: [{ code: 'port_in_use', line: 3 }] });
    expect(await curl(`http://127.0.0.1:${port}/`)).toBe('one');
  });

  it('lets a request in flight finish at SIGTERM', async () => {
    const held = await heldOrigin();
    const { cli, port } = await serve(workspace(held.port));
    const answer = curl(`http://127.0.0.1:${port}/`);
    const response = await held.arrived;
    cli.kill('SIGTERM');
    await refusesConnections(port);
    response.end('slow but whole');
    expect(await answer).toBe('slow but whole');
    expect(await cli.finished).toMatchObject({ code: 0 });
  });

  it('ends at once at the second signal', async () => {
    const held = await heldOrigin();
    const { cli, port } = await serve(workspace(held.port));
    const asked = request({ host: '127.0.0.1', port, agent: false });
    asked.on('error', () => asked.destroy());
    asked.end();
    await held.arrived;
    cli.kill('SIGTERM');
    await refusesConnections(port);
    cli.kill('SIGINT');
    expect(await cli.finished).toMatchObject({ code: 130 });
  });

  it('writes every event as a line, between the other lines of stdout', async () => {
    const { cli, port } = await serve(workspace(await origin('hello')), '--events', '-');
    await curl(`http://127.0.0.1:${port}/a`, '-H', 'Authorization: secret');
    await cli.line((line) => line.kind === 'flow.closed');
    const { code } = await stop(cli);
    expect(code).toBe(0);
    const events = cli.lines().filter((line) => 'kind' in line);
    const kinds = events.map((event) => event.kind);
    for (const kind of [
      'connection.opened',
      'flow.opened',
      'request.head',
      'route.matched',
      'response.head',
    ]) {
      expect(kinds).toContain(kind);
    }
    expect(kinds.at(-1)).toBe('connection.closed');
    const numbers = events.map((event) => event.seq as number);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    expect(cli.stdout).not.toContain('secret');
  });

  it('writes events to a file up to the last one', async () => {
    const path = sandbox.path('events.ndjson');
    const { cli, port } = await serve(workspace(await origin('hello')), '--events', path);
    for (let index = 0; index < 5; index++) await curl(`http://127.0.0.1:${port}/`);
    await stop(cli);
    const events = (await readFile(path, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { kind: string });
    expect(events.filter((event) => event.kind === 'flow.closed')).toHaveLength(5);
  });

  it('counts on /metrics', async () => {
    const { ready, port } = await serve(workspace(await origin('hello')), '--metrics', '0');
    await curl(`http://127.0.0.1:${port}/`);
    const metrics = await curl(String(ready.metrics));
    expect(metrics).toContain('hopscope_listener_flows_total{listener="web"} 1\n');
    expect(metrics).toContain('hopscope_route_responses_total{route="all",class="2xx"} 1\n');
    expect(metrics.endsWith('# EOF\n')).toBe(true);
  });

  it('keeps an access log, opens it anew at SIGHUP, and lets nothing secret into it', async () => {
    const path = sandbox.path('access.log');
    const { cli, port } = await serve(workspace(await origin('hello')), '--access-log', path);
    await curl(`http://ann:hidden@127.0.0.1:${port}/a?b=1`, '-H', 'cookie: hidden', '-H', 'user-agent: x"y');
    await expect.poll(() => readFile(path, 'utf8')).toContain('\n');
    await rename(path, `${path}.moved`);
    cli.kill('SIGHUP');
    await cli.event('applied');
    await curl(`http://127.0.0.1:${port}/second`);
    await stop(cli);
    const first = JSON.parse(await readFile(`${path}.moved`, 'utf8'));
    expect(first).toMatchObject({
      method: 'GET',
      target: '/a?b=1',
      status: 200,
      userAgent: 'x"y',
      route: 'all',
    });
    expect(JSON.stringify(first)).not.toContain('hidden');
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ target: '/second', pool: 'p' });
  });

  it('writes the access log in a common format, and refuses unknown ones', async () => {
    const { cli, port } = await serve(
      workspace(await origin('hello')),
      ...['--access-log', '-', '--access-log-format', 'combined'],
    );
    await curl(`http://127.0.0.1:${port}/a`, '-A', 'test');
    await cli.text(/^127\.0\.0\.1 - - \[.*\] "GET \/a HTTP\/1\.1" 200 \d+ "-" "test"$/m);
    const refused = await sandbox.run('serve', 'x.yaml', '--access-log', 'a', '--access-log-format', 'xml');
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('json, clf, combined') });
  });

  it('serves https with a certificate of its store', async () => {
    const store = sandbox.path('store');
    const issued = await sandbox.run(
      'cert',
      'issue',
      'shop.test',
      '--id',
      'shop',
      '--store',
      store,
      '--json',
    );
    expect(issued.code).toBe(0);
    const { caFile } = JSON.parse(issued.stdout) as { caFile: string };
    const text = workspace(await origin('sealed')).replace(
      'protocol: http }',
      'protocol: https, tls: { certificates: [shop] } }',
    );
    const { port } = await serve(text, '--store', store);
    const resolve = `shop.test:${port}:127.0.0.1`;
    expect(await curl('--cacert', caFile, '--resolve', resolve, `https://shop.test:${port}/`)).toBe('sealed');
  });

  it('relays tcp', async () => {
    const echo = createTcpServer((socket) => socket.pipe(socket));
    echo.listen(0, '127.0.0.1');
    await once(echo, 'listening');
    const text = workspace((echo.address() as AddressInfo).port)
      .replace('protocol: http', 'protocol: tcp')
      .replace('kind: http', 'kind: tcp');
    const { port } = await serve(text);
    const socket = connect(port, '127.0.0.1');
    socket.end('ping');
    expect(String((await once(socket, 'data'))[0])).toBe('ping');
    await once(socket, 'close');
    echo.close();
  });
});

describe('hopscope serve with a workspace that cannot run', () => {
  it.each([
    ['a broken file', 'schemaVersion: 1\nlisteners: [\n', 1, /workspace\.yaml:3:1 .*\(broken_yaml\)/],
    [
      'a missing certificate',
      'schemaVersion: 1\nlisteners: [{ id: s, port: 0, protocol: https, tls: { certificates: [x] } }]\n',
      1,
      /workspace\.yaml:2:\d+ .*\(certificate_missing\)/,
    ],
  ])('ends for %s', async (_name, text, code, line) => {
    const file = sandbox.path('workspace.yaml');
    await writeFile(file, text);
    const result = await sandbox.run('serve', file);
    expect(result).toMatchObject({ code, stdout: '' });
    expect(result.stderr).toMatch(line);
    expect(await readFile(file, 'utf8')).toBe(text);
  });

  it('ends with 2 when there is no file', async () => {
    const result = await sandbox.run('serve', sandbox.path('nowhere.yaml'));
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toMatch(/nowhere\.yaml cannot be read/);
  });

  it('ends with 1 and one line when a port is in use', async () => {
    const taken = await origin('other');
    const file = sandbox.path('workspace.yaml');
    await writeFile(file, workspace(1, taken));
    const result = await sandbox.run('serve', file);
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toMatch(/^\S+:3:\d+ listeners\[0\]\.port: .*\(port_in_use\)\n$/);
    await writeFile(file, workspace(1));
    const events = await sandbox.run('serve', file, '--events', sandbox.path('no/such/folder'));
    expect(events).toMatchObject({ code: 1, stdout: '' });
    expect(events.stderr).toMatch(/^hopscope serve: --events: ENOENT/);
    const metrics = await sandbox.run('serve', file, '--metrics', String(taken));
    expect(metrics).toMatchObject({ code: 1, stdout: '' });
    expect(metrics.stderr).toMatch(/metrics: port \d+ is in use/);
  });
});

/** An origin that answers when the test says so. */
async function heldOrigin() {
  let arrive: (response: ServerResponse) => void = () => undefined;
  const arrived = new Promise<ServerResponse>((resolve) => {
    arrive = resolve;
  });
  return { port: await origin('', (_request, response) => arrive(response)), arrived };
}

/** Resolves when nobody accepts on the port any more. */
async function refusesConnections(port: number): Promise<void> {
  for (;;) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      });
      socket.on('error', () => resolve(false));
    });
    if (!isOpen) return;
  }
}
