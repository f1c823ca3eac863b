import { compare, startBeside } from '../compare.mjs';
import { wrk } from '../load.mjs';
import { startOrigin } from '../proxies/nginx.mjs';

export default {
  id: 'http1-upload',
  order: 30,
  title: 'HTTP/1.1 keep-alive, 100 KB uploads, the whole request held first (nginx does too), 64 connections',
  goals: [{ peer: 'nginx', must: 0.9, aim: 1.1 }],
  async run(processes, settings) {
    const origin = await startOrigin(processes, 128);
    const variants = [{ name: 'hopscope, streamed', streams: true }];
    const names = ['nginx', 'haproxy', 'caddy', 'fast-proxy', 'http-proxy'];
    const beside = await startBeside(processes, settings, { mode: 'http', origin }, { names, variants });
    return compare(beside, settings, (port, seconds) =>
      wrk(port, seconds, { script: 'upload.lua', path: '/upload' }),
    );
  },
};
