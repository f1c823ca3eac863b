// Real servers, a workspace in front of them, and the requests that make one diagram each.
import { once } from 'node:events';
import { createServer as createHttpServer, request } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { get as getHttps } from 'node:https';
import { connect as connectTcp, createServer as createTcpServer } from 'node:net';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';
import { WebSocket, WebSocketServer } from 'ws';

/** `caPem` is what clients trust; the other two are for the server behind the passthrough. */
export async function sceneTraffic({ caPem, chainPem, keyPem }) {
  const servers = [];
  const start = async (server) => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    servers.push(server);
    return server.address().port;
  };
  const shop = await start(
    createHttpServer((incoming, response) => {
      let bytes = 0;
      incoming.on('data', (data) => {
        bytes += data.length;
      });
      incoming.on('end', () => {
        response.setHeader('cache-control', 'max-age=60');
        response.end(`${incoming.method} ${incoming.url}, ${bytes} bytes\n`);
      });
    }),
  );
  const next = await start(createHttpServer((_incoming, response) => response.end('the next version\n')));
  const flaky = await start(flakyServer());
  const echo = await start(
    createTcpServer((socket) => socket.on('error', () => socket.destroy()).pipe(socket)),
  );
  const bank = await start(
    createTlsServer({ cert: chainPem, key: keyPem }, (socket) => {
      socket.on('error', () => socket.destroy());
      socket.once('data', () =>
        socket.end('HTTP/1.1 200 OK\r\nContent-Length: 7\r\nConnection: close\r\n\r\nsealed\n'),
      );
    }),
  );
  const chatServer = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  chatServer.on('connection', (socket) => socket.on('message', (data) => socket.send(`you said ${data}`)));
  await once(chatServer, 'listening');
  const ports = await freePorts(4);
  const [web, secure, edge, raw] = ports;
  const tls = { host: '127.0.0.1', ca: caPem };

  return {
    workspace: workspaceText({
      web,
      secure,
      edge,
      raw,
      shop,
      next,
      flaky,
      echo,
      bank,
      chat: chatServer.address().port,
    }),
    scenes: [
      {
        name: '01-l7-buffered',
        filter: 'route:buffered',
        level: 'Chunks',
        run: () => twice(() => upload(web, '/buffered/upload')),
        packets: true,
      },
      {
        name: '02-l7-streamed',
        filter: 'route:streamed',
        level: 'Chunks',
        run: () => twice(() => upload(web, '/streamed/upload')),
      },
      { name: '03-l4', filter: 'route:raw', level: 'Chunks', run: () => talk(connectTcp(raw, '127.0.0.1')) },
      {
        name: '04-tls-terminate',
        filter: 'listener:secure route:shop',
        level: 'Messages',
        run: () => ask(getHttps, { ...tls, port: secure, servername: 'shop.test', path: '/cart' }),
        hasTls: true,
        packets: true,
      },
      {
        name: '05-tls-passthrough',
        filter: 'route:sealed',
        level: 'Messages',
        run: () => talk(connectTls({ ...tls, port: edge, servername: 'bank.test' })),
      },
      {
        name: '06-cache-hit',
        filter: 'route:cached',
        level: 'Messages',
        run: async () => {
          // A shared cache does not keep what was asked with Authorization (RFC 9111 3.5).
          const headers = { host: 'shop.test' };
          for (let count = 0; count < 2; count++)
            await ask(request, { port: web, path: '/cached/logo', headers });
        },
      },
      {
        name: '07-canary',
        filter: 'route:canary',
        level: 'Decisions',
        run: async () => {
          for (let count = 0; count < 4; count++) await ask(request, { port: web, path: '/canary/' });
        },
      },
      {
        name: '08-retry-after-reset',
        filter: 'route:flaky',
        level: 'Messages',
        run: () => ask(request, { port: web, path: '/flaky/' }),
      },
      {
        name: '09-websocket',
        filter: 'route:chat',
        level: 'Messages',
        run: () => chat(`ws://127.0.0.1:${web}/chat`),
      },
      {
        name: '10-h2-three-streams',
        filter: 'path:/streams',
        isWhole: true,
        level: 'Messages',
        run: () => threeStreams(secure, caPem),
        packets: true,
      },
    ],
    close: async () => {
      for (const socket of chatServer.clients) socket.terminate();
      chatServer.close();
      for (const server of servers) {
        server.close();
        server.closeAllConnections?.();
      }
    },
  };
}

