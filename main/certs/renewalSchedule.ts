// Renews what is due: local certificates at once, those of ACME servers by an order. Looks every hour, and sooner where a
// certificate is due sooner; a machine that slept catches up when it wakes.
import type { AcmeService } from './acme/acmeService';
import type { CertificateService } from './certificateService';

const longestWaitMs = 3_600_000;
const shortestWaitMs = 1000;
const firstLocalRetryMs = 60_000;

export class RenewalSchedule {
  #timer: NodeJS.Timeout | null = null;
  #isClosed = false;
  #isRunning = false;
  readonly #stopListening: () => void;

  constructor(
    private readonly certificates: CertificateService,
    private readonly acme: AcmeService | null,
  ) {
    this.#stopListening = certificates.onChange(() => this.#plan());
    this.#plan(0);
  }

  /** Renews what is due now. Never rejects: what fails is told by the certificate. */
  async run(): Promise<void> {
    if (this.#isRunning || this.#isClosed) return;
    this.#isRunning = true;
    try {
      for (const held of this.certificates.dueForRenewal()) {
        const { id, origin } = held.file;
        try {
          if (origin.type === 'acme') await this.#order(held);
          else await this.certificates.renew({ id });
        } catch (error) {
          const message = error instanceof Error ? error.message : String(error);
          this.certificates.noteRenewalFailure(id, message, firstLocalRetryMs);
        }
      }
    } finally {
      this.#isRunning = false;
      this.#plan();
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#stopListening();
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  /** One after the other: a server with a rate limit sees one order at a time. */
  async #order(held: Parameters<AcmeService['renew']>[0]): Promise<void> {
    if (this.acme === null) return;
    await this.acme.finished(this.acme.renew(held).id);
  }

  #plan(wait: number = this.#untilNext()): void {
    if (this.#isClosed || this.#isRunning) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.run(), wait);
    this.#timer.unref();
  }

  #untilNext(): number {
    const now = this.certificates.now();
    const times = this.certificates
      .info()
      .certificates.flatMap(({ renewal }) =>
        renewal.nextAttemptAt === null ? [] : Date.parse(renewal.nextAttemptAt) - now,
      );
    return Math.min(Math.max(Math.min(...times, longestWaitMs), shortestWaitMs), longestWaitMs);
  }
}
