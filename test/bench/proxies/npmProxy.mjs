// `node npmProxy.mjs PACKAGE PORT ORIGIN-PORT`: one npm proxy as a process of its own.
import { Agent, createServer } from 'node:http';

const [name, port, originPort] = process.argv.slice(2);
const target = `http://127.0.0.1:${originPort}`;
const agent = () => new Agent({ keepAlive: true, maxSockets: 128 });

const starts = {
  'http-proxy': async () => {
    const { default: httpProxy } = await import('http-proxy');
    return withHandler(httpProxy.createProxyServer({ target, agent: agent(), xfwd: true }));
  },
  'http-proxy-3': async () => {
    const { createProxyServer } = await import('http-proxy-3');
    return withHandler(createProxyServer({ target, agent: agent(), xfwd: true }));
  },
  'fast-proxy': async () => {
    const { default: fastProxy } = await import('fast-proxy');
    const { proxy } = fastProxy({ base: target });
    createServer((request, response) => proxy(request, response, request.url, {})).listen(
      Number(port),
      '127.0.0.1',
    );
  },
  '@fastify/http-proxy': async () => {
    const [{ default: fastify }, { default: plugin }] = await Promise.all([
      import('fastify'),
      import('@fastify/http-proxy'),
    ]);
    const server = fastify();
    server.register(plugin, { upstream: target });
    await server.listen({ port: Number(port), host: '127.0.0.1' });
  },
};

function withHandler(proxy) {
  createServer((request, response) => proxy.web(request, response)).listen(Number(port), '127.0.0.1');
}

await starts[name]();
