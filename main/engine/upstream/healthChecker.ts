// The active checks of one endpoint: one look after the other, and how many in a row it takes to change the verdict.
// An endpoint that was never looked at is used; its first good look makes it healthy, a bad verdict always takes
// `unhealthyAfter` looks.
import { type HealthCheckSettings, type ProbeResult, type ProbeTransport, startProbe } from './healthProbe';
import type { EndpointRuntime } from './poolRuntimes';

/** First looks are spread over at most this long, so that many endpoints are not asked in the same instant. */
const maxStartDelayMs = 1000;

export class HealthChecker {
  #timer: NodeJS.Timeout;
  #stopProbe: (() => void) | null = null;
  #successes = 0;
  #failures = 0;

  constructor(
    private readonly endpoint: EndpointRuntime,
    readonly settings: HealthCheckSettings,
    readonly transport: ProbeTransport,
    random: () => number,
  ) {
    const delayMs = random() * Math.min(settings.intervalMs, maxStartDelayMs);
    this.#timer = setTimeout(() => this.#check(), delayMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#stopProbe?.();
    this.#stopProbe = null;
  }

  #check(): void {
    this.#stopProbe = startProbe(this.endpoint.compiled, this.settings, this.transport, (result) => {
      this.#stopProbe = null;
      this.#timer = setTimeout(() => this.#check(), this.settings.intervalMs);
      this.#note(result);
    });
  }

  #note({ passed, reason }: ProbeResult): void {
    const { health } = this.endpoint;
    const { healthyAfter, unhealthyAfter } = this.settings;
    this.#successes = passed ? this.#successes + 1 : 0;
    this.#failures = passed ? 0 : this.#failures + 1;
    if (passed && health.checked !== 'healthy') {
      if (health.checked === 'unknown' || this.#successes >= healthyAfter)
        health.setChecked('healthy', reason);
    } else if (!passed && health.checked !== 'unhealthy' && this.#failures >= unhealthyAfter) {
      health.setChecked('unhealthy', reason);
    }
  }
}
