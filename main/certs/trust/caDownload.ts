// The CA's public certificate on a port of the local network, so that a phone can fetch it. Opened only with consent, for
// minutes, and it serves nothing else.

import { X509Certificate } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { AppError } from '../../contract/appError';
import type { CertificateInfo } from '../../contract/certificate';
import type {
  CaDownload,
  CaDownloadState,
  NetworkAddress,
  StartCaDownloadInput,
} from '../../contract/trustStore';

const certificatePath = '/hopscope-ca.crt';
const mostConnections = 20;
const idleMs = 10_000;

interface Open {
  readonly server: Server;
  readonly timer: NodeJS.Timeout;
  shown: CaDownload;
}

export class CaDownloadServer {
  #open: Open | null = null;
  readonly #listeners = new Set<(state: CaDownloadState) => void>();

  /** `addresses` of this machine that others may reach. */
  constructor(
    private readonly ca: () => CertificateInfo | null,
    private readonly addresses: () => NetworkAddress[] = localNetworkAddresses,
  ) {}

  state(): CaDownloadState {
    return { active: this.#open?.shown ?? null, addresses: this.addresses() };
  }

  onChange(listener: (state: CaDownloadState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Again = elsewhere or for longer. Rejects with `invalid_input` for an address that is none of this machine's. */
  async start({ address, minutes = 10 }: StartCaDownloadInput): Promise<CaDownloadState> {
    const ca = this.ca();
    if (ca === null) throw new AppError('not_found', 'there is no CA yet: make it first');
    if (!this.addresses().some((each) => each.address === address)) {
      throw new AppError(
        'invalid_input',
        `address: ${address} is not an address of this machine in a network`,
      );
    }
    this.#close();
    const server = createServer((request, response) => this.#answer(ca, request, response));
    server.maxConnections = mostConnections;
    server.headersTimeout = idleMs;
    server.requestTimeout = idleMs;
    server.keepAliveTimeout = 1000;
    const port = await listen(server, address);
    const timer = setTimeout(() => this.stop(), minutes * 60_000);
    timer.unref();
    const host = isIP(address) === 6 ? `[${address}]` : address;
    this.#open = {
      server,
      timer,
      shown: {
        url: `http://${host}:${port}/`,
        address,
        port,
        expiresAt: new Date(Date.now() + minutes * 60_000).toISOString(),
        downloads: 0,
      },
    };
    this.#changed();
    return this.state();
  }

  stop(): CaDownloadState {
    if (this.#open !== null) {
      this.#close();
      this.#changed();
    }
    return this.state();
  }

  close(): void {
    this.#listeners.clear();
    this.#close();
  }

  #answer(ca: CertificateInfo, request: IncomingMessage, response: ServerResponse): void {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (isRead && request.url === certificatePath) {
      // Phones open it as a certificate to be installed.
      send(response, 200, 'application/x-x509-ca-cert', new X509Certificate(ca.certificatePem).raw);
      if (request.method === 'GET') this.#count();
    } else if (isRead && request.url === '/') {
      send(response, 200, 'text/html; charset=utf-8', page(ca));
    } else {
      send(response, 404, 'text/plain; charset=utf-8', 'There is only the certificate of the CA here.\n');
    }
  }

  #count(): void {
    if (this.#open === null) return;
    const { shown } = this.#open;
    this.#open.shown = { ...shown, downloads: shown.downloads + 1 };
    this.#changed();
  }

  #close(): void {
    if (this.#open === null) return;
    clearTimeout(this.#open.timer);
    this.#open.server.close();
    this.#open.server.closeAllConnections();
    this.#open = null;
  }

  #changed(): void {
    const state = this.state();
    for (const listener of this.#listeners) listener(state);
  }
}

/** Neither loopback nor link-local ones, which need a zone. */
export function localNetworkAddresses(): NetworkAddress[] {
  return Object.entries(networkInterfaces()).flatMap(([network, addresses]) =>
    (addresses ?? [])
      .filter(
        ({ internal, address }) =>
          !internal && !address.startsWith('fe80:') && !address.startsWith('169.254.'),
      )
      .map(({ address }) => ({ network, address })),
  );
}

function send(response: ServerResponse, status: number, type: string, body: string | Uint8Array): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body as string),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
  });
  response.end(body);
}

/** The fingerprint is hex; nothing else of the certificate is put into the page. */
function page({ fingerprint }: CertificateInfo): string {
  const safe = fingerprint.replace(/[^0-9a-f:]/g, '');
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Hopscope CA</title>
<style>body{font:17px/1.5 system-ui;margin:2em auto;max-width:32em;padding:0 1em}code{overflow-wrap:anywhere}</style>
<h1>Hopscope CA</h1>
<p><a href="${certificatePath}">Get the certificate</a></p>
<p>Compare its SHA-256 fingerprint with the one in Hopscope before you install it:<br><code>${safe}</code></p>
<p>iPhone and iPad: Settings, Profile Downloaded, Install; then General, About, Certificate Trust Settings, switch it on.
<p>Android: Settings, Security, Encryption and credentials, Install a certificate, CA certificate.
</html>
`;
}

function listen(server: Server, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) =>
      reject(new AppError('unavailable', `no port of ${address} can be opened: ${cause.message}`, { cause })),
    );
    server.listen(0, address, () => {
      const bound = server.address();
      resolve(typeof bound === 'object' && bound !== null ? bound.port : 0);
    });
  });
}
