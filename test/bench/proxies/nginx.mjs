// nginx as origin and as peer: one worker, no access log.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, hasProgram, loadCore, proxyCore } from '../processes.mjs';

const streamModule = [
  '/usr/lib/nginx/modules/ngx_stream_module.so',
  '/usr/share/nginx/modules/ngx_stream_module.so',
].find((path) => existsSync(path));

/** Why this peer cannot do `mode` here; null = it can. */
export function unavailable(mode) {
  if (!hasProgram('nginx')) return 'not installed (Debian: nginx-light)';
  const isStream = mode === 'tcp' || mode === 'sni';
  return isStream && streamModule === undefined
    ? 'its stream module is not installed (libnginx-mod-stream)'
    : null;
}

/** Answers by itself: `GET /` with `bytes` bytes, `POST /upload` with a short text. */
export async function startOrigin(processes, bytes, { tls = null, cacheSeconds = 0 } = {}) {
  const port = await freePort();
  const folder = makeFolder(processes, 'origin');
  mkdirSync(join(folder, 'www'), { recursive: true });
  writeFileSync(join(folder, 'www', 'index.html'), 'x'.repeat(bytes));
  const caching = cacheSeconds === 0 ? '' : `add_header Cache-Control "max-age=${cacheSeconds}";`;
  // A small answer straight from the configuration costs the shared core less than a file.
  const answer = bytes <= 1024 ? `return 200 "${'x'.repeat(bytes)}";` : 'try_files /index.html =404;';
  const http = `open_file_cache max=10; sendfile on; tcp_nopush on;
    server {
      listen 127.0.0.1:${port} ${tls === null ? '' : 'ssl'} reuseport; ${certificateLines(tls)} root ${folder}/www;
      default_type text/plain; ${caching}
      location = /upload { client_max_body_size 0; return 200 "taken"; }
      location / { ${answer} }
    }`;
  return startNginx(processes, loadCore, port, folder, { http });
}

/** mode: http | https | h2 | cache | tcp | sni. */
export async function start(processes, { mode, origin, tls }) {
  const port = await freePort();
  const folder = makeFolder(processes, 'proxy');
  if (mode === 'tcp' || mode === 'sni') {
    const stream = mode === 'tcp' ? tcpServer(port, origin) : sniServer(port, origin);
    return startNginx(processes, proxyCore, port, folder, { stream });
  }
  const isTls = mode === 'https' || mode === 'h2';
  const cachePath = `proxy_cache_path ${folder}/cache levels=1:2 keys_zone=bench:10m max_size=64m;`;
  const http = `${mode === 'cache' ? cachePath : ''}
    upstream origin { server 127.0.0.1:${origin.port}; keepalive 128; keepalive_requests 1000000000; }
    server {
      listen 127.0.0.1:${port} ${isTls ? 'ssl' : ''} ${mode === 'h2' ? 'http2' : ''}; ${certificateLines(isTls ? tls : null)}
      client_max_body_size 0; http2_max_concurrent_streams 128;
      location / {
        ${mode === 'cache' ? 'proxy_cache bench; proxy_cache_valid 200 1h; add_header X-Cache $upstream_cache_status;' : ''}
        proxy_pass http://origin; proxy_http_version 1.1; proxy_set_header Connection "";
        proxy_set_header Host $host; proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Proto $scheme;
      }
    }`;
  return startNginx(processes, proxyCore, port, folder, { http });
}

function tcpServer(port, origin) {
  return `server { listen 127.0.0.1:${port}; proxy_pass 127.0.0.1:${origin.port}; }`;
}

function sniServer(port, origin) {
  return `map $ssl_preread_server_name $back { default 127.0.0.1:${origin.port}; }
    server { listen 127.0.0.1:${port}; ssl_preread on; proxy_pass $back; }`;
}

function certificateLines(tls) {
  return tls === null ? '' : `ssl_certificate ${tls.certificate}; ssl_certificate_key ${tls.key};`;
}

function makeFolder(processes, name) {
  const folder = join(processes.folder, `nginx-${name}-${Math.random().toString(36).slice(2, 8)}`);
  mkdirSync(join(folder, 'temp'), { recursive: true });
  return folder;
}

function startNginx(processes, core, port, folder, { http = null, stream = null }) {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/temp/${name};`)
    .join(' ');
  const limits = 'keepalive_requests 1000000000; keepalive_timeout 600s;';
  writeFileSync(
    join(folder, 'nginx.conf'),
    `${stream === null ? '' : `load_module ${streamModule};`}
daemon off; master_process off; worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
events { worker_connections 19000; multi_accept on; }
${http === null ? '' : `http { access_log off; ${limits} ${temporary} ${http} }`}
${stream === null ? '' : `stream { ${stream} }`}
`,
  );
  return processes.start(core, port, 'nginx', ['-c', join(folder, 'nginx.conf'), '-p', folder]);
}
