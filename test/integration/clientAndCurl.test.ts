// "Copy as curl": the real curl, told so by a real shell, asks a server for the same that the built-in client asks for.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttp2Server, createSecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Composed, firstComposed } from '../../renderer/composer/composed';
import { formatCurl } from '../../renderer/composer/formatCurl';
import { parseCurl } from '../../renderer/composer/parseCurl';
import { toRequest } from '../../renderer/composer/toRequest';
import type { Surroundings } from '../../renderer/composer/wayOfUrl';
import { watchSend } from '../helpers/clientSend';
import { TestAuthority } from './testAuthority';

const run = promisify(execFile);

/** What curl adds unasked. */
const ofCurl = new Set(['user-agent', 'accept']);

const seen: unknown[] = [];

/** Writes down all that was asked. */
function note(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { method, url, rawHeaders, httpVersion } = request;
    const fields: string[] = [];
    for (let index = 0; index < rawHeaders.length; index += 2) {
      const name = rawHeaders[index]!.toLowerCase();
      if (!ofCurl.has(name)) fields.push(`${name}: ${rawHeaders[index + 1]}`);
    }
    const { servername, alpnProtocol } = request.socket as TLSSocket;
    const body = Buffer.concat(chunks).toString('latin1');
    seen.push({ method, url, httpVersion, fields: fields.sort(), body, servername, alpnProtocol });
    response.end();
  });
}

/** Sends it from here and by the command; both must have asked the same. Returns what the command lacks. */
async function compare(
  composed: Composed,
  surroundings: Surroundings,
  trusted: readonly string[] = [],
): Promise<{ readonly command: string; readonly without: readonly string[] }> {
  const made = toRequest(composed, surroundings);
  const curl = formatCurl(composed, surroundings);
  if (made.kind === 'problem') throw new Error(made.message);
  if (curl.kind === 'problem') throw new Error(curl.message);
  seen.length = 0;
  const sent = await watchSend(made.request, { listeners: surroundings.listeners, trusted }).result;
  expect(sent.problem).toBeNull();
  await run('bash', ['--norc', '-c', curl.command]);
  expect(seen).toHaveLength(2);
  expect(seen[1]).toEqual(seen[0]);
  return curl;
}

describe('a composed request as a curl command', () => {
  const server = createServer(note);
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const around = () => {
    const { port } = server.address() as AddressInfo;
    return {
      port,
      listeners: [{ id: 'web', address: '127.0.0.1', port, protocol: 'http' }],
      document: null,
      certificates: [],
      caFile: null,
    };
  };

  it.each<[string, (port: number) => Partial<Composed>]>([
    ['a plain GET', (port) => ({ url: `http://shop.test:${port}/a/../b?c=d&e={f}[g]` })],
    ['another host than the URL says', () => ({ url: 'http://shop.test/', through: 'web' })],
    [
      'headers that a shell could take apart',
      (port) => ({
        url: `http://shop.test:${port}/`,
        headers: `X-Quotes: it's "so" $HOME \`id\` \\n\nX-Empty:\nX-Twice: 1\nX-Twice: 2`,
      }),
    ],
    [
      'a body',
      (port) => ({
        method: 'PUT',
        url: `http://shop.test:${port}/cart`,
        headers: 'Content-Type: application/json',
        body: { kind: 'text', text: '{"a": "it\'s $1"}\n@not-a-file\n' },
      }),
    ],
    [
      'a body without a type',
      (port) => ({ method: 'POST', url: `http://shop.test:${port}/`, body: { kind: 'text', text: 'x=ü' } }),
    ],
    [
      'bytes that no argument can hold',
      (port) => ({
        method: 'POST',
        url: `http://shop.test:${port}/`,
        body: {
          kind: 'file',
          name: 'a.bin',
          bytes: 256,
          data: Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)).toString('base64'),
        },
      }),
    ],
    [
      'a NUL in a text',
      (port) => ({ method: 'PUT', url: `http://shop.test:${port}/`, body: { kind: 'text', text: 'a\0ü' } }),
    ],
    [
      'a body in the chunked coding',
      (port) => ({
        method: 'POST',
        url: `http://shop.test:${port}/`,
        framing: 'chunked',
        body: { kind: 'text', text: 'hello' },
      }),
    ],
    [
      'a body that waits for 100 Continue',
      (port) => ({
        method: 'POST',
        url: `http://shop.test:${port}/`,
        expectContinue: true,
        body: { kind: 'text', text: 'hello' },
      }),
    ],
    [
      'a method with neither body nor length',
      (port) => ({ method: 'DELETE', url: `http://shop.test:${port}/a` }),
    ],
    ['HEAD', (port) => ({ method: 'HEAD', url: `http://shop.test:${port}/` })],
    ['credentials in the URL', (port) => ({ url: `http://ann:p%20w@shop.test:${port}/` })],
  ])('%s', async (_name, part) => {
    const { port, ...surroundings } = around();
    const composed: Composed = { ...firstComposed, ...part(port) };
    const { command, without } = await compare(composed, surroundings);
    expect(without).toEqual([]);
    if (command.startsWith('printf')) return;
    // And once more, as somebody who got the command would paste it.
    const pasted = parseCurl(command);
    if (pasted.kind === 'problem') throw new Error(pasted.message);
    const again = toRequest(pasted.composed, surroundings);
    if (again.kind === 'problem') throw new Error(again.message);
    await watchSend(again.request, { listeners: surroundings.listeners }).result;
    expect(seen).toHaveLength(3);
    // A Host that the URL does not have stays with the URL that was typed.
    if (composed.through === '') expect(seen[2]).toEqual(seen[0]);
  });
});

