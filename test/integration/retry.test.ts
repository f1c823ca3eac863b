import { afterEach, describe, expect, it } from 'vitest';
import type { HttpRouteDocument, PoolDocument, WorkspaceDocument } from '../../main/contract/config';
import { EngineHarness, freePort, TestClient, TestServer } from '../helpers/engineHarness';
import { get, ok, post } from '../helpers/httpHarness';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const unavailable = 'HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy';

interface Scripted {
  readonly port: number;
  /** Whole requests, in order of their coming. */
  readonly requests: string[];
}

/** Answers each request with the next of `answers`, the last one for ever; null = resets the connection. */
async function startScripted(answers: readonly (string | null)[]): Promise<Scripted> {
  const requests: string[] = [];
  const server = await TestServer.start((socket) => {
    let text = '';
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1');
      const headEnd = text.indexOf('\r\n\r\n');
      if (headEnd === -1) return;
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
      if (text.length < headEnd + 4 + length) return;
      requests.push(text);
      text = '';
      const answer = answers[Math.min(requests.length, answers.length) - 1];
      if (answer == null) socket.resetAndDestroy();
      else socket.write(answer);
    });
  });
  closers.push(() => server.close());
  return { port: server.port, requests };
}

async function start(
  ports: readonly number[],
  route: Partial<HttpRouteDocument> = {},
  pool: Partial<PoolDocument> = {},
): Promise<EngineHarness> {
  const endpoints = ports.map((port) => ({ address: '127.0.0.1', port }));
  const retry = { backoffMs: 1 };
  const workspace: WorkspaceDocument = {
    schemaVersion: 1,
    listeners: [{ id: 'web', port: 0, protocol: 'http' }],
    routes: [{ id: 'all', kind: 'http', listeners: ['web'], backends: [{ pool: 'p' }], retry, ...route }],
    pools: [{ id: 'p', endpoints, ...pool }],
  };
  const harness = new EngineHarness({ random: () => 0.5 });
  closers.push(() => harness.close());
  await harness.run(workspace);
  return harness;
}

/** The status line and the body of the answer. */
async function send(harness: EngineHarness, request: string): Promise<string> {
  const client = await TestClient.connect(harness.port('web'));
  client.socket.write(request);
  await client.until(() => /content-length: (\d+)/i.test(client.text) && isWhole(client.text));
  client.socket.destroy();
  return client.text;
}

function isWhole(text: string): boolean {
  const length = Number(/content-length: (\d+)/i.exec(text)![1]);
  const headEnd = text.indexOf('\r\n\r\n');
  return headEnd !== -1 && text.length >= headEnd + 4 + length;
}

