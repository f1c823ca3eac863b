import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  parseStoredWindow,
  placeWindow,
  readStoredWindow,
  writeStoredWindow,
} from '../../../main/electron/windowBounds';

const left = { x: 0, y: 0, width: 1920, height: 1040 };
const right = { x: 1920, y: 0, width: 1280, height: 1000 };
const standard = { width: 1360, height: 860 };

describe('placeWindow', () => {
  it.each([
    ['nothing is stored', null, standard],
    ['it fits', { x: 100, y: 50, width: 1200, height: 800 }, { x: 100, y: 50, width: 1200, height: 800 }],
    [
      'it is on the second display and too large for it',
      { x: 1930, y: 10, width: 1900, height: 1200 },
      { x: 1930, y: 10, width: 1280, height: 1000 },
    ],
    [
      'it is smaller than the UI can be',
      { x: 5, y: 6, width: 300, height: 200 },
      { x: 5, y: 6, width: 1024, height: 640 },
    ],
    ['its display is gone', { x: 4000, y: 0, width: 1200, height: 800 }, standard],
    ['its title bar is above the screen', { x: 100, y: -300, width: 1200, height: 800 }, standard],
    ['its title bar is below the screen', { x: 100, y: 1039, width: 1200, height: 800 }, standard],
    ['only a sliver shows at the left', { x: -1190, y: 0, width: 1200, height: 800 }, standard],
    [
      'it hangs over the left edge but can be grabbed',
      { x: -1000, y: 0, width: 1200, height: 800 },
      { x: -1000, y: 0, width: 1200, height: 800 },
    ],
  ])('when %s', (_name, stored, expected) => {
    expect(placeWindow(stored, [left, right])).toEqual(expected);
  });
});

describe('the stored place', () => {
  it.each([
    null,
    3,
    {},
    { bounds: null },
    { bounds: { x: 1, y: 2, width: 3 } },
    { bounds: { x: 0.5, y: 0, width: 1, height: 1 } },
    { bounds: { x: '1', y: 2, width: 3, height: 4 } },
    { bounds: { x: 1e300, y: 2, width: 3, height: 4 } },
  ])('is not believed when it is %j', (json) => {
    expect(parseStoredWindow(json)).toBeNull();
  });

  it('comes back from disk, and a damaged or missing file is none', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hopscope-window-'));
    const file = join(folder, 'window.json');
    expect(await readStoredWindow(file)).toBeNull();
    const stored = { bounds: { x: 1, y: 2, width: 1200, height: 800 }, isMaximized: true };
    await writeStoredWindow(file, stored);
    expect(await readStoredWindow(file)).toEqual(stored);
    await writeFile(file, (await readFile(file, 'utf8')).slice(0, 10));
    expect(await readStoredWindow(file)).toBeNull();
    await rm(folder, { recursive: true });
  });
});
