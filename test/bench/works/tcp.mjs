import { compare, startBeside } from '../compare.mjs';
import { wrk } from '../load.mjs';
import { startOrigin } from '../proxies/nginx.mjs';

export default {
  id: 'tcp',
  order: 80,
  title: 'TCP relay, small messages, 64 connections',
  goals: [
    { peer: 'nginx', must: 0.85, aim: 1 },
    { peer: 'haproxy', must: 0.85, aim: 1 },
  ],
  async run(processes, settings) {
    const origin = await startOrigin(processes, 128);
    const beside = await startBeside(
      processes,
      settings,
      { mode: 'tcp', origin },
      { names: ['nginx', 'haproxy'] },
    );
    return compare(beside, settings, (port, seconds) => wrk(port, seconds));
  },
};
