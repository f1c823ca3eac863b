// Packs the app as a release would, with a stand-in for Electron's own files: what is in the archive, and which fuses the
// program ends with. The installers themselves need downloads, so their part is checked against the schema only.
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { extractFile, listPackage } from '@electron/asar';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import type { Configuration } from 'electron-builder';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const root = resolve(import.meta.dirname, '../..');
const require = createRequire(import.meta.url);

let config: Configuration;
let folder: string;
beforeAll(async () => {
  config = parse(await readFile(join(root, 'electron-builder.yml'), 'utf8'));
  folder = await mkdtemp(join(tmpdir(), 'hopscope-package-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** As much of Electron's distribution as packing looks at: a program with the fuse wire, all fuses in Electron's own state. */
async function makeStandIn(distribution: string): Promise<void> {
  const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
  const wire = '101100101'; // RunAsNode on, cookie encryption off…, as Electron ships
  await mkdir(join(distribution, 'resources'), { recursive: true });
  const program = Buffer.concat([
    Buffer.from('#!/bin/sh\nexit 0\n'),
    Buffer.from(sentinel),
    Buffer.of(1, wire.length),
    Buffer.from(wire),
  ]);
  await writeFile(join(distribution, 'electron'), program);
  await chmod(join(distribution, 'electron'), 0o755);
  await writeFile(join(distribution, 'version'), '45.4.1');
}

describe('electron-builder.yml', () => {
  it('is valid by the schema of electron-builder', async () => {
    const { validateConfiguration } = require('app-builder-lib/out/util/config/config');
    const { DebugLogger } = require('builder-util');
    await validateConfiguration(config, new DebugLogger(false));
    await expect(validateConfiguration({ ...config, fuses: {} }, new DebugLogger(false))).rejects.toThrow(
      'fuses',
    );
  });

  it('names the Electron that is installed, and an icon that is there', async () => {
    const { version } = JSON.parse(await readFile(join(root, 'node_modules/electron/package.json'), 'utf8'));
    expect(config.electronVersion).toBe(version);
    const icon = await readFile(join(root, 'build/icon.png'));
    // PNG header: width and height; 512 is the least that every target takes.
    expect([icon.readUInt32BE(16), icon.readUInt32BE(20)].every((size) => size >= 512)).toBe(true);
  });

  it('has installers for the three systems and publishes nowhere', () => {
    expect(config.linux?.target).toEqual(['AppImage', 'deb']);
    expect(config.mac?.target).toEqual([{ target: 'dmg', arch: ['x64', 'arm64'] }]);
    expect(config.win?.target).toEqual([{ target: 'nsis', arch: ['x64', 'arm64'] }]);
    expect(config.publish).toBeNull();
  });
});

describe('the packed app', () => {
  let archive: string;
  let program: string;
  beforeAll(async () => {
    const { build, Platform } = require('electron-builder');
    const distribution = join(folder, 'electron');
    await makeStandIn(distribution);
    await build({
      projectDir: root,
      targets: Platform.LINUX.createTarget('dir'),
      config: {
        ...config,
        electronDist: distribution,
        directories: { output: join(folder, 'out'), buildResources: 'build' },
      },
      publish: 'never',
    });
    archive = join(folder, 'out', 'linux-unpacked', 'resources', 'app.asar');
    program = join(folder, 'out', 'linux-unpacked', 'hopscope');
  });

  it('holds the built files and its package.json, and nothing else', () => {
    const files = listPackage(archive, { isPack: false }).map((name) => name.replaceAll('\\', '/'));
    const allowed = /^\/(package\.json|dist|dist\/(main|preload|renderer)(\/[\w.@/-]+)?)$/;
    expect(files.filter((name) => !allowed.test(name))).toEqual([]);
    expect(files).toEqual(
      expect.arrayContaining([
        '/package.json',
        '/dist/main/index.js',
        '/dist/main/cli.js',
        '/dist/preload/index.cjs',
        '/dist/renderer/index.html',
        '/dist/renderer/diagram/diagramFrame.js',
      ]),
    );
    expect(files.filter((name) => /\.(map|ts|tsx|key|pem)$/.test(name))).toEqual([]);
  });

  it('starts at the built entry and needs no package', () => {
    const packageJson = JSON.parse(extractFile(archive, 'package.json').toString());
    expect(packageJson.main).toBe('dist/main/index.js');
    expect(packageJson.dependencies ?? {}).toEqual({});
    expect(packageJson.devDependencies).toBeUndefined();
  });

  it('imports nothing but Node and Electron', () => {
    const wanted = ['dist/main/index.js', 'dist/main/cli.js', 'dist/preload/index.cjs'];
    const shared = listPackage(archive, { isPack: false })
      .map((name) => name.replaceAll('\\', '/').slice(1))
      .filter((name) => name.startsWith('dist/main/') && name.endsWith('.js'));
    const foreign = [...new Set([...wanted, ...shared])].flatMap((file) => {
      const text = extractFile(archive, file).toString();
      const imports = [
        ...text.matchAll(/^(?:import|export)\b[^'"\n]*?from\s*["']([^"']+)["']|^import\s*["']([^"']+)["']/gm),
      ];
      return imports
        .map((match) => match[1] ?? match[2]!)
        .filter(
          (name) =>
            !/^(node:|\.|electron$)/.test(name) && !require('node:module').builtinModules.includes(name),
        );
    });
    expect(foreign).toEqual([]);
  });

  it('has every fuse in the state that the configuration asks for', async () => {
    const wire = await getCurrentFuseWire(program);
    const stateOf = (fuse: FuseV1Options) => wire[fuse as keyof typeof wire];
    expect(stateOf(FuseV1Options.RunAsNode)).toBe(FuseState.DISABLE);
    expect(stateOf(FuseV1Options.EnableCookieEncryption)).toBe(FuseState.ENABLE);
    expect(stateOf(FuseV1Options.EnableNodeOptionsEnvironmentVariable)).toBe(FuseState.DISABLE);
    expect(stateOf(FuseV1Options.EnableNodeCliInspectArguments)).toBe(FuseState.DISABLE);
    expect(stateOf(FuseV1Options.EnableEmbeddedAsarIntegrityValidation)).toBe(FuseState.ENABLE);
    expect(stateOf(FuseV1Options.OnlyLoadAppFromAsar)).toBe(FuseState.ENABLE);
    expect(stateOf(FuseV1Options.LoadBrowserProcessSpecificV8Snapshot)).toBe(FuseState.DISABLE);
    expect(stateOf(FuseV1Options.GrantFileProtocolExtraPrivileges)).toBe(FuseState.DISABLE);
  });
});
