// Starts the programs that a bench compares, each pinned to a core, and reads what CPU time they used.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const clockTicksPerSecond = 100;

/** The proxy has this core for itself; load generator and origin share the other. */
export const proxyCore = 0;
export const loadCore = 1;

export function hasProgram(name) {
  return spawnSync('sh', ['-c', `command -v ${name}`], { stdio: 'ignore' }).status === 0;
}

export async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** Everything that was started in this run; `close` ends it by pid. */
export class Processes {
  #children = [];

  constructor(folder) {
    this.folder = folder;
  }

  /** @returns {Promise<{ pid: number, port: number }>} resolves once the port accepts. */
  async start(core, port, command, args, options = {}) {
    const child = spawn('taskset', ['-c', String(core), command, ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...options,
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data) => {
        output = (output + data).slice(-4000);
      });
    this.#children.push(child);
    await waitForPort(port, () => {
      if (child.exitCode !== null) throw new Error(`${command} ended with ${child.exitCode}: ${output}`);
    });
    return { pid: child.pid, port };
  }

  async close() {
    await Promise.all(
      this.#children.map(
        (child) =>
          new Promise((done) => {
            if (child.exitCode !== null || child.signalCode !== null) return done();
            child.once('exit', done);
            child.kill('SIGTERM');
            setTimeout(() => child.kill('SIGKILL'), 3000).unref();
          }),
      ),
    );
    this.#children = [];
  }

  /** An nginx that answers by itself. `body` is what GET / returns. */
  async origin(body) {
    const port = await freePort();
    const folder = this.#nginxFolder('origin');
    mkdirSync(join(folder, 'www'), { recursive: true });
    writeFileSync(join(folder, 'www', 'index.html'), body);
    const server = `server { listen 127.0.0.1:${port} reuseport; root ${folder}/www; location / { try_files /index.html =404; } }`;
    return this.#startNginx(
      loadCore,
      port,
      folder,
      `open_file_cache max=10; sendfile on; tcp_nopush on; ${server}`,
    );
  }

  async nginxProxy(originPort) {
    const port = await freePort();
    const folder = this.#nginxFolder('proxy');
    const http = `
      upstream origin { server 127.0.0.1:${originPort}; keepalive 128; keepalive_requests 1000000; }
      server {
        listen 127.0.0.1:${port};
        location / {
          proxy_pass http://origin; proxy_http_version 1.1; proxy_set_header Connection "";
          proxy_set_header Host $host; proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
          proxy_set_header X-Forwarded-Proto $scheme;
        }
      }`;
    return this.#startNginx(proxyCore, port, folder, http);
  }

  async haproxy(originPort) {
    const port = await freePort();
    const file = join(this.folder, 'haproxy.cfg');
    writeFileSync(
      file,
      `global
  nbthread 1
  maxconn 4000
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  http-reuse always
  option forwardfor
frontend front
  bind 127.0.0.1:${port}
  default_backend back
backend back
  server origin 127.0.0.1:${originPort}
`,
    );
    return this.start(proxyCore, port, 'haproxy', ['-db', '-f', file]);
  }

  /** Hopscope's own command line. `recorded` keeps every flow event in memory, as with an open window. */
  async hopscope(originPort, { recorded }) {
    const port = await freePort();
    const file = join(this.folder, `hopscope-${recorded ? 'recorded' : 'plain'}.yaml`);
    writeFileSync(
      file,
      `schemaVersion: 1
listeners: [{ id: web, port: ${port}, protocol: http }]
routes: [{ id: all, kind: http, listeners: [web], backends: [{ pool: origin }] }]
pools: [{ id: origin, endpoints: [{ address: 127.0.0.1, port: ${originPort} }] }]
`,
    );
    const extra = recorded ? ['--ui', '0'] : [];
    const store = join(this.folder, 'store');
    return this.start(proxyCore, port, process.execPath, [
      join(root, 'dist/main/cli.js'),
      'serve',
      file,
      '--store',
      store,
      ...extra,
    ]);
  }

  #nginxFolder(name) {
    const folder = join(this.folder, `nginx-${name}-${Math.random().toString(36).slice(2, 8)}`);
    mkdirSync(join(folder, 'temp'), { recursive: true });
    return folder;
  }

  #startNginx(core, port, folder, http) {
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      .map((name) => `${name}_temp_path ${folder}/temp/${name};`)
      .join(' ');
    writeFileSync(
      join(folder, 'nginx.conf'),
      `daemon off; master_process off; worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
events { worker_connections 4096; multi_accept on; }
http { access_log off; keepalive_requests 1000000; keepalive_timeout 75s; ${temporary} ${http} }
`,
    );
    return this.start(core, port, 'nginx', ['-c', join(folder, 'nginx.conf'), '-p', folder]);
  }
}

async function waitForPort(port, check) {
  const deadline = Date.now() + 15_000;
  for (;;) {
    check();
    const isOpen = await new Promise((done) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => done(true));
      socket.once('error', () => done(false));
      socket.once('close', () => done(false));
      socket.once('connect', () => socket.destroy());
    });
    if (isOpen) return;
    if (Date.now() > deadline) throw new Error(`nothing listens on port ${port} after 15 s`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

/** CPU time of a process so far, user and system, in microseconds. */
export function cpuMicroseconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return ((Number(fields[11]) + Number(fields[12])) / clockTicksPerSecond) * 1e6;
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
