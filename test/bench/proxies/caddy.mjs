// Caddy as peer: one core, no admin endpoint, no access log.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, hasProgram, proxyCore } from '../processes.mjs';

export function unavailable(mode) {
  if (!hasProgram('caddy')) return 'not installed';
  return ['http', 'https', 'h2'].includes(mode) ? null : 'cannot do this without plugins';
}

/** mode: http | https | h2. */
export async function start(processes, { mode, origin, tls }) {
  const port = await freePort();
  const file = join(processes.folder, `Caddyfile-${port}`);
  const isTls = mode !== 'http';
  writeFileSync(
    file,
    `{
  admin off
  auto_https off
  log {
    level ERROR
  }
}
${isTls ? 'https' : 'http'}://:${port} {
  bind 127.0.0.1
  ${isTls ? `tls ${tls.certificate} ${tls.key}` : ''}
  reverse_proxy 127.0.0.1:${origin.port} {
    transport http {
      keepalive_idle_conns_per_host 128
    }
  }
}
`,
  );
  const env = {
    ...process.env,
    GOMAXPROCS: '1',
    XDG_CONFIG_HOME: processes.folder,
    XDG_DATA_HOME: processes.folder,
  };
  return processes.start(proxyCore, port, 'caddy', ['run', '--adapter', 'caddyfile', '--config', file], {
    env,
  });
}
