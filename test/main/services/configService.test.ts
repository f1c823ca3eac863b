import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WorkspaceDocument } from '../../../main/contract/config';
import { Engine } from '../../../main/engine/engine';
import { ConfigFile } from '../../../main/services/configFile';
import { ConfigService } from '../../../main/services/configService';

let folder = '';
let path = '';
let engine: Engine;
let file: ConfigFile;
let service: ConfigService;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hopscope-config-'));
  path = join(folder, 'workspace.yaml');
  engine = new Engine();
  file = new ConfigFile(path);
  service = new ConfigService({ file, engine, certificates: () => new Map() });
});
afterEach(async () => {
  service.close();
  file.close();
  await engine.close({ drainMs: 0 });
  engine.emitter.close();
  await rm(folder, { recursive: true, force: true });
});

const text = `# mine
schemaVersion: 1
listeners:
  - { id: web, port: 0, protocol: tcp } # any port
`;
const document: WorkspaceDocument = {
  schemaVersion: 1,
  listeners: [{ id: 'web', port: 0, protocol: 'tcp' }],
};
const withPort = (port: number): WorkspaceDocument => ({
  schemaVersion: 1,
  listeners: [{ id: 'web', port, protocol: 'tcp' }],
});

async function startWith(content: string) {
  await writeFile(path, content);
  return service.load();
}

/** Holds a port for as long as the work takes. */
async function withTakenPort(work: (port: number) => Promise<void>): Promise<void> {
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
  const bound = holder.address();
  try {
    await work(typeof bound === 'object' ? bound!.port : 0);
  } finally {
    await new Promise((resolve) => holder.close(resolve));
  }
}

