import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { apiInputs } from '../../../main/contract/api';
import { AccessLogKeeper } from '../../../main/services/accessLogKeeper';
import { EngineHarness } from '../../helpers/engineHarness';

let folder: string;
let harness: EngineHarness;
const keepers: AccessLogKeeper[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hopscope-access-log-'));
  harness = new EngineHarness();
  await harness.run({
    schemaVersion: 1,
    listeners: [{ id: 'web', port: 0, protocol: 'http' }],
    routes: [{ id: 'all', kind: 'http', listeners: ['web'], filters: [{ type: 'respond', body: 'hi' }] }],
  });
});
afterEach(async () => {
  for (const keeper of keepers.splice(0)) await keeper.close();
  await harness.close();
  await rm(folder, { recursive: true });
});

async function open(isFixed = false): Promise<AccessLogKeeper> {
  const keeper = await AccessLogKeeper.open(harness.engine, folder, isFixed);
  keepers.push(keeper);
  return keeper;
}

const ask = async (path: string) =>
  (
    await fetch(`http://127.0.0.1:${harness.port('web')}${path}`, { headers: { connection: 'close' } })
  ).text();
const linesOf = async (path: string) => (await readFile(path, 'utf8')).trimEnd().split('\n');

describe('the access log that is set in the app', () => {
  it('is off until it is set, and is kept from one run to the next', async () => {
    const keeper = await open();
    const { settings } = keeper.state();
    expect(settings).toMatchObject({ isOn: false, path: join(folder, 'access.log'), format: 'json' });
    await ask('/unseen');
    await keeper.set({ ...settings, isOn: true });
    await ask('/first');
    await keeper.close();
    const again = await open();
    expect(again.state()).toMatchObject({ settings: { isOn: true }, problem: null, isFixed: false });
    await ask('/second');
    await again.close();
    const lines = (await linesOf(settings.path)).map((line) => JSON.parse(line) as { target: string });
    expect(lines.map(({ target }) => target)).toEqual(['/first', '/second']);
  });

  it('goes to another file, in another format, without losing a request', async () => {
    const keeper = await open();
    const { settings } = keeper.state();
    await keeper.set({ ...settings, isOn: true });
    await ask('/first');
    const path = join(folder, 'other.log');
    await keeper.set({ ...settings, isOn: true, path, format: 'clf' });
    await ask('/second');
    await keeper.set({ ...settings, isOn: false });
    await ask('/unseen');
    expect(await linesOf(settings.path)).toHaveLength(1);
    expect(await linesOf(path)).toEqual([expect.stringContaining('"GET /second HTTP/1.1" 200')]);
  });

  it('stays as it was when the new file cannot be written', async () => {
    const keeper = await open();
    const settings = { ...keeper.state().settings, isOn: true };
    await keeper.set(settings);
    const path = join(folder, 'no-such-folder', 'access.log');
    await expect(keeper.set({ ...settings, path })).rejects.toMatchObject({ code: 'disk_failed' });
    expect(keeper.state().settings.path).toBe(settings.path);
    await ask('/still');
    await keeper.close();
    expect(await linesOf(settings.path)).toHaveLength(1);
  });

  it('says what is wrong with a file that was there before, and lets it be set anew', async () => {
    const path = join(folder, 'gone', 'access.log');
    await mkdir(join(folder, 'gone'));
    const first = await open();
    await first.set({ ...first.state().settings, isOn: true, path });
    await first.close();
    await rm(join(folder, 'gone'), { recursive: true });
    expect((await open()).state().problem).toBe(`${path} cannot be written: its folder is not there`);
    await writeFile(join(folder, 'access-log.json'), '{ "isOn": ');
    const keeper = await open();
    expect(keeper.state().problem).toContain('has no valid settings');
    await keeper.set({ ...keeper.state().settings, isOn: true });
    expect(keeper.state().problem).toBeNull();
  });

  it('is not for the app to set where the command line did', async () => {
    const keeper = await open(true);
    expect(keeper.state().isFixed).toBe(true);
    await expect(keeper.set(keeper.state().settings)).rejects.toMatchObject({ code: 'unavailable' });
  });

  it.each(['access.log', '/home/ann/.bashrc', '/etc/passwd', 'C:\\logs\\run.exe'])(
    'takes no path like %s',
    (path) => {
      const settings = { isOn: true, path, format: 'json', maxBytes: 1024, keep: 0 };
      expect(apiInputs.setAccessLog.safeParse(settings).success).toBe(false);
    },
  );
});
