import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const rules = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** "rule selector, selector" for everything that axe-core finds on the page as it stands. */
export async function axeViolations(page: Page): Promise<string[]> {
  // By expression: the policy of the page refuses injected scripts.
  await page.evaluate(axeSource);
  // Colours between two states would be measured while they change.
  await page.evaluate(
    `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
      .then(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)))`,
  );
  return page.evaluate(
    `axe.run({ runOnly: ${JSON.stringify(rules)} }).then((found) =>
      found.violations.map((item) => item.id + ' ' + item.nodes.map((n) => n.target.join(' ')).join(', ')))`,
  );
}
