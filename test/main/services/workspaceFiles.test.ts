import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Engine } from '../../../main/engine/engine';
import { ConfigFile } from '../../../main/services/configFile';
import { ConfigService } from '../../../main/services/configService';
import { DraftFiles } from '../../../main/services/draftFiles';
import { RevisionHistory } from '../../../main/services/revisionHistory';
import { lastWorkspaceFile, WorkspaceFiles } from '../../../main/services/workspaceFiles';

let folder = '';
let engine: Engine;
let config: ConfigService;
let history: RevisionHistory;
let files: WorkspaceFiles;
let watched: string[] = [];

const textWith = (id: string) =>
  `# ${id}\nschemaVersion: 1\nlisteners:\n  - { id: ${id}, port: 0, protocol: tcp }\n`;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hopscope-files-'));
  await writeFile(join(folder, 'workspace.yaml'), textWith('first'));
  engine = new Engine();
  watched = [];
  history = new RevisionHistory({ folder: join(folder, 'history') });
  config = new ConfigService({
    file: new ConfigFile(join(folder, 'workspace.yaml')),
    engine,
    certificates: () => new Map(),
    onApplied: (change) => void history.record(change),
  });
  files = makeFiles();
  await config.load();
});
afterEach(async () => {
  config.close();
  await history.settled();
  await engine.close({ drainMs: 0 });
  engine.emitter.close();
  await rm(folder, { recursive: true });
});

function makeFiles(canSwitch = true): WorkspaceFiles {
  return new WorkspaceFiles({
    dataFolder: folder,
    config,
    history,
    drafts: new DraftFiles(join(folder, 'drafts')),
    canSwitch,
    onFile: (file) => watched.push(file.path),
  });
}
const runningIds = () => engine.listeners().map((listener) => listener.id);

describe('WorkspaceFiles', () => {
  it('opens a new workspace in place of the old one, and the last one again at the next start', async () => {
    const running = await files.create('shop');
    expect(running.file).toBe(join(folder, 'workspaces', 'shop.yaml'));
    expect(runningIds()).toEqual([]);
    expect(watched).toEqual([running.file]);
    expect(await lastWorkspaceFile(folder)).toBe(running.file);
    await files.open(join(folder, 'workspace.yaml'));
    expect(runningIds()).toEqual(['first']);
    const { files: list } = await files.list();
    expect(list.map(({ name, isOpen }) => [name, isOpen])).toEqual(
      expect.arrayContaining([
        ['workspace', true],
        ['shop', false],
      ]),
    );
  });

  it('stays where it is when the other file is none, is broken, or is taken', async () => {
    await mkdir(join(folder, 'elsewhere'));
    const broken = join(folder, 'elsewhere', 'broken.yaml');
    await writeFile(broken, 'schemaVersion: 1\nlisteners: {');
    await expect(files.open(broken)).rejects.toMatchObject({ code: 'invalid_config' });
    await expect(files.open(join(folder, 'none.yaml'))).rejects.toMatchObject({ code: 'not_found' });
    await expect(files.open('workspace.yaml')).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(files.open(join(folder, 'key.pem'))).rejects.toMatchObject({ code: 'invalid_input' });
    await files.create('shop');
    await expect(files.create('shop')).rejects.toMatchObject({ code: 'already_exists' });
    await expect(files.create('bad', 'pools: 3')).rejects.toMatchObject({ code: 'invalid_config' });
    expect((await files.list()).files.map(({ name }) => name)).not.toContain('bad');
    expect(config.running().file).toBe(join(folder, 'workspaces', 'shop.yaml'));
  });

  it('saves under another name with its comments, while the listeners go on', async () => {
    const before = engine.listeners();
    const running = await files.saveAs({ name: 'copy' });
    expect(await readFile(running.file, 'utf8')).toBe(textWith('first'));
    expect(engine.listeners()).toEqual(before);
    expect(running.revision).toBe(1);
  });

  it('takes the history along when it is renamed', async () => {
    await history.settled();
    const running = await files.rename('renamed');
    expect(running.file).toBe(join(folder, 'renamed.yaml'));
    expect(await history.list(running.file)).toHaveLength(1);
    const document = { schemaVersion: 1 as const, pools: [{ id: 'p', endpoints: [] }] };
    await config.apply({ baseRevision: running.revision, document });
    expect(await readFile(running.file, 'utf8')).toContain('id: p');
  });

  it('does not leave the file that it was started for', async () => {
    await expect(makeFiles(false).create('shop')).rejects.toMatchObject({ code: 'unavailable' });
  });
});
