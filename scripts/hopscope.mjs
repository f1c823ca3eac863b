// The command line: `npm run -s hopscope -- serve FILE`. Builds if needed, then runs dist/main/cli.js in this process.
import { ensureBuilt } from './ensureBuilt.mjs';

ensureBuilt();
await import('../dist/main/cli.js');
