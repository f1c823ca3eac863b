// SIGKILL in the middle of writing, again and again: what was acknowledged is there, nothing is ever half-written.
// HOPSCOPE_KILLS=300 for more than the suite does.
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CertificateFolder } from '../main/certs/certificateFolder';

const kills = Number(process.env.HOPSCOPE_KILLS ?? 12);

let program: string;
let folder: CertificateFolder;
beforeAll(async () => {
  program = await mkdtemp(join(tmpdir(), 'hopscope-kill-'));
  await build({
    configFile: false,
    logLevel: 'silent',
    ssr: { noExternal: true },
    build: {
      ssr: join(import.meta.dirname, 'storeWriter.ts'),
      outDir: program,
      target: 'node20',
      minify: false,
      rollupOptions: { output: { format: 'es', entryFileNames: 'storeWriter.mjs' } },
    },
  });
  folder = await CertificateFolder.create();
});
afterAll(async () => {
  await folder.remove();
  await rm(program, { recursive: true, force: true });
});

interface Acknowledged {
  /** Serial numbers by id, as last said. */
  readonly serials: Map<string, string>;
  readonly revoked: Set<string>;
  readonly writes: number;
}

/** Lets a process write until it is killed at a random moment; what it had acknowledged by then. */
async function writeAndKill(): Promise<Acknowledged> {
  const writer = spawn(process.execPath, [join(program, 'storeWriter.mjs'), folder.path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  writer.stdout.on('data', (bytes: Buffer) => {
    output += bytes.toString();
  });
  await once(writer.stdout, 'data');
  await wait(randomInt(1, 120));
  writer.kill('SIGKILL');
  await once(writer, 'close');
  const serials = new Map<string, string>();
  const revoked = new Set<string>();
  const lines = output.slice(0, output.lastIndexOf('\n')).split('\n');
  for (const [action, id = '', serial = ''] of lines.map((line) => line.split(' '))) {
    if (action === 'revoked') revoked.add(serial);
    else if (action === 'kept') serials.set(id, serial);
  }
  return { serials, revoked, writes: lines.length };
}

describe('a store whose writer is killed', () => {
  it(`keeps what was acknowledged and is never damaged, ${kills} times`, {
    timeout: 60_000 + kills * 2000,
  }, async () => {
    let writes = 0;
    for (let kill = 0; kill < kills; kill++) {
      const acknowledged = await writeAndKill();
      writes += acknowledged.writes;
      const service = await folder.open();
      const info = service.info();
      expect(info.problems).toEqual([]);
      expect(info.ca?.hasPrivateKey).toBe(true);
      for (const certificate of info.certificates) expect(certificate.hasPrivateKey).toBe(true);
      for (const id of acknowledged.serials.keys()) {
        expect(info.certificates.map((each) => each.id)).toContain(id);
      }
      const listed = service.store.contents.revocations.entries.map((entry) => entry.serialNumber);
      for (const serial of acknowledged.revoked) expect(listed).toContain(serial);
      service.close();
    }
    const names = await readdir(folder.path);
    expect(names.filter((name) => name.endsWith('.json')).length).toBeGreaterThan(3);
    if (process.env.HOPSCOPE_KILLS !== undefined)
      console.info(`${kills} kills, ${writes} acknowledged writes, store whole each time`);
  });
});
