import { on, once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { ServerFrame } from '../../main/contract/frame';
import { CliSandbox } from '../helpers/cliProcess';

let sandbox: CliSandbox;
beforeEach(async () => {
  sandbox = await CliSandbox.make();
});
afterEach(() => sandbox.close());

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

function get(url: URL, headers: Record<string, string> = {}): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body }));
    });
    asked.on('error', reject);
    asked.end();
  });
}

async function startUi(...args: string[]) {
  const cli = sandbox.start('ui', '--no-open', ...args);
  const [, link] = await cli.text(/Open (http:\S+)\n/);
  return { cli, link: new URL(link!), home: new URL('/', link) };
}

const cookieOf = (reply: Reply) => String(reply.headers['set-cookie']).split(';')[0]!;

describe('hopscope ui', () => {
  it('prints the notice and a link that opens the built page once', async () => {
    const { cli, link, home } = await startUi('--notice', 'No window here.');
    expect(cli.stdout).toMatch(/^No window here\.\nOpen http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}\n$/);
    const entered = await get(link);
    expect(entered).toMatchObject({ status: 303, headers: { location: '/' } });
    const page = await get(home, { cookie: cookieOf(entered) });
    expect(page.status).toBe(200);
    expect(page.body).toMatch(/<meta name="hopscope-frame" content="\/frame\/[\w-]{43}\/"/);
    expect(page.headers['content-security-policy']).toContain("script-src 'self'");
    expect(await get(link)).toMatchObject({ status: 403 });
    cli.kill('SIGTERM');
    expect(await cli.finished).toMatchObject({ code: 0, stderr: '' });
  });

  it('serves every file that the built page names', async () => {
    const { link, home } = await startUi();
    const cookie = cookieOf(await get(link));
    const { body } = await get(home, { cookie });
    for (const [, path] of body.matchAll(/(?:src|href)="(\.?\/[^"]+)"/g)) {
      expect(await get(new URL(path!, home), { cookie }), path).toMatchObject({ status: 200 });
    }
    const framePath = /content="(\/frame\/[^"]+)"/.exec(body)![1]!;
    const script = await get(new URL(`${framePath}diagramFrame.js`, home));
    expect(script).toMatchObject({ status: 200 });
    expect(script.headers['content-type']).toContain('text/javascript');
  });

  it('refuses foreign Hosts, Origins and those without the cookie', async () => {
    const { link, home } = await startUi();
    const cookie = cookieOf(await get(link));
    expect(await get(home, { cookie, host: 'evil.test' })).toMatchObject({ status: 421 });
    expect(await get(home, { cookie, origin: 'http://evil.test' })).toMatchObject({ status: 403 });
    expect(await get(home)).toMatchObject({ status: 403 });
    expect(await get(new URL('/?token=guess', home))).toMatchObject({ status: 403 });
  });

  it('applies a workspace over the WebSocket and keeps it on disk', async () => {
    const { link, home } = await startUi();
    const cookie = cookieOf(await get(link));
    const socket = new WebSocket(`ws://${home.host}/ws`, { headers: { cookie, origin: home.origin } });
    const messages = on(socket, 'message');
    await once(socket, 'open');
    const ask = async (method: string, input?: unknown): Promise<ServerFrame> => {
      socket.send(JSON.stringify({ type: 'call', id: 1, method, input }));
      for (;;) {
        const frame = JSON.parse(String((await messages.next()).value[0])) as ServerFrame;
        if (frame.type !== 'event') return frame;
      }
    };
    expect(await ask('getAppInfo')).toMatchObject({ value: { host: 'browser', notice: null } });
    const document = { schemaVersion: 1, listeners: [{ id: 'raw', port: 0, protocol: 'tcp' }] };
    expect(await ask('applyConfig', { baseRevision: 1, document })).toMatchObject({
      type: 'result',
      value: { revision: 2 },
    });
    expect(await readFile(sandbox.path('data/workspace.yaml'), 'utf8')).toContain('id: raw');
    expect(await ask('nonsense')).toMatchObject({ type: 'error', error: { code: 'not_found' } });
    socket.terminate();
  });

  it('comes back on the same port, so that the browser keeps theme and drafts, and steps aside when it is taken', async () => {
    const first = await startUi();
    const beside = await startUi();
    expect(beside.home.port).not.toBe(first.home.port);
    for (const { cli } of [first, beside]) {
      cli.kill('SIGTERM');
      await cli.finished;
    }
    const again = await startUi();
    expect(again.home.origin).toBe(first.home.origin);
    const besideAgain = await startUi();
    expect(besideAgain.home.origin).toBe(beside.home.origin);
  });

  it('starts with a fresh port when the remembered ones cannot be read', async () => {
    await mkdir(sandbox.path('data'));
    await writeFile(sandbox.path('data/ui-ports.json'), '[22, "x", 70000');
    const { home } = await startUi();
    expect(JSON.parse(await readFile(sandbox.path('data/ui-ports.json'), 'utf8'))).toEqual([
      Number(home.port),
    ]);
  });

  it('says in one line that its port is in use', async () => {
    const { home } = await startUi();
    const second = await sandbox.run('ui', '--no-open', '--port', home.port);
    expect(second).toMatchObject({ code: 1, stdout: '' });
    expect(second.stderr).toMatch(/^hopscope ui: the user interface: port \d+ is in use/);
  });

  it('looks at a capture file and runs nothing, with --capture', async () => {
    const workspace = sandbox.path('data/workspace.yaml');
    await mkdir(sandbox.path('data'));
    await writeFile(workspace, 'schemaVersion: 1\nlisteners: [{ id: raw, port: 0, protocol: tcp }]\n');
    const text = `${'"é"\n'.repeat(200_000)}end`;
    await writeFile(sandbox.path('monday.ndjson'), text);
    const { link, home } = await startUi('--capture', sandbox.path('monday.ndjson'));
    const cookie = cookieOf(await get(link));
    const socket = new WebSocket(`ws://${home.host}/ws`, { headers: { cookie, origin: home.origin } });
    const messages = on(socket, 'message');
    await once(socket, 'open');
    const ask = async (method: string, input?: unknown) => {
      socket.send(JSON.stringify({ type: 'call', id: 1, method, input }));
      return JSON.parse(String((await messages.next()).value[0])) as { value?: unknown; error?: unknown };
    };
    expect(await ask('getAppInfo')).toMatchObject({ value: { isViewer: true } });
    const bytes = Buffer.byteLength(text);
    expect(await ask('getOfferedCapture')).toMatchObject({
      value: { offered: { id: 1, name: 'monday.ndjson', bytes } },
    });
    let read = '';
    let parts = 0;
    for (let from: number | null = 0; from !== null; parts++) {
      const { value } = await ask('readOfferedCapture', { id: 1, from });
      const part = value as { text: string; next: number | null };
      read += part.text;
      from = part.next;
    }
    expect(read === text).toBe(true);
    expect(parts).toBeGreaterThan(1);
    expect(await ask('getRunningConfig')).toMatchObject({ error: { code: 'unavailable' } });
    expect(await ask('readOfferedCapture', { id: 2, from: 0 })).toMatchObject({
      error: { code: 'not_found' },
    });
    socket.terminate();
    expect(await readdir(sandbox.path('data'))).not.toContain('history');
  });

  it('says which capture file is not there', async () => {
    const run = await sandbox.run('ui', '--no-open', '--capture', sandbox.path('none.ndjson'));
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toMatch(/^hopscope ui: \S+none\.ndjson cannot be opened: ENOENT/);
    expect(await sandbox.run('ui', '--capture', 'x', '--store', 'y')).toMatchObject({ code: 2 });
  });
});
