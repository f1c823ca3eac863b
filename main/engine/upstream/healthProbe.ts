// One look at an endpoint: a TCP connection, or a GET whose status is compared. Bounded in time as a whole, so an
// endpoint that trickles does not hold it; nothing of a body is read.
import { request } from 'node:http';
import { request as requestTls } from 'node:https';
import { connect, isIP } from 'node:net';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import type { Pool } from '../../contract/config';
import type { CompiledEndpoint } from '../compiledConfig';
import { describeConnectError } from './connectError';
import type { UpstreamTls } from './upstreamTls';

export type HealthCheckSettings = NonNullable<Pool['healthCheck']>;

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
  tls: UpstreamTls | null,
  onResult: (result: ProbeResult) => void,
): () => void {
  let isOver = false;
  const finish = (passed: boolean, reason: string) => {
    if (isOver) return;
    stop();
    onResult({ passed, reason });
  };
  const probe =
    settings.type === 'tcp' ? probeTcp(endpoint, finish) : probeHttp(endpoint, settings, tls, finish);
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

function securedBy(tls: UpstreamTls, address: string) {
  const name = tls.serverName ?? address;
  return {
    secureContext: tls.context,
    rejectUnauthorized: tls.verify,
    servername: isIP(name) === 0 ? name : '',
    checkServerIdentity: (_host: string, certificate: PeerCertificate) =>
      checkServerIdentity(name, certificate),
  };
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
  tls: UpstreamTls | null,
  finish: Finish,
): Destroyable {
  const { address, port, key } = endpoint;
  const options = {
    host: address,
    port,
    path: settings.path,
    agent: false,
    maxHeaderSize: maxAnswerHeadBytes,
    headers: { host: key, 'user-agent': 'hopscope-health-check', connection: 'close' },
  };
  const asked = tls === null ? request(options) : requestTls({ ...options, ...securedBy(tls, address) });
  asked.on('response', ({ statusCode = 0 }) => {
    const passed = settings.expect.includes(statusCode);
    const expected = passed ? '' : `, expected ${settings.expect.join(', ')}`;
    finish(passed, `GET ${settings.path} answered ${statusCode}${expected}`);
  });
  asked.on('upgrade', () => finish(false, `GET ${settings.path} was answered with another protocol`));
  asked.on('error', (error) => finish(false, describeConnectError(error, key)));
  asked.end();
  return asked;
}
