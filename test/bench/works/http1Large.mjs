import { compare, startBeside } from '../compare.mjs';
import { wrk } from '../load.mjs';
import { startOrigin } from '../proxies/nginx.mjs';

export default {
  id: 'http1-large',
  order: 20,
  title: 'HTTP/1.1 keep-alive, 100 KB responses, 64 connections',
  goals: [{ peer: 'nginx', must: 0.9, aim: 1.1 }],
  async run(processes, settings) {
    const origin = await startOrigin(processes, 100 * 1024);
    const beside = await startBeside(processes, settings, { mode: 'http', origin });
    return compare(beside, settings, (port, seconds) => wrk(port, seconds));
  },
};
