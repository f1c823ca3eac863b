// Who listens on a port, so that "in use" can say by whom. Linux only, and only for processes that we may look at.
import { readdir, readFile, readlink } from 'node:fs/promises';

const listenState = '0A';
const maxProcesses = 5000;

/** `"nginx" (process 123)`; null = cannot be told. Never throws. */
export async function findPortHolder(port: number): Promise<string | null> {
  if (process.platform !== 'linux') return null;
  const inodes = await listeningInodes(port);
  if (inodes.size === 0) return null;
  const processes = (await names('/proc')).filter((name) => /^\d+$/.test(name));
  for (const id of processes.slice(0, maxProcesses)) {
    for (const descriptor of await names(`/proc/${id}/fd`)) {
      const target = await readlink(`/proc/${id}/fd/${descriptor}`).catch(() => '');
      if (!inodes.has(target)) continue;
      const name = (await text(`/proc/${id}/comm`)).trim();
      return `${name === '' ? 'a process' : `"${name}"`} (process ${id})`;
    }
  }
  return null;
}

async function listeningInodes(port: number): Promise<Set<string>> {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const inodes = new Set<string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of (await text(table)).split('\n')) {
      const fields = line.trim().split(/\s+/);
      if (fields[1]?.endsWith(wanted) === true && fields[3] === listenState)
        inodes.add(`socket:[${fields[9]}]`);
    }
  }
  return inodes;
}

function names(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

function text(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}