function workspaceText(port) {
  const pool = (id, ...ports) =>
    `  - { id: ${id}, endpoints: [${ports.map((each) => `{ address: 127.0.0.1, port: ${each} }`).join(', ')}] }`;
  const route = (id, path, more) =>
    `  - { id: ${id}, kind: http, listeners: [web], matches: [{ path: { type: prefix, value: ${path} } }], ${more} }`;
  return `schemaVersion: 1
listeners:
  - { id: web, port: ${port.web}, protocol: http }
  - { id: secure, port: ${port.secure}, protocol: https, tls: { certificates: [shop], alpn: [h2, http/1.1] } }
  - { id: edge, port: ${port.edge}, protocol: tls }
  - { id: raw, port: ${port.raw}, protocol: tcp }
routes:
${route('buffered', '/buffered', 'requestBuffering: full, backends: [{ pool: shop }]')}
${route('streamed', '/streamed', 'requestBuffering: stream, backends: [{ pool: shop }]')}
${route('cached', '/cached', 'filters: [{ type: cache }], backends: [{ pool: shop }]')}
${route('canary', '/canary', 'backends: [{ pool: shop, weight: 50 }, { pool: next, weight: 50 }]')}
${route('flaky', '/flaky', 'retry: { attempts: 1, on: [reset] }, backends: [{ pool: flaky }]')}
${route('chat', '/chat', 'backends: [{ pool: chat }]')}
  - { id: shop, kind: http, listeners: [secure], hostnames: [shop.test], backends: [{ pool: shop }] }
  - { id: sealed, kind: tls, listeners: [edge], hostnames: [bank.test], mode: passthrough, backends: [{ pool: bank }] }
  - { id: raw, kind: tcp, listeners: [raw], backends: [{ pool: echo }] }
pools:
${pool('shop', port.shop)}
${pool('next', port.next)}
${pool('flaky', port.flaky)}
${pool('chat', port.chat)}
${pool('bank', port.bank)}
${pool('echo', port.echo)}
capture: { headers: full, bodies: on }
`;
}

/** Resets the first connection that asks for something, answers every later one. */
function flakyServer() {
  let asked = 0;
  return createTcpServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.on('data', () => {
      if (++asked === 1) socket.resetAndDestroy();
      else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nagain\n');
    });
  });
}

function ask(how, options) {
  return new Promise((done, fail) => {
    const headers = { host: options.servername ?? 'shop.test', authorization: 'Basic c2VjcmV0' };
    const sent = how({ host: '127.0.0.1', agent: false, headers, ...options }, (response) =>
      response.resume().on('end', done),
    );
    sent.on('error', fail);
    sent.end();
  });
}

/** Five parts of 12 KB, a moment apart, so that each is a read of its own. */
async function upload(port, path) {
  const part = 'x'.repeat(12_000);
  const headers = { host: 'shop.test', 'content-length': 5 * part.length };
  const sent = request({ host: '127.0.0.1', port, path, method: 'POST', headers, agent: false });
  const answered = once(sent, 'response');
  for (let count = 0; count < 5; count++) {
    sent.write(part);
    await new Promise((done) => setTimeout(done, 15));
  }
  sent.end();
  const [response] = await answered;
  await once(response.resume(), 'end');
}

async function talk(socket) {
  const text = 'GET / HTTP/1.1\r\nHost: bank.test\r\n\r\n';
  socket.write(text);
  await once(socket, 'data');
  socket.end();
  await once(socket.resume(), 'close');
}

async function chat(url) {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  await once(socket, 'open');
  for (const text of ['hello', 'are you there?']) {
    socket.send(text);
    await once(socket, 'message');
  }
  socket.close();
  await once(socket, 'close');
}

async function threeStreams(port, ca) {
  const session = connectHttp2(`https://127.0.0.1:${port}`, { ca, servername: 'shop.test' });
  await Promise.all(
    ['/streams/a', '/streams/b', '/streams/c'].map(async (path) => {
      const stream = session.request({ ':path': path, ':authority': 'shop.test' });
      await once(stream.resume(), 'end');
    }),
  );
  session.close();
  await once(session, 'close');
}

async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createTcpServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => server.address().port);
  for (const server of servers) server.close();
  return ports;
}

/** The first time code is compiled and connections are opened; the second shows how it usually is. */
async function twice(run) {
  await run();
  await run();
}
