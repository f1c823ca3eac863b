import { compare, startBeside } from '../compare.mjs';
import { fullHandshakes, missingLoad } from '../load.mjs';
import { startOrigin } from '../proxies/nginx.mjs';

export default {
  id: 'tls-handshakes',
  order: 60,
  title: 'TLS terminated, ECDSA P-256, a new connection with a full handshake for every request, 8 at a time',
  goals: [{ peer: 'nginx', must: 0.85, aim: 1 }],
  unavailable: () => missingLoad('openssl'),
  async run(processes, settings) {
    const origin = await startOrigin(processes, 128);
    const setup = { mode: 'https', origin, tls: processes.certificate() };
    const beside = await startBeside(processes, settings, setup);
    return compare(beside, settings, fullHandshakes);
  },
};
