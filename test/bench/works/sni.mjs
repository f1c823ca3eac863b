import { compare, startBeside } from '../compare.mjs';
import { wrk } from '../load.mjs';
import { startOrigin } from '../proxies/nginx.mjs';

export default {
  id: 'sni',
  order: 100,
  title: 'TLS passed through by server name, keep-alive, small response, 64 connections',
  goals: [{ peer: 'nginx', must: 0.85, aim: 1 }],
  async run(processes, settings) {
    const tls = processes.certificate();
    const origin = await startOrigin(processes, 128, { tls });
    const beside = await startBeside(
      processes,
      settings,
      { mode: 'sni', origin },
      { names: ['nginx', 'haproxy'] },
    );
    return compare(beside, settings, (port, seconds) => wrk(port, seconds, { isTls: true }));
  },
};
