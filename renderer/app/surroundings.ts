import type { RunningConfig } from '../../main/contract/api';
import type { Surroundings } from '../composer/wayOfUrl';

/** What the composer may send to. */
export function surroundingsOf(running: RunningConfig | null): Surroundings {
  return { listeners: running?.listeners ?? [], document: running?.document ?? null };
}
