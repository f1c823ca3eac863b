// Packages the built app offline: a stand-in folder takes the place of Electron's binary and carries its fuse sentinel.
import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { listPackage } from '@electron/asar';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const root = resolve(import.meta.dirname, '../..');
const configFile = join(root, 'electron-builder.yml');
const folder = mkdtempSync(join(tmpdir(), 'hopscope-package-'));
const run = promisify(execFile);

function writeStandInElectron(target: string): void {
  const sentinel = Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX');
  const fuses = 9;
  const wire = Buffer.concat([Buffer.from([1, fuses]), Buffer.alloc(fuses, FuseState.ENABLE)]);
  mkdirSync(join(target, 'resources'), { recursive: true });
  writeFileSync(
    join(target, 'electron'),
    Buffer.concat([Buffer.alloc(512), sentinel, wire, Buffer.alloc(512)]),
  );
  chmodSync(join(target, 'electron'), 0o755);
  writeFileSync(join(target, 'version'), String(parse(readFileSync(configFile, 'utf8')).electronVersion));
  writeFileSync(join(target, 'LICENSE'), 'stand-in');
  writeFileSync(join(target, 'LICENSES.chromium.html'), 'stand-in');
}

function build(...extra: string[]) {
  const builder = join(root, 'node_modules', 'electron-builder', 'cli.js');
  return run(process.execPath, [builder, '--linux', '--dir', '--x64', '--config', configFile, ...extra], {
    cwd: root,
    env: { ...process.env, CI: 'true', CSC_IDENTITY_AUTO_DISCOVERY: 'false' },
    timeout: 120_000,
  });
}

describe('packaging', () => {
  const output = join(folder, 'release');
  const unpacked = join(output, 'linux-unpacked');

  beforeAll(async () => {
    const standIn = join(folder, 'electron');
    writeStandInElectron(standIn);
    await build(`--config.electronDist=${standIn}`, `--config.directories.output=${output}`);
  }, 120_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('makes an archive that carries the built app and nothing else', () => {
    const files = listPackage(join(unpacked, 'resources', 'app.asar'), { isPack: false });
    const outside = files.filter((file) => !/^\/(dist(\/.*)?|package\.json|LICENSE)$/.test(file));
    expect(outside).toEqual([]);
    for (const needed of [
      '/package.json',
      '/dist/main/index.js',
      '/dist/main/cli.js',
      '/dist/preload/index.cjs',
      '/dist/renderer/index.html',
      '/dist/renderer/diagram/diagramFrame.js',
    ]) {
      expect(files).toContain(needed);
    }
  });

  it('names an entry that exists in the archive', () => {
    const { main } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { main: string };
    expect(existsSync(join(root, main))).toBe(true);
    expect(listPackage(join(unpacked, 'resources', 'app.asar'), { isPack: false })).toContain(`/${main}`);
  });

  it('sets the fuses that keep others out of the app', async () => {
    const wire = await getCurrentFuseWire(join(unpacked, 'hopscope'));
    expect(wire).toMatchObject({
      [FuseV1Options.RunAsNode]: FuseState.DISABLE,
      [FuseV1Options.EnableCookieEncryption]: FuseState.ENABLE,
      [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: FuseState.DISABLE,
      [FuseV1Options.EnableNodeCliInspectArguments]: FuseState.DISABLE,
      [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: FuseState.ENABLE,
      [FuseV1Options.OnlyLoadAppFromAsar]: FuseState.ENABLE,
      [FuseV1Options.GrantFileProtocolExtraPrivileges]: FuseState.DISABLE,
    });
  });

  it('is refused by electron-builder when the configuration has an unknown field', async () => {
    const failed = await build('--config.notAField=1').then(
      () => null,
      (error: { stdout: string; stderr: string }) => `${error.stdout}${error.stderr}`,
    );
    expect(failed).toMatch(/notAField/);
  });

  it('names the Electron version that is installed', () => {
    const installed = JSON.parse(readFileSync(join(root, 'node_modules/electron/package.json'), 'utf8'));
    expect(parse(readFileSync(configFile, 'utf8')).electronVersion).toBe(installed.version);
  });
});
