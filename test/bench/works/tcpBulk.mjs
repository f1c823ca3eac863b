import { compare, startBeside } from '../compare.mjs';
import { wrk } from '../load.mjs';
import { startOrigin } from '../proxies/nginx.mjs';

export default {
  id: 'tcp-bulk',
  order: 90,
  title: 'TCP relay, 4 MB responses, 8 connections',
  goals: [{ peer: 'haproxy', must: 1, aim: 1.3 }],
  async run(processes, settings) {
    const origin = await startOrigin(processes, 4 * 1024 * 1024);
    const beside = await startBeside(
      processes,
      settings,
      { mode: 'tcp', origin },
      { names: ['nginx', 'haproxy'] },
    );
    return compare(beside, settings, (port, seconds) => wrk(port, seconds, { connections: 8 }));
  },
};
