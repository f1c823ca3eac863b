// Clients and endpoints that do anything at any time, from a seed: what was begun must end, once, and nothing may be left.
// Four seconds; HOPSCOPE_CHAOS_SECONDS and HOPSCOPE_CHAOS_SEED for more.
import { once } from 'node:events';
import { createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, expect, it } from 'vitest';
import type { FlowEvent } from '../../main/contract/flowEvent';
import {
  act,
  actHttp2,
  behave,
  behaveHttp2,
  below,
  oneOf,
  pause,
  seedChaos,
  soon,
} from '../helpers/chaosPeers';
import { EngineHarness, TestServer } from '../helpers/engineHarness';
import { selfSigned } from '../helpers/testCertificates';

const seconds = Number(process.env.HOPSCOPE_CHAOS_SECONDS ?? 4);
const seed = Number(process.env.HOPSCOPE_CHAOS_SEED ?? 1);
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

// ---- what must hold

const listenersAndPools = [
  ...['web', 'raw', 'secure', 'sni'].map((id) => `listener/${id}`),
  ...['h1', 'h2', 'sealed', 'sealed-l4'].map((id) => `pool/${id}`),
];

function check(events: readonly FlowEvent[]): void {
  const flows = new Map<number, FlowEvent[]>();
  const connections = new Map<number, number>();
  for (const event of events) {
    if (event.flowId !== 0) flows.set(event.flowId, [...(flows.get(event.flowId) ?? []), event]);
    const change = event.kind === 'connection.opened' ? 1 : event.kind === 'connection.closed' ? -1 : 0;
    if (change !== 0)
      connections.set(event.connectionId, (connections.get(event.connectionId) ?? 0) + change);
  }
  expect(events.filter(({ kind }) => kind === 'gap')).toEqual([]);
  const wrong = [...flows.values()].filter((story) => {
    const kinds = story.map(({ kind }) => kind);
    const count = (kind: string) => kinds.filter((each) => each === kind).length;
    // The endpoint's connection may be closed behind its flow, and is its own.
    const last = story.filter(({ kind }) => kind !== 'connection.closed').at(-1);
    return (
      count('flow.opened') !== 1 ||
      count('flow.closed') !== 1 ||
      count('flow.failed') > 1 ||
      last?.kind !== 'flow.closed'
    );
  });
  expect(wrong.map((story) => story.map(({ kind }) => kind).join(' '))).toEqual([]);
  expect([...connections].filter(([, open]) => open !== 0)).toEqual([]);
  expect(events.filter((event) => event.kind === 'flow.failed' && event.code === 'internal_error')).toEqual(
    [],
  );
}

