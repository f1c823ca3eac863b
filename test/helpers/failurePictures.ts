import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach } from 'vitest';

/** For the tests of the block that calls it: what the screen showed when one failed goes into a file, whose name is printed. */
export function takeFailurePictures(name: string, page: () => Page): void {
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    const picture = join(tmpdir(), `hopscope-${name}-failure.png`);
    await page().screenshot({ path: picture });
    console.log(`the screen at the failure of "${task.name}": ${picture}`);
  });
}
