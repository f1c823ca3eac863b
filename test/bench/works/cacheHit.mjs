import { compare, startBeside } from '../compare.mjs';
import { wrk } from '../load.mjs';
import { startOrigin } from '../proxies/nginx.mjs';

export default {
  id: 'cache-hit',
  order: 40,
  title: 'Cache hit, small response, HTTP/1.1 keep-alive, 64 connections',
  goals: [{ peer: 'nginx', must: 0.8, aim: 1 }],
  async run(processes, settings) {
    const origin = await startOrigin(processes, 128, { cacheSeconds: 3600 });
    const beside = await startBeside(processes, settings, { mode: 'cache', origin }, { names: ['nginx'] });
    return compare(beside, settings, (port, seconds) => wrk(port, seconds));
  },
};
