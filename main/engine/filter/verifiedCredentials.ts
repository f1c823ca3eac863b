import { createHmac, randomBytes } from 'node:crypto';

/** Credentials remembered by one filter. */
const limit = 256;

/** Remembers credentials that were right, so that a browser's hundred requests cost one scrypt. Holds no password. */
export class VerifiedCredentials {
  readonly #key = randomBytes(32);
  readonly #digests = new Set<string>();

  has(credentials: string): boolean {
    return this.#digests.has(this.#digest(credentials));
  }

  add(credentials: string): void {
    if (this.#digests.size >= limit) {
      const oldest = this.#digests.values().next();
      if (oldest.done !== true) this.#digests.delete(oldest.value);
    }
    this.#digests.add(this.#digest(credentials));
  }

  #digest(credentials: string): string {
    return createHmac('sha256', this.#key).update(credentials).digest('base64');
  }
}
