// What is known of one endpoint's health: what active checks say, and whether it was ejected for failing traffic.
// Kept with the endpoint's other state, so that it survives reloads. A change is told once, to whoever made the state.
import type { EndpointCandidate } from '../../contract/flowEvent';

export type HealthWord = EndpointCandidate['health'];

export type HealthListener = (from: HealthWord, to: HealthWord, reason: string) => void;

export class EndpointHealth {
  /** Read at every pick: false = skip it while others can take the flow. */
  isAvailable = true;
  /** Why it stands as it does, in words; empty = nothing was said yet. */
  reason = '';
  #checked: 'unknown' | 'healthy' | 'unhealthy' = 'unknown';
  #isEjected = false;
  #ejectTimer: NodeJS.Timeout | null = null;

  constructor(private readonly onChange: HealthListener) {}

  get word(): HealthWord {
    return this.#isEjected ? 'ejected' : this.#checked;
  }

  /** What the active checks say; `unknown` = none run. */
  get checked(): 'unknown' | 'healthy' | 'unhealthy' {
    return this.#checked;
  }

  get isEjected(): boolean {
    return this.#isEjected;
  }

  setChecked(checked: 'unknown' | 'healthy' | 'unhealthy', reason: string): void {
    this.#change(checked, this.#isEjected, reason);
  }

  /** Leaves it out for so long. */
  eject(ms: number, reason: string): void {
    if (this.#ejectTimer !== null) clearTimeout(this.#ejectTimer);
    this.#ejectTimer = setTimeout(() => this.readmit(`${ms} ms have passed since it was ejected`), ms);
    this.#change(this.#checked, true, reason);
  }

  /** Does nothing to what is not ejected. */
  readmit(reason: string): void {
    if (this.#ejectTimer === null) return;
    clearTimeout(this.#ejectTimer);
    this.#ejectTimer = null;
    this.#change(this.#checked, false, reason);
  }

  #change(checked: 'unknown' | 'healthy' | 'unhealthy', isEjected: boolean, reason: string): void {
    const from = this.word;
    this.#checked = checked;
    this.#isEjected = isEjected;
    this.isAvailable = !isEjected && checked !== 'unhealthy';
    if (this.word === from) return;
    this.reason = reason;
    this.onChange(from, this.word, reason);
  }
}
