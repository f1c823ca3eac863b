// The load generators. Each runs on the load core for some seconds and returns how many requests were answered.
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { hasProgram, loadCore } from './processes.mjs';

/** HTTP/1.1 keep-alive. */
export function wrk(port, seconds, { isTls = false, connections = 64, script, path = '/' } = {}) {
  const url = `${isTls ? 'https' : 'http'}://127.0.0.1:${port}${path}`;
  const scripted = script === undefined ? [] : ['-s', join(import.meta.dirname, script)];
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, ...scripted, url];
  const output = pinned('wrk', args);
  if (/Non-2xx/.test(output)) throw new Error(`wrong answers on ${url}: ${output}`);
  return { requests: Number(/(\d+) requests in/.exec(output)[1]) };
}

/** HTTP/2 over TLS. */
export function h2load(port, seconds, { connections = 16, streams = 32, path = '/' } = {}) {
  const url = `https://127.0.0.1:${port}${path}`;
  const output = pinned('h2load', ['-t1', `-c${connections}`, `-m${streams}`, `-D${seconds}`, url]);
  if (!/Application protocol: h2/.test(output)) throw new Error(`no HTTP/2 on ${url}: ${output}`);
  const [, succeeded, failed] = /(\d+) succeeded, (\d+) failed/.exec(output);
  if (Number(succeeded) === 0 || Number(failed) > 0) throw new Error(`wrong answers on ${url}: ${output}`);
  return { requests: Number(succeeded) };
}

const handshakers = 8;

/** A new connection with a full handshake for every request: s_time -new never offers a session to resume. */
export async function fullHandshakes(port, seconds) {
  const args = ['s_time', '-new', '-connect', `127.0.0.1:${port}`, '-www', '/', '-time', String(seconds)];
  const outputs = await Promise.all(Array.from({ length: handshakers }, () => output('openssl', args)));
  let requests = 0;
  for (const text of outputs) {
    const counted = /(\d+) connections in \d+ real seconds, (\d+) bytes/.exec(text);
    if (counted === null || counted[2] === '0') throw new Error(`openssl s_time got no answers: ${text}`);
    requests += Number(counted[1]);
  }
  return { requests };
}

export function missingLoad(name) {
  const packages = { wrk: 'wrk', h2load: 'nghttp2-client', openssl: 'openssl' };
  return hasProgram(name) ? null : `${name} is not installed (Debian: ${packages[name]})`;
}

function pinned(program, args) {
  const { stdout, stderr, status } = spawnSync('taskset', ['-c', String(loadCore), program, ...args], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed: ${stderr}`);
  return stdout;
}

function output(program, args) {
  const child = spawn('taskset', ['-c', String(loadCore), program, ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let text = '';
  child.stdout.on('data', (data) => {
    text += data;
  });
  return new Promise((done) => child.once('close', () => done(text)));
}
