// HAProxy as peer: one thread.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, hasProgram, proxyCore } from '../processes.mjs';

export function unavailable(mode) {
  if (!hasProgram('haproxy')) return 'not installed';
  return mode === 'cache' ? 'not compared: it caches in memory only, by its own rules' : null;
}

/** mode: http | https | h2 | tcp | sni. */
export async function start(processes, { mode, origin, tls }) {
  const port = await freePort();
  const file = join(processes.folder, `haproxy-${port}.cfg`);
  const isHttp = mode === 'http' || mode === 'https' || mode === 'h2';
  const bind =
    mode === 'https' || mode === 'h2'
      ? `ssl crt ${tls.bundle} alpn ${mode === 'h2' ? 'h2' : 'http/1.1'}`
      : '';
  const sni = `
  tcp-request inspect-delay 5s
  tcp-request content accept if { req_ssl_hello_type 1 }
  use_backend back if { req.ssl_sni -m found }`;
  writeFileSync(
    file,
    `global
  nbthread 1
  maxconn 9900
defaults
  mode ${isHttp ? 'http' : 'tcp'}
  timeout connect 5s
  timeout client 600s
  timeout server 600s${isHttp ? '\n  http-reuse always\n  option forwardfor' : ''}
frontend front
  bind 127.0.0.1:${port} ${bind}${mode === 'sni' ? sni : ''}
  default_backend back
backend back
  server origin 127.0.0.1:${origin.port}
`,
  );
  return processes.start(proxyCore, port, 'haproxy', ['-db', '-f', file]);
}
