// acme-client speaks the protocol (RFC 8555); this makes one that trusts whom the person named, gives up in reasonable time and
// says what went wrong in one sentence.
import { Agent } from 'node:https';
import { rootCertificates } from 'node:tls';
import type { Client } from 'acme-client';
import { AppError } from '../../contract/appError';
import { serverWords } from './serverWords';

export interface AcmeClientOptions {
  readonly directoryUrl: string;
  /** PEM; absent = the well-known roots. */
  readonly caCertificatePem?: string | undefined;
  readonly privateKeyPem: string;
  /** Absent = the account is about to be made. */
  readonly accountUrl?: string;
  readonly externalAccount?: { readonly keyId: string; readonly hmacKey: string } | undefined;
}

/** What acme-client has and its types leave out. */
interface HttpPart {
  request(url: string, method: string, options?: object): Promise<unknown>;
  getDirectory(): Promise<unknown>;
}

const requestTimeoutMs = 30_000;
const maxAnswerBytes = 1_048_576;

/** Loaded when first needed: it brings much that a start need not wait for. */
async function loadAcmeClient(): Promise<typeof import('acme-client')> {
  const acme = await import('acme-client');
  // Its HTTP library would go on for over a minute where nobody listens.
  Object.assign(acme.axios.defaults, {
    acmeSettings: {
      ...(acme.axios.defaults as { acmeSettings?: object }).acmeSettings,
      retryMaxAttempts: 1,
      retryDefaultDelay: 1,
    },
  });
  return acme;
}

export class AcmeClient {
  readonly #agent: NotingAgent;
  #client: Promise<Client> | null = null;

  constructor(private readonly options: AcmeClientOptions) {
    const { caCertificatePem } = options;
    this.#agent = new NotingAgent({
      keepAlive: true,
      ...(caCertificatePem === undefined ? {} : { ca: [...rootCertificates, caCertificatePem] }),
    });
  }

  client(): Promise<Client> {
    this.#client ??= this.#make();
    return this.#client;
  }

  async #make(): Promise<Client> {
    const { directoryUrl, privateKeyPem, accountUrl, externalAccount } = this.options;
    const { Client } = await loadAcmeClient();
    const client = new Client({
      directoryUrl,
      accountKey: privateKeyPem,
      ...(accountUrl === undefined ? {} : { accountUrl }),
      ...(externalAccount === undefined
        ? {}
        : { externalAccountBinding: { kid: externalAccount.keyId, hmacKey: externalAccount.hmacKey } }),
      // About two minutes for a server to look at a challenge.
      backoffAttempts: 20,
      backoffMin: 250,
      backoffMax: 10_000,
    });
    const http = httpOf(client);
    const request = http.request.bind(http);
    http.request = async (url, method, more = {}) => {
      const bounds = { timeout: requestTimeoutMs, maxContentLength: maxAnswerBytes, maxRedirects: 3 };
      try {
        return await request(url, method, { ...more, ...bounds, httpsAgent: this.#agent });
      } catch (error) {
        // acme-client stumbles over a request without any answer and loses the reason.
        if (error instanceof TypeError)
          throw this.#agent.lastError ?? new Error('no answer within 30 seconds');
        throw error;
      }
    };
    return client;
  }

  /** What the server says of itself (RFC 8555 7.1.1). */
  async directory(): Promise<{
    readonly termsOfService: string | null;
    readonly website: string | null;
    readonly needsExternalAccount: boolean;
  }> {
    const answer = await httpOf(await this.client()).getDirectory();
    const directory =
      typeof answer === 'object' && answer !== null ? (answer as Record<string, unknown>) : {};
    if (typeof directory.newOrder !== 'string' || typeof directory.newAccount !== 'string') {
      throw new AppError('request_failed', 'what answers there is no ACME directory: check the address');
    }
    const meta = (directory.meta ?? {}) as Record<string, unknown>;
    const text = (value: unknown) => (typeof value === 'string' ? value.slice(0, 2048) : null);
    return {
      termsOfService: text(meta.termsOfService),
      website: text(meta.website),
      needsExternalAccount: meta.externalAccountRequired === true,
    };
  }

  close(): void {
    this.#agent.destroy();
  }
}

function httpOf(client: Client): HttpPart {
  return (client as unknown as { readonly http: HttpPart }).http;
}

/** Remembers why a connection failed. */
class NotingAgent extends Agent {
  lastError: Error | null = null;

  override createConnection(
    options: Parameters<Agent['createConnection']>[0],
    callback?: Parameters<Agent['createConnection']>[1],
  ) {
    const socket = super.createConnection(options, callback);
    socket?.once('error', (error) => {
      this.lastError = error;
    });
    return socket;
  }
}

/** In one sentence, with the server's own words. */
export function acmeError(url: string, error: unknown): AppError {
  if (error instanceof AppError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const host = URL.canParse(url) ? new URL(url).host : url;
  const known = knownErrors.find(([part]) => code.includes(part) || message.includes(part));
  const words = known === undefined ? serverWords(error) : known[1];
  return new AppError('request_failed', `${host}: ${words}`, { cause: error });
}

const knownErrors: readonly (readonly [string, string])[] = [
  ['ECONNREFUSED', 'nobody listens there; check the address of the directory'],
  ['ENOTFOUND', 'there is no such host; check the address of the directory and the network'],
  ['EAI_AGAIN', 'the host name cannot be looked up; check the network'],
  ['ECONNABORTED', 'no answer within 30 seconds'],
  ['SELF_SIGNED', "its own certificate is not trusted here: give the PEM of the server's CA"],
  ['UNABLE_TO_VERIFY', "its own certificate is not trusted here: give the PEM of the server's CA"],
  ['UNABLE_TO_GET_ISSUER', "its own certificate is not trusted here: give the PEM of the server's CA"],
  ['ERR_TLS_CERT_ALTNAME', 'its own certificate is for another name; check the address'],
];
