// One look at an endpoint: a TCP connection, or a GET (over TLS where the pool speaks it) whose status is compared.
// Bounded in time as a whole, so an endpoint that trickles does not hold it; nothing of a body is read.
import { request } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { request as requestOverTls } from 'node:https';
import { connect, isIP } from 'node:net';
import { type ConnectionOptions, checkServerIdentity, connect as connectTls } from 'node:tls';
import type { Pool } from '../../contract/config';
import type { CompiledEndpoint } from '../compiledConfig';
import { encodeProxyHeader } from '../proxyAddress';
import { describeConnectError } from './connectError';
import type { UpstreamTls } from './upstreamTls';

export type HealthCheckSettings = NonNullable<Pool['healthCheck']>;

/** As the pool's traffic has it. */
export interface ProbeTransport {
  readonly tls: UpstreamTls | null;
  readonly sendProxyProtocol: Pool['sendProxyProtocol'];
  /** The endpoint speaks HTTP/2 and nothing else. */
  readonly isHttp2: boolean;
}

export interface ProbeResult {
  readonly passed: boolean;
  /** In words: "GET /healthz answered 503". */
  readonly reason: string;
}

const maxAnswerHeadBytes = 16_384;

/** `onResult` is called once, never after the returned function was called. */
export function startProbe(
  endpoint: CompiledEndpoint,
  settings: HealthCheckSettings,
  transport: ProbeTransport,
  onResult: (result: ProbeResult) => void,
): () => void {
  let isOver = false;
  const finish = (passed: boolean, reason: string) => {
    if (isOver) return;
    stop();
    onResult({ passed, reason });
  };
  const probe =
    settings.type === 'tcp' ? probeTcp(endpoint, finish) : probeHttp(endpoint, settings, transport, finish);
  const timer = setTimeout(() => {
    finish(false, `${endpoint.key} did not answer within ${settings.timeoutMs} ms`);
  }, settings.timeoutMs);
  function stop(): void {
    isOver = true;
    clearTimeout(timer);
    probe.destroy();
  }
  return stop;
}

type Finish = (passed: boolean, reason: string) => void;

/** What `destroy` sets off is reported to `finish`, which is deaf by then. */
interface Destroyable {
  destroy(): unknown;
}

function probeTcp({ address, port, key }: CompiledEndpoint, finish: Finish): Destroyable {
  const socket = connect({ host: address, port });
  socket.on('connect', () => finish(true, `${key} accepted the connection`));
  socket.on('error', (error) => finish(false, describeConnectError(error, key)));
  return socket;
}

function probeHttp(
  endpoint: CompiledEndpoint,
  settings: HealthCheckSettings,
  { tls, sendProxyProtocol, isHttp2 }: ProbeTransport,
  finish: Finish,
): Destroyable {
  if (isHttp2) return probeHttp2(endpoint, settings, { tls, sendProxyProtocol }, finish);
  const { address, name, authority, port, key } = endpoint;
  const options = {
    host: address,
    port,
    path: settings.path,
    maxHeaderSize: maxAnswerHeadBytes,
    // Node asks for no connection of ours where there is an agent.
    ...(sendProxyProtocol === 'off'
      ? { agent: false }
      : { createConnection: announced(endpoint, sendProxyProtocol, tls) }),
    headers: { host: authority, 'user-agent': 'hopscope-health-check', connection: 'close' },
  };
  const asked = tls === null ? request(options) : requestOverTls({ ...options, ...tlsOptions(tls, name) });
  asked.on('response', ({ statusCode = 0 }) => judge(statusCode, settings, finish));
  asked.on('upgrade', () => finish(false, `GET ${settings.path} was answered with another protocol`));
  asked.on('error', (error) => finish(false, describeConnectError(error, key)));
  asked.end();
  return asked;
}

function judge(status: number, settings: HealthCheckSettings, finish: Finish): void {
  const passed = settings.expect.includes(status);
  const expected = passed ? '' : `, expected ${settings.expect.join(', ')}`;
  finish(passed, `GET ${settings.path} answered ${status}${expected}`);
}

function probeHttp2(
  endpoint: CompiledEndpoint,
  settings: HealthCheckSettings,
  { tls, sendProxyProtocol }: Pick<ProbeTransport, 'tls' | 'sendProxyProtocol'>,
  finish: Finish,
): Destroyable {
  const { address, name, authority, port, key } = endpoint;
  const plain = () => connect({ host: address, port });
  const secured = () => connectTls({ host: address, port, ALPNProtocols: ['h2'], ...tlsOptions(tls!, name) });
  const createConnection =
    sendProxyProtocol === 'off'
      ? tls === null
        ? plain
        : secured
      : announced(endpoint, sendProxyProtocol, tls, ['h2']);
  const session = connectHttp2(`${tls === null ? 'http' : 'https'}://${authority}`, { createConnection });
  session.on('error', (error) => finish(false, describeConnectError(error, key)));
  const asked = session.request({ ':path': settings.path, 'user-agent': 'hopscope-health-check' });
  asked.on('response', (head) => judge(Number(head[':status'] ?? 0), settings, finish));
  asked.on('error', (error) => finish(false, describeConnectError(error, key)));
  asked.end();
  return session;
}

/** An endpoint that expects a PROXY header gets one: "nobody asks, this is a check" (v2 LOCAL, v1 UNKNOWN). */
function announced(
  { address, name, port }: CompiledEndpoint,
  version: 'v1' | 'v2',
  tls: UpstreamTls | null,
  alpn: string[] = [],
) {
  return () => {
    const socket = connect({ host: address, port });
    // Queued before whatever else will be written, so it goes first.
    socket.write(encodeProxyHeader(version, unknown, unknown));
    if (tls === null) return socket;
    return connectTls({
      socket,
      ...(alpn.length === 0 ? {} : { ALPNProtocols: alpn }),
      ...tlsOptions(tls, name),
    });
  };
}

const unknown = { address: '', port: 0 };

type TlsOptions = Pick<
  ConnectionOptions,
  'secureContext' | 'rejectUnauthorized' | 'servername' | 'checkServerIdentity'
>;

/**
 * As traffic does it. An endpoint given by address in a pool without a server name is asked by its clients' names, of
 * which a check has none: its chain is verified, its name is not.
 */
function tlsOptions(tls: UpstreamTls, name: string): TlsOptions {
  const serverName = tls.serverName ?? (isIP(name) === 0 ? name : null);
  return {
    secureContext: tls.context,
    rejectUnauthorized: tls.verify,
    servername: serverName === null || isIP(serverName) !== 0 ? '' : serverName,
    checkServerIdentity: (_host, certificate) =>
      serverName === null ? undefined : checkServerIdentity(serverName, certificate),
  };
}
