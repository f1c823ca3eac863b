// "Copy as curl": the real curl, told so by a real shell, asks a server for the same that the built-in client asks for.
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Composed, firstComposed } from '../../renderer/composer/composed';
import { formatCurl } from '../../renderer/composer/formatCurl';
import { parseCurl } from '../../renderer/composer/parseCurl';
import { toRequest } from '../../renderer/composer/toRequest';
import { watchSend } from '../helpers/clientSend';

const run = promisify(execFile);

/** What curl adds unasked. */
const ofCurl = new Set(['user-agent', 'accept']);

describe('a composed request as a curl command', () => {
  const seen: unknown[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method, url, rawHeaders } = request;
      const fields: string[] = [];
      for (let index = 0; index < rawHeaders.length; index += 2) {
        const name = rawHeaders[index]!.toLowerCase();
        if (!ofCurl.has(name)) fields.push(`${name}: ${rawHeaders[index + 1]}`);
      }
      seen.push({ method, url, fields: fields.sort(), body: Buffer.concat(chunks).toString() });
      response.end();
    });
  });
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
    ['HEAD', (port) => ({ method: 'HEAD', url: `http://shop.test:${port}/` })],
    ['credentials in the URL', (port) => ({ url: `http://ann:p%20w@shop.test:${port}/` })],
  ])('%s', async (_name, part) => {
    const { port, ...surroundings } = around();
    const composed: Composed = { ...firstComposed, ...part(port) };
    const made = toRequest(composed, surroundings);
    const curl = formatCurl(composed, surroundings);
    if (made.kind === 'problem') throw new Error(made.message);
    if (curl.kind === 'problem') throw new Error(curl.message);
    expect(curl.without).toEqual([]);
    seen.length = 0;
    await watchSend(made.request, { listeners: surroundings.listeners }).result;
    await run('bash', ['--norc', '-c', curl.command]);
    // And once more, as somebody who got the command would paste it.
    const pasted = parseCurl(curl.command);
    if (pasted.kind === 'problem') throw new Error(pasted.message);
    const again = toRequest(pasted.composed, surroundings);
    if (again.kind === 'problem') throw new Error(again.message);
    await watchSend(again.request, { listeners: surroundings.listeners }).result;
    expect(seen).toHaveLength(3);
    expect(seen[1]).toEqual(seen[0]);
    // A Host that the URL does not have stays with the URL that was typed.
    if (composed.through === '') expect(seen[2]).toEqual(seen[0]);
  });
});
