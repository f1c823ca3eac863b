// Preloaded into a Hopscope that is measured (`node --expose-gc --import …`): on SIGUSR2 it collects garbage and writes
// its memory to the file that HOPSCOPE_BENCH_PROBE names.
import { writeFileSync } from 'node:fs';

process.on('SIGUSR2', () => {
  globalThis.gc();
  globalThis.gc();
  writeFileSync(process.env.HOPSCOPE_BENCH_PROBE, JSON.stringify(process.memoryUsage()));
});
