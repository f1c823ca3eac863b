import { compare, startBeside } from '../compare.mjs';
import { wrk } from '../load.mjs';
import { startOrigin } from '../proxies/nginx.mjs';

export default {
  id: 'http1',
  order: 10,
  title: 'HTTP/1.1 keep-alive, small response, 64 connections',
  goals: [
    { peer: 'nginx', must: 0.85, aim: 1 },
    { peer: 'haproxy', must: 0.85, aim: 1 },
    { peer: 'best npm proxy', must: 4, aim: 4 },
    { row: 'hopscope', peer: 'hopscope, unwatched', must: 0.91, aim: 0.97 },
  ],
  async run(processes, settings) {
    const origin = await startOrigin(processes, 128);
    const beside = await startBeside(processes, settings, { mode: 'http', origin });
    return compare(beside, settings, (port, seconds) => wrk(port, seconds));
  },
};
