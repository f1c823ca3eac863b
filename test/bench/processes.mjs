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

  /**
   * An nginx that answers by itself: GET / with `bytes` bytes, POST /upload with a short text. `tls` = a certificate.
   * `isCacheable`: what it answers may be kept for an hour.
   */
  async origin(bytes, tls = null, isCacheable = false) {
    const port = await freePort();
    const folder = this.#nginxFolder('origin');
    mkdirSync(join(folder, 'www'), { recursive: true });
    writeFileSync(join(folder, 'www', 'index.html'), 'x'.repeat(bytes));
    const ssl = tls === null ? '' : `ssl_certificate ${tls.certificate}; ssl_certificate_key ${tls.key};`;
    const server = `server {
      listen 127.0.0.1:${port} ${tls === null ? '' : 'ssl'} reuseport; ${ssl} root ${folder}/www;
      location = /upload { client_max_body_size 0; return 200 "taken"; }
      location / { ${isCacheable ? 'add_header Cache-Control max-age=3600;' : ''} try_files /index.html =404; }
    }`;
    return this.#startNginx(
      loadCore,
      port,
      folder,
      `open_file_cache max=10; sendfile on; tcp_nopush on; ${server}`,
    );
  }

  /** `tls` = terminate with this certificate. `cache` = with proxy_cache. */
  async nginxProxy(originPort, tls = null, { cache = false } = {}) {
    const port = await freePort();
    const folder = this.#nginxFolder('proxy');
    const ssl = tls === null ? '' : `ssl_certificate ${tls.certificate}; ssl_certificate_key ${tls.key};`;
    const [zone, kept] = cache
      ? [`proxy_cache_path ${folder}/cache keys_zone=kept:8m max_size=64m;`, 'proxy_cache kept;']
      : ['', ''];
    const http = `${zone}
      upstream origin { server 127.0.0.1:${originPort}; keepalive 128; keepalive_requests 1000000; }
      server {
        listen 127.0.0.1:${port} ${tls === null ? '' : 'ssl'}; ${ssl}
        client_max_body_size 0;
        location / { ${kept}
          proxy_pass http://origin; proxy_http_version 1.1; proxy_set_header Connection "";
          proxy_set_header Host $host; proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
          proxy_set_header X-Forwarded-Proto $scheme;
        }
      }`;
    return this.#startNginx(proxyCore, port, folder, http);
  }

  /** `mode`: http | tcp | sni (pass TLS through by server name). */
  async haproxy(originPort, { mode = 'http', tls = null } = {}) {
    const port = await freePort();
    const file = join(this.folder, `haproxy-${port}.cfg`);
    const bind = tls === null || mode === 'sni' ? '' : `ssl crt ${tls.bundle}`;
    const http = mode === 'http' ? '\n  http-reuse always\n  option forwardfor' : '';
    const sni =
      mode === 'sni'
        ? `
  tcp-request inspect-delay 5s
  tcp-request content accept if { req_ssl_hello_type 1 }
  use_backend back if { req.ssl_sni -m found }`
        : '';
    writeFileSync(
      file,
      `global
  nbthread 1
  maxconn 4000
defaults
  mode ${mode === 'http' ? 'http' : 'tcp'}
  timeout connect 5s
  timeout client 60s
  timeout server 60s${http}
frontend front
  bind 127.0.0.1:${port} ${bind}${sni}
  default_backend back
backend back
  server origin 127.0.0.1:${originPort}
`,
    );
    return this.start(proxyCore, port, 'haproxy', ['-db', '-f', file]);
  }

  /**
   * Hopscope's own command line. `mode`: http | https | tcp | sni. `recorded` keeps every flow event in memory, as with an
   * open window. `routes` = how many routes share the listener.
   */
  async hopscope(
    originPort,
    { mode = 'http', recorded = false, tls = null, routes = 1, stream = false, filters = [] } = {},
  ) {
    const port = await freePort();
    const file = join(this.folder, `hopscope-${port}.yaml`);
    const protocol = mode === 'sni' ? 'tls' : mode;
    const kind = { http: 'http', https: 'http', tcp: 'tcp', sni: 'tls' }[mode];
    const listener = {
      id: 'front',
      port,
      protocol,
      limits: { maxConnections: 4000 },
      ...(mode === 'https' ? { tls: { certificates: [tls.id], alpn: ['http/1.1'] } } : {}),
    };
    const others = Array.from({ length: routes - 1 }, (_, index) => ({
      id: `other-${index}`,
      kind,
      listeners: ['front'],
      hostnames: [`host-${index}.example.test`],
      matches: [{ path: { type: 'prefix', value: `/path/${index}` } }],
      backends: [{ pool: 'origin' }],
    }));
    const route = {
      id: 'all',
      kind,
      listeners: ['front'],
      backends: [{ pool: 'origin' }],
      ...(stream ? { requestBuffering: 'stream' } : {}),
      ...(filters.length > 0 ? { filters } : {}),
    };
    const pools = [{ id: 'origin', endpoints: [{ address: '127.0.0.1', port: originPort }] }];
    writeFileSync(
      file,
      JSON.stringify({ schemaVersion: 1, listeners: [listener], routes: [...others, route], pools }),
    );
    const extra = recorded ? ['--ui', '0'] : [];
    const cli = join(root, 'dist/main/cli.js');
    return this.start(proxyCore, port, process.execPath, [
      cli,
      'serve',
      file,
      '--store',
      this.store,
      ...extra,
    ]);
  }

  get store() {
    return join(this.folder, 'store');
  }

  /** One ECDSA P-256 certificate of the local CA for every program of this run. */
  certificate() {
    const cli = join(root, 'dist/main/cli.js');
    const issued = spawnSync(
      process.execPath,
      [cli, 'cert', 'issue', 'bench.test', '--id', 'bench', '--store', this.store],
      { encoding: 'utf8' },
    );
    if (issued.status !== 0) throw new Error(`no certificate: ${issued.stderr}`);
    const [key, certificate, bundle] = ['key', 'pem', 'bundle'].map((end) =>
      join(this.folder, `peer.${end}`),
    );
    // Peers get a key of their own: keys never leave the store.
    const made = [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '2',
    ];
    const named = ['-subj', '/CN=bench.test', '-addext', 'subjectAltName=DNS:bench.test'];
    const peer = spawnSync('openssl', [...made, '-keyout', key, '-out', certificate, ...named]);
    if (peer.status !== 0) throw new Error('openssl made no certificate');
    writeFileSync(bundle, `${readFileSync(certificate, 'utf8')}${readFileSync(key, 'utf8')}`);
    return { id: 'bench', key, certificate, bundle };
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

export async function waitForPort(port, check) {
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