it(
  `ends everything that was begun (seed ${seed})`,
  async () => {
    const random = seedChaos(seed);
    const origin = await TestServer.start((socket) => socket.on('data', () => act(socket)));
    closers.push(() => origin.close());
    const http2 = createHttp2Server({ settings: { enableConnectProtocol: true } });
    const sessions = new Set<{ destroy(): void }>();
    http2.on('session', (session) => sessions.add(session.on('error', () => undefined)));
    http2.on('stream', actHttp2);
    http2.on('sessionError', () => undefined);
    http2.listen(0, '127.0.0.1');
    await once(http2, 'listening');
    closers.push(() => {
      for (const session of sessions) session.destroy();
      http2.close();
    });
    const certificate = selfSigned('a.test');
    const sealed = createTlsServer(
      { cert: certificate.certificateChainPem, key: certificate.privateKeyPem, allowHalfOpen: true },
      (socket) => socket.on('data', () => act(socket)),
    );
    sealed.on('connection', (socket) => {
      if (below(10) === 0) soon(() => socket.destroy(), 6);
    });
    sealed.on('tlsClientError', () => undefined);
    const sealedSockets = new Set<Socket>();
    sealed.on('connection', (socket) => sealedSockets.add(socket));
    sealed.listen(0, '127.0.0.1');
    await once(sealed, 'listening');
    closers.push(() => {
      for (const socket of sealedSockets) socket.destroy();
      sealed.close();
    });
    const harness = new EngineHarness({ random, emitter: { capacity: 1_048_576 } });
    closers.push(() => harness.close());
    const connections = { maxPerEndpoint: 6, maxWaiting: 12, waitTimeoutMs: 200, idleTimeoutMs: 300 };
    const timeouts = { requestMs: 700, backendMs: 300 };
    const http = { kind: 'http' as const, listeners: ['web', 'secure'], timeouts };
    const limits = { bodyIdleTimeoutMs: 200, headerTimeoutMs: 300, idleTimeoutMs: 300 };
    const path = (value: string) => [{ path: { type: 'prefix' as const, value } }];
    const retry = { attempts: 2, backoffMs: 5 };
    const backends = [{ pool: 'h1' }];
    const sealedEndpoints = [{ address: '127.0.0.1', port: (sealed.address() as AddressInfo).port }];
    const certificates = new Map([['a', certificate]]);
    const document = {
      schemaVersion: 1 as const,
      listeners: [
        {
          id: 'web',
          port: 0,
          protocol: 'http' as const,
          limits,
        },
        { id: 'raw', port: 0, protocol: 'tcp' as const, limits: { idleTimeoutMs: 300 } },
        { id: 'secure', port: 0, protocol: 'https' as const, tls: { certificates: ['a'] }, limits },
        { id: 'sni', port: 0, protocol: 'tls' as const, tls: { certificates: ['a'] }, limits },
      ],
      routes: [
        { ...http, id: 'stream', matches: path('/stream'), requestBuffering: 'stream' as const, backends },
        {
          ...http,
          id: 'h2',
          matches: path('/h2'),
          requestBuffering: 'stream' as const,
          retry,
          backends: [{ pool: 'h2' }],
        },
        {
          ...http,
          id: 'cached',
          matches: path('/cached'),
          filters: [{ type: 'compress' as const, minBytes: 1 }, { type: 'cache' as const }],
          backends,
        },
        {
          ...http,
          id: 'slow',
          matches: path('/slow'),
          filters: [
            { type: 'fault' as const, delay: { percent: 50, ms: 50 }, bandwidthBytesPerSecond: 100_000 },
            { type: 'mirror' as const, pool: 'h2' },
          ],
          backends,
        },
        { ...http, id: 'sealed', matches: path('/sealed'), retry, backends: [{ pool: 'sealed' }] },
        { ...http, id: 'all', retry, backends },
        {
          id: 'through',
          kind: 'tls' as const,
          listeners: ['sni'],
          hostnames: ['b.test'],
          backends: [{ pool: 'sealed-l4' }],
        },
        {
          id: 'ending',
          kind: 'tls' as const,
          listeners: ['sni'],
          hostnames: ['a.test'],
          mode: 'terminate' as const,
          backends: [{ pool: 'sealed' }],
        },
        { id: 'raw', kind: 'tcp' as const, listeners: ['raw'], backends },
      ],
      pools: [
        { id: 'h1', endpoints: [{ address: '127.0.0.1', port: origin.port }], connections },
        { id: 'sealed', endpoints: sealedEndpoints, connections, tls: { verify: false } },
        { id: 'sealed-l4', endpoints: sealedEndpoints, connections },
        {
          id: 'h2',
          protocol: 'h2' as const,
          endpoints: [{ address: '127.0.0.1', port: (http2.address() as AddressInfo).port }],
          connections,
        },
      ],
    };
    await harness.run(document, certificates);
    const [web, raw, secure, sni] = ['web', 'raw', 'secure', 'sni'].map((id) => harness.port(id)) as [
      number,
      number,
      number,
      number,
    ];
    const until = Date.now() + seconds * 1000;
    const ports: readonly (readonly [number, boolean])[] = [
      [web, false],
      [web, false],
      [secure, true],
      [raw, false],
      [sni, true],
    ];
    const client = async () => {
      while (Date.now() < until) {
        const [port, isTls] = oneOf(ports);
        await oneOf([behave, behave, behaveHttp2])(port, isTls);
      }
    };
    const reload = async () => {
      for (; Date.now() < until; await pause(400)) await harness.run(document, certificates);
    };
    await Promise.all([reload(), ...Array.from({ length: 24 }, client)]);
    const counters = listenersAndPools.map((name) => {
      const [kind, id] = name.split('/') as ['listener' | 'pool', string];
      return harness.engine.metrics.counters(kind, id);
    });
    await expect
      .poll(() => counters.map(({ openConnections }) => openConnections), { timeout: 10_000 })
      .toEqual(counters.map(() => 0));
    // Events come in order: when this one is here, all are.
    void fetch(`http://127.0.0.1:${web}/marker`)
      .then((answer) => answer.text())
      .catch(() => undefined);
    const marker = await harness.waitFor('request.head', ({ target }) => target === '/marker');
    const events = harness.events.filter(
      ({ seq, connectionId }) => seq < marker.seq && connectionId !== marker.connectionId,
    );
    console.log(`${events.filter(({ kind }) => kind === 'flow.closed').length} flows`);
    check(events);
    await harness.waitFor('flow.closed', ({ flowId }) => flowId === marker.flowId);
    for (const target of ['/stream', '/h2']) {
      const asked = harness.events.length;
      await fetch(`http://127.0.0.1:${web}${target}`)
        .then((answer) => answer.text())
        .catch(() => undefined);
      const picked = await harness.waitFor(
        'endpoint.picked',
        ({ seq }) => seq > harness.events[asked - 1]!.seq,
      );
      expect(picked.candidates.map(({ activeRequests }) => activeRequests)).toEqual([0]);
      await harness.waitFor('flow.closed', ({ flowId }) => flowId === picked.flowId);
    }
  },
  (seconds + 40) * 1000,
);
