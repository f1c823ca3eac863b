// Each kind of sample server, asked by a real client.
import { connect as connectHttp2 } from 'node:http2';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type SampleName, sampleNames } from '../../../../main/contract/sampleApi';
import { SampleServers } from '../../../../main/lab/sampleServers';
import { chance } from '../../../../main/lab/samples/chance';
import { isFailure } from '../../../../main/lab/samples/flaky';
import { sendTo } from '../../../helpers/clientSend';

const samples = new SampleServers();
beforeAll(async () => {
  await samples.start(sampleNames);
});
afterAll(() => samples.stop());

const portOf = (name: SampleName) => samples.list().find((server) => server.name === name)!.port;
const get = (name: SampleName, path: string, headers: [string, string][] = []) =>
  sendTo(portOf(name), { kind: 'http', hostname: 'sample.test', path, headers });
const responseOf = async (name: SampleName, path: string, headers: [string, string][] = []) =>
  (await get(name, path, headers).result).responses[0]!;

describe('sample servers', () => {
  it('all run, on loopback', () => {
    expect(samples.list().map(({ state, address }) => `${state} ${address}`)).toEqual(
      sampleNames.map(() => 'running 127.0.0.1'),
    );
  });

  it('slow waits before its head, and sends its parts apart', async () => {
    const send = get('slow', '/?delay=80&parts=3&pause=40');
    const response = (await send.result).responses[0]!;
    expect(response.body).toBe(
      [1, 2, 3].map((part) => `part ${part} of 3, after a delay of 80 ms\n`).join(''),
    );
    expect(response.firstByteMs).toBeGreaterThanOrEqual(75);
    expect(response.endMs! - response.firstByteMs!).toBeGreaterThanOrEqual(75);
    expect(send.events.filter(({ kind }) => kind === 'received').length).toBeGreaterThanOrEqual(3);
  });

  it('flaky fails in turn by a reset, a status and a cut body', async () => {
    const outcomes: string[] = [];
    for (let index = 0; index < 3; index++) {
      const { outcome, responses } = await get('flaky', '/?share=100').result;
      outcomes.push(`${outcome} ${responses[0]?.status}`);
    }
    expect(outcomes).toEqual(['failed 0', 'answered 503', 'failed 200']);
    expect((await responseOf('flaky', '/?share=0')).status).toBe(200);
    expect((await responseOf('flaky', '/?share=100&how=status&status=429')).status).toBe(429);
  });

  it('flaky fails by chance from a seed, and always alike', async () => {
    const outcomes = async (query: string) => {
      const told: string[] = [];
      for (let index = 0; index < 12; index++) {
        const { outcome, responses } = await get('flaky', `/?share=50&${query}`).result;
        told.push(`${outcome} ${responses[0]?.status}`);
      }
      return told;
    };
    const seven = await outcomes('seed=7');
    const eight = await outcomes('seed=8');
    expect(eight).not.toEqual(seven);
    const failed = seven.filter((outcome) => outcome !== 'answered 200').length;
    expect([failed > 2, failed < 10]).toEqual([true, true]);
    // Another run of the same kind of server.
    await samples.stop(['flaky']);
    await samples.start(['flaky']);
    expect(await outcomes('seed=7')).toEqual(seven);
    const draws = Array.from({ length: 10_000 }, (_, index) => chance(3, index));
    const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.02);
  });

  it('flaky sends slowly and cuts, or never answers', async () => {
    const slow = (await get('flaky', '/?share=100&how=slow&pause=20').result).responses[0]!;
    expect([slow.status, slow.bodyBytes > 80, slow.problem]).toEqual([
      200,
      true,
      expect.stringMatching(/closed/),
    ]);
    const hanging = sendTo(
      portOf('flaky'),
      { kind: 'http', hostname: 'sample.test', path: '/?share=100&how=hang' },
      { idleTimeoutMs: 100 },
    );
    expect((await hanging.result).problem).toMatch(/nothing came and nothing went/);
  });

  it.each([
    ['refuse', /refused the connection/],
    ['drop', /reset/],
  ])('flaky can %s connections for a while, and is then back on its port', async (how, problem) => {
    const announced = await responseOf('flaky', `/?share=100&how=${how}&for=400`);
    expect([announced.status, announced.headers]).toEqual([
      503,
      expect.arrayContaining([['retry-after', '1']]),
    ]);
    await vi.waitUntil(async () => problem.test((await get('flaky', '/?share=0').result).problem ?? ''));
    expect(samples.list().find(({ name }) => name === 'flaky')!.state).toBe('running');
    await vi.waitUntil(async () => (await get('flaky', '/?share=0').result).outcome === 'answered', 3000);
  });

  it('flaky stops for good while it refuses', async () => {
    const port = portOf('flaky');
    await responseOf('flaky', '/?share=100&how=refuse&for=100');
    await samples.stop(['flaky']);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect((await sendTo(port, { kind: 'http', hostname: 'sample.test' }).result).problem).toMatch(/refused/);
    await samples.start(['flaky']);
  });

  it('flaky spreads its failures evenly and always alike', () => {
    const failing = (share: number) =>
      Array.from({ length: 10 }, (_, index) => (isFailure(index + 1, share) ? 'x' : '.')).join('');
    expect(failing(50)).toBe('.x.x.x.x.x');
    expect(failing(30)).toBe('...x..x..x');
    expect([failing(0), failing(100)]).toEqual(['..........', 'xxxxxxxxxx']);
  });

  it('big sends as many bytes as were asked for, in numbered lines', async () => {
    const response = await responseOf('big', '/?bytes=200001');
    expect(response.bodyBytes).toBe(200_001);
    const lines = response.body.split('\n');
    expect([lines.length, lines[0]!.slice(0, 3), lines[3125]]).toEqual([3126, '0..', '3']);
  });

  it('bounds what it is asked for', async () => {
    const response = await responseOf('chunked', '/?parts=-3&bytes=999999999&pause=0');
    expect(response.bodyBytes).toBe(65_536);
    expect((await responseOf('chunked', '/?parts=abc&bytes=10&pause=0')).bodyBytes).toBe(50);
  });

  it('chunked sends chunks and a trailer', async () => {
    const response = await responseOf('chunked', '/?parts=4&bytes=100&pause=5');
    expect(response.headers).toContainEqual(['transfer-encoding', 'chunked']);
    expect([response.bodyBytes, response.trailers]).toEqual([400, [['x-parts', '4']]]);
  });

  it('events come with ids, and go on after the last one that was seen', async () => {
    const response = await responseOf('events', '/?count=2&every=10', [['Last-Event-ID', '7']]);
    expect(response.body).toBe(
      'retry: 2000\n\nid: 8\nevent: tick\ndata: {"number":8}\n\nid: 9\nevent: tick\ndata: {"number":9}\n\n',
    );
  });

  it('websocket sends back text and binary messages, and ticks if asked', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${portOf('websocket')}/?tick=10`);
    const got: string[] = [];
    await new Promise<void>((resolve, reject) => {
      socket.on('error', reject);
      socket.on('open', () => {
        socket.send('hello');
        socket.send(Buffer.from([1, 2]));
      });
      socket.on('message', (data: Buffer, isBinary) => {
        got.push(isBinary ? data.toString('hex') : data.toString());
        if (['hello', '0102', 'tick 2'].every((text) => got.includes(text))) resolve();
      });
    });
    socket.terminate();
    expect((await responseOf('websocket', '/')).status).toBe(426);
  });

  it('grpc sends one message back, or five, with the status as a trailer', async () => {
    const frame = Buffer.from([0, 0, 0, 0, 4, 10, 2, 104, 105]);
    expect(await call('/hopscope.Echo/Say', frame)).toMatchObject({ body: frame, status: '0' });
    expect(await call('/hopscope.Echo/Repeat', frame)).toMatchObject({
      body: Buffer.concat([frame, frame, frame, frame, frame]),
      status: '0',
    });
    expect(await call('/other.Service/Do', frame)).toMatchObject({ status: '12' });
    expect(await call('/hopscope.Echo/Say', frame.subarray(0, 7))).toMatchObject({ status: '3' });
  });

  it('apple tells in which pieces a body was read', async () => {
    const { responses } = await sendTo(portOf('apple'), {
      kind: 'http',
      hostname: 'sample.test',
      method: 'POST',
      body: { kind: 'fill', bytes: 3000 },
      pieces: { split: { by: 'count', count: 3 }, headApart: true, pauseMs: 30 },
    }).result;
    expect(responses[0]!.body).toContain('body of 3000 bytes in 3 reads: 1000 1000 1000\n');
  });
});

function call(path: string, frame: Buffer): Promise<{ readonly body: Buffer; readonly status: unknown }> {
  return new Promise((resolve, reject) => {
    const session = connectHttp2(`http://127.0.0.1:${portOf('grpc')}`);
    session.on('error', reject);
    const stream = session.request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    const parts: Buffer[] = [];
    let status: unknown;
    stream.on('response', (headers) => {
      status = headers['grpc-status'];
    });
    stream.on('trailers', (trailers) => {
      status ??= trailers['grpc-status'];
    });
    stream.on('data', (part: Buffer) => parts.push(part));
    stream.on('error', reject);
    stream.on('end', () => {
      session.close();
      resolve({ body: Buffer.concat(parts), status });
    });
    stream.end(frame);
  });
}
