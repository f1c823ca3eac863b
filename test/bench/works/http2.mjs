import { compare, startBeside } from '../compare.mjs';
import { h2load, missingLoad } from '../load.mjs';
import { startOrigin } from '../proxies/nginx.mjs';

export default {
  id: 'http2',
  order: 70,
  title: 'HTTP/2 over TLS, small response, 16 connections × 32 streams, HTTP/1.1 to the endpoint',
  goals: [{ peer: 'nginx', must: 0.75, aim: 1 }],
  unavailable: () => missingLoad('h2load'),
  async run(processes, settings) {
    const origin = await startOrigin(processes, 128);
    const beside = await startBeside(processes, settings, {
      mode: 'h2',
      origin,
      tls: processes.certificate(),
    });
    return compare(beside, settings, h2load);
  },
};
