// Answers that a certificate authority will come and ask for (ACME). Empty nearly always: then the data path only sees a
// boolean. Nothing here belongs to a route or a listener, so a reload does not touch it.
import type { SecureContext } from 'node:tls';
import { acmeChallengePath, acmeTlsProtocol } from '../contract/acme';
import type { CompiledTls } from './compiledConfig';
import { ServedChain } from './servedChain';

export class ChallengeBoard {
  readonly #http = new Map<string, string>();
  readonly #tls = new Map<string, CompiledTls>();
  /** Something may be asked for over HTTP. */
  answersHttp = false;
  /** Something may be asked for in a handshake. */
  answersTls = false;

  /** `http://NAME/.well-known/acme-challenge/TOKEN` is answered by `text` on every http and https listener. Returns how to stop. */
  addHttp(token: string, text: string): () => void {
    this.#http.set(token, text);
    this.answersHttp = true;
    return () => {
      this.#http.delete(token);
      this.answersHttp = this.#http.size > 0;
    };
  }

  /** Handshakes that ask for `hostname` by `acme-tls/1` get this certificate, then are closed. Returns how to stop. */
  addTls(hostname: string, context: SecureContext): () => void {
    const served = { id: 'acme-challenge', context, chain: new ServedChain('') };
    this.#tls.set(hostname.toLowerCase(), {
      choose: () => served,
      minVersion: 'TLSv1.2',
      clientCertificates: 'off',
      hasSeveralKeyTypes: false,
    });
    this.answersTls = true;
    return () => {
      this.#tls.delete(hostname.toLowerCase());
      this.answersTls = this.#tls.size > 0;
    };
  }

  /** null = the path is no challenge that is known here. */
  httpAnswer(path: string): string | null {
    if (!path.startsWith(acmeChallengePath)) return null;
    return this.#http.get(path.slice(acmeChallengePath.length)) ?? null;
  }

  /** null = an ordinary handshake. */
  tlsAnswer(serverName: string | null, offered: readonly string[]): CompiledTls | null {
    if (serverName === null || !offered.includes(acmeTlsProtocol)) return null;
    return this.#tls.get(serverName.toLowerCase()) ?? null;
  }
}
