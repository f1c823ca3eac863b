// What all mirrored requests of an engine may take together. The traffic that people wait for comes first: what does
// not fit is dropped, and its flow says so.
import type { EngineContext } from '../engineContext';

/** Copies that are being made or sent at once. */
const maxCopies = 64;
const maxBytes = 16_777_216;

export class MirrorBudget {
  /** Copies that are on their way. */
  readonly sending = new Set<{ close(): void }>();
  #copies = 0;
  #bytes = 0;

  /** False = it does not fit. What was taken must be given back. */
  takeCopy(): boolean {
    if (this.#copies >= maxCopies) return false;
    this.#copies++;
    return true;
  }

  giveCopy(): void {
    this.#copies--;
  }

  takeBytes(bytes: number): boolean {
    if (this.#bytes + bytes > maxBytes) return false;
    this.#bytes += bytes;
    return true;
  }

  giveBytes(bytes: number): void {
    this.#bytes -= bytes;
  }
}

/** The engine closes: nobody would be left to give up on copies that are not answered. */
export function closeMirrors(context: EngineContext): void {
  for (const request of budgets.get(context)?.sending ?? []) request.close();
}

const budgets = new WeakMap<EngineContext, MirrorBudget>();

export function mirrorBudgetOf(context: EngineContext): MirrorBudget {
  let budget = budgets.get(context);
  if (budget === undefined) {
    budget = new MirrorBudget();
    budgets.set(context, budget);
  }
  return budget;
}