describe('a composed request over TLS or HTTP/2 as a curl command', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hopscope-curl-'));
  const caFile = join(folder, "the 'ca'.pem");
  let authority: TestAuthority;
  let secure: ReturnType<typeof createSecureServer>;
  const plain = createHttp2Server((request, response) =>
    note(request as unknown as IncomingMessage, response as unknown as ServerResponse),
  );
  const around = (): Surroundings => ({
    listeners: [
      { id: 'secure', address: '127.0.0.1', port: (secure.address() as AddressInfo).port, protocol: 'https' },
      { id: 'plain', address: '127.0.0.1', port: (plain.address() as AddressInfo).port, protocol: 'http' },
    ],
    document: null,
    certificates: [],
    caFile,
  });

  beforeAll(async () => {
    authority = await TestAuthority.create();
    writeFileSync(caFile, authority.pem);
    const { certificateChainPem, privateKeyPem } = await authority.issue('shop.test');
    secure = createSecureServer(
      { cert: certificateChainPem, key: privateKeyPem, allowHTTP1: true },
      (request, response) =>
        note(request as unknown as IncomingMessage, response as unknown as ServerResponse),
    );
    for (const each of [secure, plain])
      await new Promise<void>((resolve) => each.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    secure.close();
    plain.close();
    rmSync(folder, { recursive: true });
  });

  it.each<[string, Partial<Composed>]>([
    ['HTTP/1.1 over TLS that the local CA is trusted for', { protocol: 'http1' }],
    ['HTTP/2 by ALPN, with a body', { protocol: 'h2', method: 'POST', body: { kind: 'text', text: 'hi' } }],
    ['whatever ALPN chooses', { protocol: 'auto' }],
    [
      'another server name than the host name',
      { tls: { ...firstComposed.tls, serverName: 'other', otherName: 'other.test', verify: false } },
    ],
    ['no server name', { tls: { ...firstComposed.tls, serverName: 'none', verify: false } }],
    [
      'HTTP/2 with another server name',
      {
        protocol: 'h2',
        tls: { ...firstComposed.tls, serverName: 'other', otherName: 'other.test', verify: false },
      },
    ],
    ['TLS 1.2 at most', { tls: { ...firstComposed.tls, maxVersion: 'TLSv1.2' } }],
  ])('%s', async (_name, part) => {
    const surroundings = around();
    const url = `https://shop.test:${surroundings.listeners[0]!.port}/a?b=c`;
    const { without } = await compare({ ...firstComposed, url, ...part }, surroundings, [authority.pem]);
    expect(without).toEqual([]);
  });

  it('HTTP/2 in the clear, with bytes that are no text', async () => {
    const surroundings = around();
    const body = { kind: 'file', name: 'x', bytes: 3, data: 'AP8K' } as const;
    const url = `http://shop.test:${surroundings.listeners[1]!.port}/`;
    const { without } = await compare(
      { ...firstComposed, url, protocol: 'h2', method: 'PUT', body },
      surroundings,
    );
    expect(without).toEqual([]);
    expect(seen[0]).toMatchObject({ httpVersion: '2.0', body: '\0\xff\n' });
  });
});
