// What is measured. Each work starts its proxies and gives one row a proxy.
import { compare } from './load.mjs';
import { hasProgram } from './processes.mjs';

const small = 128;
const large = 100 * 1024;
const bulk = 4 * 1024 * 1024;

async function beside(processes, originPort, hopscope, { tls = null, haproxy = {}, nginx = true } = {}) {
  const proxies = [{ name: 'hopscope', ...(await processes.hopscope(originPort, { ...hopscope, tls })) }];
  if (nginx && hasProgram('nginx'))
    proxies.push({ name: 'nginx', ...(await processes.nginxProxy(originPort, tls)) });
  if (hasProgram('haproxy'))
    proxies.push({ name: 'haproxy', ...(await processes.haproxy(originPort, { ...haproxy, tls })) });
  return proxies;
}

export const works = [
  {
    id: 'http1',
    title: 'HTTP/1.1 keep-alive, small response, 64 connections',
    async run(processes, settings) {
      const { port } = await processes.origin(small);
      const recorded = await processes.hopscope(port, { recorded: true });
      const proxies = await beside(processes, port, {});
      return compare([...proxies, { name: 'hopscope, events recorded', ...recorded }], settings);
    },
  },
  {
    id: 'http1-large',
    title: 'HTTP/1.1 keep-alive, 100 KB responses, 64 connections',
    async run(processes, settings) {
      const { port } = await processes.origin(large);
      return compare(await beside(processes, port, {}), settings);
    },
  },
  {
    id: 'http1-upload',
    title: 'HTTP/1.1 keep-alive, 100 KB uploads, whole request first, 64 connections',
    async run(processes, settings) {
      const { port } = await processes.origin(small);
      const proxies = await beside(processes, port, {});
      const streamed = await processes.hopscope(port, { stream: true });
      const load = { script: 'upload.lua', path: '/upload' };
      return compare([...proxies, { name: 'hopscope, streamed', ...streamed }], settings, load);
    },
  },
  {
    id: 'cache-hit',
    title: 'Answered from the cache, small response, 64 connections (nginx: proxy_cache)',
    async run(processes, settings) {
      const { port } = await processes.origin(small, null, true);
      const filters = [{ type: 'cache' }];
      const proxies = [
        { name: 'hopscope', ...(await processes.hopscope(port, { filters })) },
        { name: 'nginx', ...(await processes.nginxProxy(port, null, { cache: true })) },
        {
          name: 'hopscope, events recorded',
          ...(await processes.hopscope(port, { filters, recorded: true })),
        },
      ];
      return compare(proxies, settings);
    },
  },
  {
    id: 'tls',
    title: 'TLS terminated, ECDSA P-256, keep-alive, small response, 64 connections',
    async run(processes, settings) {
      const { port } = await processes.origin(small);
      const tls = processes.certificate();
      return compare(await beside(processes, port, { mode: 'https' }, { tls }), settings, { tls: true });
    },
  },
  {
    id: 'tls-handshakes',
    title: 'TLS terminated, ECDSA P-256, a full handshake for every request, 16 connections',
    async run(processes, settings) {
      const { port } = await processes.origin(small);
      const tls = processes.certificate();
      const proxies = await beside(processes, port, { mode: 'https' }, { tls });
      return compare(proxies, settings, { tls: true, connections: 16, headers: ['Connection: close'] });
    },
  },
  {
    id: 'tcp',
    title: 'TCP relay, small messages, 64 connections',
    async run(processes, settings) {
      const { port } = await processes.origin(small);
      const peers = { haproxy: { mode: 'tcp' }, nginx: false };
      return compare(await beside(processes, port, { mode: 'tcp' }, peers), settings);
    },
  },
  {
    id: 'tcp-bulk',
    title: 'TCP relay, 4 MB responses, 8 connections',
    async run(processes, settings) {
      const { port } = await processes.origin(bulk);
      const peers = { haproxy: { mode: 'tcp' }, nginx: false };
      return compare(await beside(processes, port, { mode: 'tcp' }, peers), settings, { connections: 8 });
    },
  },
  {
    id: 'sni',
    title: 'TLS passed through by server name, keep-alive, small response, 64 connections',
    async run(processes, settings) {
      const tls = processes.certificate();
      const { port } = await processes.origin(small, tls);
      const peers = { haproxy: { mode: 'sni' }, nginx: false };
      return compare(await beside(processes, port, { mode: 'sni' }, peers), settings, { tls: true });
    },
  },
  {
    id: 'routes',
    title: 'HTTP/1.1 small response among 1, 100 and 10,000 routes',
    async run(processes, settings) {
      const { port } = await processes.origin(small);
      const proxies = [];
      for (const routes of [1, 100, 10_000]) {
        proxies.push({ name: `hopscope, ${routes} routes`, ...(await processes.hopscope(port, { routes })) });
      }
      return compare(proxies, settings);
    },
  },
];
