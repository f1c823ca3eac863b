// Starts the programs that a bench compares, each pinned to a core, and reads what CPU time and memory they used.
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
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
  #certificate = null;

  constructor(folder) {
    this.folder = folder;
  }

  /** Of Hopscope's certificates. */
  get store() {
    return join(this.folder, 'store');
  }

  /** Resolves with `{ pid, port, child }` once the port accepts. */
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
    return { pid: child.pid, port, child };
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

  /** One ECDSA P-256 certificate for the peers and one of Hopscope's local CA: keys never leave its store. */
  certificate() {
    this.#certificate ??= this.#makeCertificate();
    return this.#certificate;
  }

  #makeCertificate() {
    const [key, certificate, bundle] = ['key', 'pem', 'bundle'].map((end) =>
      join(this.folder, `peer.${end}`),
    );
    const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
    const named = ['-subj', '/CN=bench.test', '-addext', 'subjectAltName=DNS:bench.test'];
    run('openssl', ['req', '-x509', ...kind, '-keyout', key, '-out', certificate, ...named]);
    writeFileSync(bundle, `${readFileSync(certificate, 'utf8')}${readFileSync(key, 'utf8')}`);
    const cli = join(root, 'dist/main/cli.js');
    run(process.execPath, [cli, 'cert', 'issue', 'bench.test', '--id', 'bench', '--store', this.store]);
    return { id: 'bench', key, certificate, bundle };
  }
}

function run(command, args) {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args[0]} failed: ${stderr}`);
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

/** CPU time of a process so far in microseconds. */
export function cpuTime(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  const [user, system] = [fields[11], fields[12]].map((ticks) => (Number(ticks) / clockTicksPerSecond) * 1e6);
  return { user, system, total: user + system };
}

/** Resident memory of a process in bytes. */
export function residentBytes(pid) {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024;
}

export function openFiles(pid) {
  return readdirSync(`/proc/${pid}/fd`).length;
}