describe('ConfigService', () => {
  it('runs what the file says', async () => {
    expect(await startWith(text)).toEqual({ kind: 'applied', revision: 1 });
    expect(service.running()).toMatchObject({
      revision: 1,
      document,
      file: path,
      listeners: [{ id: 'web', address: '127.0.0.1', protocol: 'tcp' }],
    });
    expect(service.running().listeners[0]!.port).toBeGreaterThan(0);
  });

  it('runs a file whose port was taken as soon as the port is free, by itself', async () => {
    let running = service.running();
    service.onChange((next) => {
      running = next;
    });
    await withTakenPort(async (port) => {
      await startWith(text.replace('port: 0', `port: ${port}`));
      expect(running).toMatchObject({
        revision: 0,
        refused: { document: withPort(port), isRetried: true, issues: [{ code: 'port_in_use', line: 4 }] },
      });
    });
    await new Promise<void>((resolve) => {
      service.onChange((next) => {
        if (next.revision === 1) resolve();
      });
    });
    expect(running).toMatchObject({ revision: 1, refused: null, source: 'start' });
  });

  it('writes the text that was typed, and refuses an edit of another run of the app', async () => {
    await startWith(text);
    const typed = '# typed\nschemaVersion: 1\nlisteners: [{ id: web, port: 0, protocol: tcp }]\n';
    const { runId } = service.running();
    await service.apply({ baseRevision: 1, document, runId, text: typed });
    expect(await readFile(path, 'utf8')).toBe(typed);
    await expect(service.apply({ baseRevision: 2, document, runId: 'an earlier one' })).rejects.toMatchObject(
      { code: 'conflict' },
    );
  });

  it('applies an edit, keeps comments in the file and tells everybody', async () => {
    await startWith(text);
    const told: number[] = [];
    service.onChange((running) => told.push(running.revision));
    const running = await service.apply({
      baseRevision: 1,
      document: { ...document, pools: [{ id: 'p', endpoints: [] }] },
    });
    expect(running.revision).toBe(2);
    expect(told).toEqual([2]);
    const written = await readFile(path, 'utf8');
    expect(written).toContain('# mine');
    expect(written).toContain('# any port');
    expect(written).toContain('id: p');
  });

  it('refuses an edit that started from another revision', async () => {
    await startWith(text);
    await expect(service.apply({ baseRevision: 0, document })).rejects.toMatchObject({ code: 'conflict' });
    expect(service.running().revision).toBe(1);
    expect(await readFile(path, 'utf8')).toBe(text);
  });

  it('refuses the second of two edits from the same revision', async () => {
    await startWith(text);
    const results = await Promise.allSettled([
      service.apply({ baseRevision: 1, document: { ...document, pools: [{ id: 'a', endpoints: [] }] } }),
      service.apply({ baseRevision: 1, document: { ...document, pools: [{ id: 'b', endpoints: [] }] } }),
    ]);
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected']);
    expect(service.running().document.pools?.[0]?.id).toBe('a');
  });

  it('changes nothing when the document is invalid', async () => {
    await startWith(text);
    const before = service.running();
    const broken = { schemaVersion: 1, listeners: [{ id: 'web', port: 'eighty', protocol: 'tcp' }] };
    await expect(service.apply({ baseRevision: 1, document: broken })).rejects.toMatchObject({
      code: 'invalid_config',
      issues: [{ path: ['listeners', 0, 'port'] }],
    });
    expect(service.running()).toEqual(before);
    expect(await readFile(path, 'utf8')).toBe(text);
  });

  it('changes nothing when a port cannot be bound', async () => {
    await startWith(text);
    const before = service.running();
    await withTakenPort(async (port) => {
      await expect(service.apply({ baseRevision: 1, document: withPort(port) })).rejects.toMatchObject({
        code: 'invalid_config',
        issues: [{ code: 'port_in_use' }],
      });
    });
    expect(service.running()).toEqual(before);
    expect(await readFile(path, 'utf8')).toBe(text);
  });

  it('goes back to what ran before when the file cannot be written', async () => {
    await startWith(text);
    const before = service.running();
    await rm(folder, { recursive: true });
    await writeFile(folder, ''); // a file where the folder was: no write can work
    await expect(
      service.apply({ baseRevision: 1, document: { ...document, listeners: [] } }),
    ).rejects.toMatchObject({ code: 'disk_failed' });
    expect(service.running().revision).toBe(1);
    expect(service.running().document).toEqual(before.document);
    expect(service.running().listeners).toHaveLength(1);
  });

  it('does not touch the engine when only the canvas changed', async () => {
    await startWith(text);
    const applied: number[] = [];
    const apply = engine.apply.bind(engine);
    engine.apply = (input) => {
      applied.push(input.revision);
      return apply(input);
    };
    await service.apply({
      baseRevision: 1,
      document: { ...document, layout: { positions: { 'listener:web': { x: 1, y: 2 } } } },
    });
    expect(applied).toEqual([]);
    expect(service.running().revision).toBe(2);
    expect(await readFile(path, 'utf8')).toContain('listener:web');
  });

  it('keeps running when the file breaks, says where, and goes on when it is mended', async () => {
    await startWith(text);
    await writeFile(path, 'schemaVersion: 1\nlisteners:\n  - id: web\n    prot: 1\n');
    const outcome = await service.load();
    expect(outcome.kind).toBe('rejected');
    const issue = service.running().issues.find((each) => each.code === 'unknown_field');
    expect(issue).toMatchObject({ line: 4, column: 5 });
    expect(service.running()).toMatchObject({ revision: 1, document });
    await writeFile(path, text.replace('port: 0', 'port: 0, name: Web'));
    expect(await service.load()).toEqual({ kind: 'applied', revision: 2 });
    expect(service.running().issues).toEqual([]);
  });

  it('notices a save of somebody else before it overwrites it', async () => {
    await startWith(text);
    await writeFile(path, text.replace('# mine', '# theirs\nroutes: []'));
    await expect(
      service.apply({ baseRevision: 1, document: { ...document, pools: [] } }),
    ).rejects.toMatchObject({ code: 'conflict' });
    expect(await readFile(path, 'utf8')).toContain('# theirs');
    expect(service.running().revision).toBe(2);
  });

  it('keeps a copy of a file that it could not run before it replaces it', async () => {
    expect((await startWith('listeners: [')).kind).toBe('rejected');
    expect(service.running()).toMatchObject({ revision: 0, listeners: [] });
    await service.apply({ baseRevision: 0, document });
    expect(await readdir(folder)).toEqual(['workspace.yaml', 'workspace.yaml.rejected']);
    expect(await readFile(`${path}.rejected`, 'utf8')).toBe('listeners: [');
  });

  it('says what a document would meet here, and changes nothing', async () => {
    await startWith(text);
    await withTakenPort(async (port) => {
      const issues = await service.check({
        schemaVersion: 1,
        listeners: [
          { id: 'web', port, protocol: 'tcp' },
          { id: 's', port: 0, protocol: 'https', tls: { certificates: ['none'] } },
        ],
      });
      const errors = issues.filter((issue) => issue.severity === 'error').map((issue) => issue.code);
      expect(errors.sort()).toEqual(['certificate_missing', 'port_in_use']);
    });
    expect(service.running().revision).toBe(1);
  });

  it('answers a reload also when nothing is new', async () => {
    await startWith(text);
    expect(await service.load()).toEqual({ kind: 'unchanged' });
    expect(await service.reload()).toEqual({ kind: 'applied', revision: 1 });
    await writeFile(path, 'a: [');
    expect((await service.reload()).kind).toBe('rejected');
    expect((await service.reload()).kind).toBe('rejected');
  });

  it('says in one sentence that there is no file', async () => {
    await expect(service.load()).rejects.toMatchObject({
      code: 'disk_failed',
      message: `${path} cannot be read: there is no such file`,
    });
    await writeFile(path, text);
    await chmod(path, 0o600);
    expect((await service.load()).kind).toBe('applied');
  });
});
