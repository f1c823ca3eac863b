import { compare, startBeside } from '../compare.mjs';
import { wrk } from '../load.mjs';
import { startOrigin } from '../proxies/nginx.mjs';

export default {
  id: 'tls',
  order: 50,
  title: 'TLS terminated, ECDSA P-256, keep-alive, small response, 64 connections',
  goals: [{ peer: 'nginx', must: 0.85, aim: 1 }],
  async run(processes, settings) {
    const origin = await startOrigin(processes, 128);
    const setup = { mode: 'https', origin, tls: processes.certificate() };
    const beside = await startBeside(processes, settings, setup);
    return compare(beside, settings, (port, seconds) => wrk(port, seconds, { isTls: true }));
  },
};
