// The "Send" button: one real request over a real connection to a listener of ours, on behalf of a person.
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { rootCertificates } from 'node:tls';
import type { ClientResponse } from '../contract/api';
import { AppError } from '../contract/appError';

export interface ClientRequest {
  /** Where to connect. */
  readonly address: string;
  readonly port: number;
  /** Speak TLS, with `hostname` as the server name. */
  readonly isTls: boolean;
  readonly method: string;
  readonly hostname: string;
  readonly path: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
  /** PEM certificates to trust besides the public authorities. */
  readonly trustedCertificates: readonly string[];
  readonly timeoutMs?: number;
}

const defaultTimeoutMs = 30_000;
const shownBodyBytes = 65_536;
/** A response that goes on after this is cut. */
const maxBodyBytes = 64 * 1024 * 1024;

/** Rejects with `request_failed` and a sentence that says why. */
export function sendHttpRequest(input: ClientRequest): Promise<ClientResponse> {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const timeoutMs = input.timeoutMs ?? defaultTimeoutMs;
    const fail = (cause: unknown) => reject(failure(input, cause));
    const start = () => {
      const request = input.isTls ? httpsRequest(tlsOptions(input)) : httpRequest(plainOptions(input));
      const timer = setTimeout(() => {
        request.destroy(new Error(`no complete answer within ${timeoutMs / 1000} s`));
      }, timeoutMs);
      request.on('error', fail);
      request.on('close', () => clearTimeout(timer));
      request.on('response', (response) => collect(response, startedAt).then(resolve, fail));
      request.on('upgrade', (_response, socket) => {
        socket.destroy();
        fail(new Error('the server switched protocols, which this client does not speak'));
      });
      request.end(input.body);
    };
    try {
      start();
    } catch (error) {
      fail(error); // node refuses header names and values that cannot be sent
    }
  });
}

function plainOptions(input: ClientRequest) {
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of [['Host', input.hostname], ...input.headers] as const) {
    const key = Object.keys(headers).find((known) => known.toLowerCase() === name.toLowerCase()) ?? name;
    const old = headers[key];
    // A Host that the person typed replaces ours; other repeated fields are sent repeated.
    headers[key] = old === undefined || key.toLowerCase() === 'host' ? value : [old, value].flat();
  }
  if (input.body !== '' && !Object.keys(headers).some((name) => name.toLowerCase() === 'content-length')) {
    headers['Content-Length'] = String(Buffer.byteLength(input.body));
  }
  const { address: host, port, method, path } = input;
  return { host, port, method, path, headers, agent: false as const };
}

function tlsOptions(input: ClientRequest) {
  const name = input.hostname.replace(/:\d+$/, '');
  return {
    ...plainOptions(input),
    servername: isIP(name) === 0 ? name : '',
    ca: [...rootCertificates, ...input.trustedCertificates],
    ALPNProtocols: ['http/1.1'],
  };
}

function collect(response: IncomingMessage, startedAt: number): Promise<ClientResponse> {
  // Asked now: a socket that is gone has no port.
  const clientPort = response.socket.localPort ?? 0;
  return new Promise((resolve, reject) => {
    const shown: Buffer[] = [];
    let shownBytes = 0;
    let bodyBytes = 0;
    response.on('data', (chunk: Buffer) => {
      bodyBytes += chunk.length;
      if (shownBytes < shownBodyBytes) {
        shown.push(chunk.subarray(0, shownBodyBytes - shownBytes));
        shownBytes += chunk.length;
      }
      if (bodyBytes > maxBodyBytes) response.destroy(new Error('the answer is larger than 64 MiB'));
    });
    response.on('error', reject);
    response.on('end', () =>
      resolve({
        status: response.statusCode ?? 0,
        reason: response.statusMessage ?? '',
        headers: pairs(response.rawHeaders),
        body: Buffer.concat(shown).toString('utf8'),
        bodyBytes,
        durationMs: Math.round((performance.now() - startedAt) * 10) / 10,
        clientPort,
      }),
    );
  });
}

function pairs(raw: readonly string[]): [string, string][] {
  const found: [string, string][] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) found.push([raw[index]!, raw[index + 1]!]);
  return found;
}

function failure(input: ClientRequest, cause: unknown): AppError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const where = `${input.method} ${input.path} to ${input.address}:${input.port}`;
  return new AppError('request_failed', `${where} got no answer: ${reason}`, { cause });
}
