// What can be measured: every file in works/ is one work, `export default { id, title, order, run, … }`. README.md says more.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, 'works');
const modules = await Promise.all(
  readdirSync(folder)
    .filter((name) => name.endsWith('.mjs'))
    .map((name) => import(join(folder, name))),
);

export const works = modules.map((module) => module.default).sort((a, b) => a.order - b.order);
