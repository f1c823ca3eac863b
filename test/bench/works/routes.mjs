import { compare } from '../compare.mjs';
import { wrk } from '../load.mjs';
import { start } from '../proxies/hopscope.mjs';
import { startOrigin } from '../proxies/nginx.mjs';

export default {
  id: 'routes',
  order: 110,
  title: 'HTTP/1.1 small response among 1, 100 and 10,000 routes',
  goals: [{ row: 'hopscope, 10000 routes', peer: 'hopscope, 1 route', must: 0.83, aim: 0.95 }],
  async run(processes, settings) {
    const origin = await startOrigin(processes, 128);
    const proxies = [];
    for (const routes of [1, 100, 10_000]) {
      const started = await start(processes, { mode: 'http', origin, routes });
      proxies.push({ name: `hopscope, ${routes} route${routes === 1 ? '' : 's'}`, ...started });
    }
    return compare({ proxies }, settings, (port, seconds) => wrk(port, seconds));
  },
};