describe('a retry', () => {
  it('goes to another endpoint when one refuses the connection', async () => {
    const [closed, good] = [await freePort(), await startScripted([ok('fine')])];
    const harness = await start([closed, good.port]);
    expect(await send(harness, get())).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*fine$/);
    const retry = await harness.waitFor('retry.scheduled');
    expect(retry).toMatchObject({ flowId: 1, attempt: 2, delayMs: 1 });
    const closedFlow = await harness.waitFor('flow.closed');
    expect(closedFlow.outcome).toBe('completed');
    const picks = harness.events.filter((event) => event.kind === 'endpoint.picked');
    expect(picks.map((event) => event.endpoint)).toEqual([`127.0.0.1:${closed}`, `127.0.0.1:${good.port}`]);
  });

  it('sends a held body again, whole, after a status that the rule names', async () => {
    const [busy, good] = [await startScripted([unavailable]), await startScripted([ok('done')])];
    const harness = await start([busy.port, good.port]);
    const body = 'x'.repeat(200_000);
    expect(await send(harness, post(body).replace('POST', 'PUT'))).toMatch(/^HTTP\/1\.1 200 [\s\S]*done$/);
    for (const { requests } of [busy, good]) {
      expect(requests).toHaveLength(1);
      expect(requests[0]!.endsWith(`\r\n\r\n${body}`)).toBe(true);
    }
    expect((await harness.waitFor('retry.scheduled')).reason).toBe('the endpoint answered 503');
  });

  it('sends a body that went to a file again', async () => {
    const [busy, good] = [await startScripted([unavailable]), await startScripted([ok('done')])];
    const harness = await start([busy.port, good.port], { bufferBytes: 1000 });
    const body = Array.from({ length: 40_000 }, (_, index) => `${index};`).join('');
    await send(harness, post(body).replace('POST', 'PUT'));
    expect(good.requests[0]!.endsWith(`\r\n\r\n${body}`)).toBe(true);
  });

  it('goes to the same endpoint when there is no other, after a reset', async () => {
    const flaky = await startScripted([null, null, ok('third')]);
    const harness = await start([flaky.port], { retry: { attempts: 2, backoffMs: 1 } });
    expect(await send(harness, get())).toMatch(/third$/);
    expect(flaky.requests).toHaveLength(3);
  });

  it('ends after the attempts of the rule, and the last answer is passed on', async () => {
    const busy = await startScripted([unavailable]);
    const harness = await start([busy.port], { retry: { attempts: 3, backoffMs: 1 } });
    expect(await send(harness, get())).toMatch(/^HTTP\/1\.1 503 [\s\S]*busy$/);
    expect(busy.requests).toHaveLength(4);
    const delays = harness.events.filter((event) => event.kind === 'retry.scheduled');
    expect(delays.map(({ delayMs }) => delayMs)).toEqual([1, 2, 3]);
  });

  it.each([
    ['a POST', post('once'), {}],
    ['a body that is streamed', post('once').replace('POST', 'PUT'), { requestBuffering: 'stream' as const }],
    ['a status that the rule does not name', get(), { retry: { on: ['reset' as const] } }],
    ['no rule', get(), { retry: undefined }],
  ])('never happens to %s', async (_title, request, route) => {
    const busy = await startScripted([unavailable]);
    const harness = await start([busy.port], route as Partial<HttpRouteDocument>);
    expect(await send(harness, request)).toMatch(/^HTTP\/1\.1 503 /);
    await harness.waitFor('flow.closed');
    expect(busy.requests).toHaveLength(1);
    expect(harness.events.some(({ kind }) => kind === 'retry.scheduled')).toBe(false);
  });

  it('is refused when the budget of the pool is used up, and the flow says so', async () => {
    const closed = await freePort();
    const harness = await start([closed], { retry: { attempts: 10, backoffMs: 0 } });
    for (let turn = 0; turn < 4; turn++) expect(await send(harness, get())).toMatch(/^HTTP\/1\.1 502 /);
    const refused = await harness.waitFor('flow.failed', ({ flowId }) => flowId === 4);
    expect(refused.message).toContain('not retried: the retry budget of the pool is used up');
    expect(harness.events.filter(({ kind }) => kind === 'retry.scheduled')).toHaveLength(30);
  });

  it('ends with the client: nothing is sent for one that has left', async () => {
    const busy = await startScripted([unavailable]);
    const harness = await start([busy.port], { retry: { backoffMs: 60_000 } });
    const client = await TestClient.connect(harness.port('web'));
    client.socket.write(get());
    await harness.waitFor('retry.scheduled');
    client.socket.resetAndDestroy();
    expect(await harness.waitFor('flow.closed')).toMatchObject({ outcome: 'aborted' });
    expect(busy.requests).toHaveLength(1);
  });

  it('still ends in the time of the whole request', async () => {
    const busy = await startScripted([unavailable]);
    const timeouts = { requestMs: 20, backendMs: 5 };
    const harness = await start([busy.port], { retry: { backoffMs: 60_000 }, timeouts });
    expect(await send(harness, get())).toMatch(/^HTTP\/1\.1 504 /);
    expect((await harness.waitFor('timeout')).timeout).toBe('request');
  });
});
