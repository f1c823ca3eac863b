import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { FrameChannel } from '../../../main/contract/frame';
import { startUiServer, type UiServer } from '../../../main/transport/uiServer';

let folder = '';
let server: UiServer;
let channels: FrameChannel[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hopscope-ui-'));
  await mkdir(join(folder, 'diagram'));
  await writeFile(join(folder, 'index.html'), '<html><head></head><body>UI</body></html>');
  await writeFile(join(folder, 'diagram', 'diagramFrame.js'), 'run();');
  channels = [];
  server = await startUiServer({ rendererFolder: folder, port: 0, connect: (each) => channels.push(each) });
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

interface Reply {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const asked = request(
      { host: '127.0.0.1', port: server.port, path, method, headers, agent: false },
      (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (text: string) => {
          body += text;
        });
        response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body }));
      },
    );
    asked.on('error', reject);
    asked.end();
  });
}

const pathOf = (link: string) => link.slice(`http://127.0.0.1:${server.port}`.length);

async function logIn(): Promise<string> {
  const reply = await get(pathOf(server.newLink()));
  return String(reply.headers['set-cookie']).split(';')[0]!;
}

describe('the UI server over HTTP', () => {
  it('exchanges the token for a cookie by a redirect that leaves the token behind', async () => {
    const reply = await get(pathOf(server.newLink()));
    expect(reply.status).toBe(303);
    expect(reply.headers.location).toBe('/');
    expect(String(reply.headers['set-cookie'])).toMatch(
      /^hopscope-\d+=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/,
    );
  });

  it('serves the page with its policies to who has the cookie', async () => {
    const reply = await get('/', { cookie: await logIn() });
    expect(reply.status).toBe(200);
    expect(reply.body).toContain('UI');
    expect(reply.headers['content-security-policy']).toContain("default-src 'none'");
    expect(reply.headers['x-content-type-options']).toBe('nosniff');
    expect(reply.headers['access-control-allow-origin']).toBeUndefined();
  });

  it('answers 304 to a page that the browser has', async () => {
    const cookie = await logIn();
    const { headers } = await get('/', { cookie });
    expect((await get('/', { cookie, 'if-none-match': String(headers.etag) })).status).toBe(304);
  });

  it('refuses a token that was used, in one sentence that says how to go on', async () => {
    const path = pathOf(server.newLink());
    await get(path);
    const again = await get(path);
    expect(again.status).toBe(403);
    expect(again.body).toMatch(/used already.*Press Enter in the terminal/);
    expect(again.headers['set-cookie']).toBeUndefined();
  });

  it('lets who has the cookie open an old link', async () => {
    const path = pathOf(server.newLink());
    const cookie = await logIn();
    await get(path);
    expect(await get(path, { cookie })).toMatchObject({ status: 303, headers: { location: '/' } });
  });

  it.each(['evil.test', 'evil.test:80', '127.0.0.1', '127.0.0.1:1', '[::1]:80'])(
    'answers 421 to the Host %j',
    async (host) => {
      expect((await get('/', { host, cookie: await logIn() })).status).toBe(421);
      expect((await get(pathOf(server.newLink()), { host })).status).toBe(421);
    },
  );

  it.each(['http://evil.test', 'null', 'https://127.0.0.1', 'http://127.0.0.1:1'])(
    'answers 403 to the Origin %j',
    async (origin) => {
      const reply = await get('/', { origin, cookie: await logIn() });
      expect(reply.status).toBe(403);
      expect(reply.body).not.toContain('UI');
    },
  );

  it.each(['', 'hopscope-1=x', 'other=1'])('answers 403 to the cookie %j', async (cookie) => {
    const reply = await get('/', cookie === '' ? {} : { cookie });
    expect(reply).toMatchObject({ status: 403 });
    expect(reply.body.trim().split('\n')).toHaveLength(1);
  });

  it('refuses other methods and paths', async () => {
    const cookie = await logIn();
    expect((await get('/', { cookie }, 'POST')).status).toBe(405);
    expect((await get('/', { cookie }, 'OPTIONS')).status).toBe(405);
    expect((await get('/../package.json', { cookie })).status).toBe(404);
    expect((await get('/diagram/diagramFrame.js', { cookie })).status).toBe(404);
  });

  it('serves the diagram frame without a cookie under the path that only the page knows', async () => {
    const page = await get('/', { cookie: await logIn() });
    const framePath = /name="hopscope-frame" content="([^"]+)"/.exec(page.body)![1]!;
    const frame = await get(`${framePath}index.html`, { origin: 'null' });
    expect(frame).toMatchObject({ status: 200 });
    expect(frame.headers['content-security-policy']).toContain('sandbox allow-scripts');
    expect((await get(`${framePath}diagramFrame.js`)).body).toBe('run();');
    expect((await get(`${framePath}../index.html`)).status).toBe(404);
    expect((await get('/frame/guess/index.html')).status).toBe(403);
    expect((await get(`${framePath}index.html`, { host: 'evil.test' })).status).toBe(421);
  });
});

describe('the UI server over WebSocket', () => {
  async function open(headers: Record<string, string>, path = '/ws'): Promise<number | WebSocket> {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, { headers });
    return new Promise((resolve, reject) => {
      socket.on('open', () => resolve(socket));
      socket.on('unexpected-response', (_request, response) => {
        response.resume();
        resolve(response.statusCode!);
      });
      socket.on('error', reject);
    });
  }
  const origin = () => `http://127.0.0.1:${server.port}`;

  it('opens a channel for our own page', async () => {
    const socket = await open({ cookie: await logIn(), origin: origin() });
    expect(socket).toBeInstanceOf(WebSocket);
    const arrived = new Promise((resolve) => channels[0]!.onMessage(resolve));
    (socket as WebSocket).send('{"hello":1}');
    expect(await arrived).toEqual({ hello: 1 });
  });

  it('refuses everybody else', async () => {
    const cookie = await logIn();
    expect(await open({ origin: origin() })).toBe(403);
    expect(await open({ cookie })).toBe(403);
    expect(await open({ cookie, origin: 'http://evil.test' })).toBe(403);
    expect(await open({ cookie, origin: 'null' })).toBe(403);
    expect(await open({ cookie, origin: origin(), host: 'evil.test' })).toBe(421);
    expect(await open({ cookie, origin: origin() }, '/other')).toBe(404);
    expect(channels).toHaveLength(0);
  });

  it('cuts a message that is larger than any call', async () => {
    const socket = (await open({ cookie: await logIn(), origin: origin() })) as WebSocket;
    const closed = once(socket, 'close');
    socket.send(JSON.stringify({ text: 'x'.repeat(9 * 1024 * 1024) }));
    expect((await closed)[0]).toBe(1009);
  });

  it('opens a bounded number of windows', async () => {
    const headers = { cookie: await logIn(), origin: origin() };
    for (let index = 0; index < 32; index++) expect(await open(headers)).toBeInstanceOf(WebSocket);
    expect(await open(headers)).toBe(503);
  });
});
