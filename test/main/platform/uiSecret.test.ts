import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readUiSecret } from '../../../main/platform/uiSecret';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hopscope-secret-'));
});
afterEach(() => rm(folder, { recursive: true }));

const day = 24 * 3_600_000;

describe('readUiSecret', () => {
  it('is the same over restarts, readable by its owner only, and another one after 30 days', async () => {
    const first = await readUiSecret(folder, 0);
    expect(await readUiSecret(folder, 29 * day)).toBe(first);
    expect((await stat(join(folder, 'ui-secret.json'))).mode & 0o777).toBe(0o600);
    expect(await readUiSecret(folder, 31 * day)).not.toBe(first);
  });

  it('is made anew when the file is broken', async () => {
    await writeFile(join(folder, 'ui-secret.json'), '{"secret":"short","madeAt":0}');
    expect(await readUiSecret(folder, 1)).toMatch(/^[\w-]{43}$/);
  });
});
