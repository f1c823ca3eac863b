// Who may speak to the UI server: tokens that work once, the cookie that they buy, the Host and the Origin.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export interface AccessRefusal {
  readonly status: 403 | 421;
  readonly sentence: string;
}

/** Links that were printed and not opened yet; the oldest go first. */
const maxTokens = 16;

export function randomSecret(): string {
  return randomBytes(32).toString('base64url');
}

export class UiAccess {
  readonly #cookieName: string;
  readonly #tokens: string[] = [];
  readonly #hosts: readonly string[];

  /** `cookieValue`: a secret of 32 random bytes; whoever shows it is let in. */
  constructor(
    port: number,
    private readonly cookieValue: string = randomSecret(),
  ) {
    // Cookies are shared by all ports of a host, so the name carries the port.
    this.#cookieName = `hopscope-${port}`;
    this.#hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  }

  newToken(): string {
    const token = randomSecret();
    this.#tokens.push(token);
    if (this.#tokens.length > maxTokens) this.#tokens.shift();
    return token;
  }

  /** True once for each token that was given out. */
  redeem(token: string): boolean {
    const index = this.#tokens.findIndex((known) => isEqual(known, token));
    if (index < 0) return false;
    this.#tokens.splice(index, 1);
    return true;
  }

  setCookieHeader(): string {
    return `${this.#cookieName}=${this.cookieValue}; HttpOnly; SameSite=Strict; Path=/`;
  }

  hasCookie(headers: IncomingHttpHeaders): boolean {
    const prefix = `${this.#cookieName}=`;
    return (headers.cookie ?? '')
      .split(';')
      .map((part) => part.trim())
      .some((part) => part.startsWith(prefix) && isEqual(part.slice(prefix.length), this.cookieValue));
  }

  /** Why a request is not even looked at; null = Host and Origin are ours. */
  refusalOf(headers: IncomingHttpHeaders): AccessRefusal | null {
    const host = headers.host?.toLowerCase();
    if (host === undefined || !this.#hosts.includes(host)) {
      return { status: 421, sentence: `This server answers only to ${this.#hosts.join(' and ')}.` };
    }
    if (headers.origin !== undefined && headers.origin !== `http://${host}`) {
      return { status: 403, sentence: 'Pages of other sites may not use Hopscope.' };
    }
    return null;
  }
}

/** Compares digests, so that the time taken tells nothing and lengths need not match. */
function isEqual(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
