// Clients of a forward listener choose names freely, and every look-up takes a thread of the few that the process has. So
// few go at once, some wait, and who asks for a name that is being looked up gets the same answer.
import type { LookUp } from './nameResolver';

export interface LookUpBounds {
  /** Look-ups under way at once. */
  readonly atOnce: number;
  /** Names that may wait; one more is rejected at once. */
  readonly waiting: number;
}

/** One fewer than libuv has threads, so that files and passwords get their turn however slow the DNS is. */
const usualBounds: LookUpBounds = { atOnce: 3, waiting: 256 };

/** Never more look-ups, under way and waiting, than the bounds say. */
export function boundedLookUp(lookUp: LookUp, { atOnce, waiting }: LookUpBounds = usualBounds): LookUp {
  const sought = new Map<string, Promise<readonly string[]>>();
  const line: (() => void)[] = [];
  let running = 0;

  async function find(name: string): Promise<readonly string[]> {
    if (running >= atOnce) await new Promise<void>((go) => line.push(go));
    else running++;
    try {
      return await lookUp(name);
    } finally {
      sought.delete(name);
      const next = line.shift();
      if (next === undefined) running--;
      else next();
    }
  }

  return (name) => {
    const known = sought.get(name);
    if (known !== undefined) return known;
    if (line.length >= waiting) return Promise.reject(new Error('too many names are being looked up'));
    const found = find(name);
    sought.set(name, found);
    return found;
  };
}
