// Which endpoints of a watched pool may be picked now. When none of them may, all of them are used anyway: a pool whose
// checks all fail is more likely checked wrongly than dead in every place at once ("panic").
import type { PickRequest, PoolMember } from './poolRuntimes';

export interface Availability {
  readonly request: PickRequest;
  /** Endpoints with a weight that are left out for their health. */
  readonly skipped: number;
  readonly isPanic: boolean;
}

/** null = every endpoint is available: pick as if nobody watched. Allocates only when one is not. */
export function narrowToAvailable(members: readonly PoolMember[], request: PickRequest): Availability | null {
  let skipped = 0;
  let weighted = 0;
  for (const member of members) {
    if (member.weight === 0) continue;
    weighted++;
    if (!member.runtime.health.isAvailable) skipped++;
  }
  if (skipped === 0) return null;
  if (skipped === weighted) return { request, skipped: 0, isPanic: true };
  const exclude = new Set(request.exclude);
  for (const member of members) if (!member.runtime.health.isAvailable) exclude.add(member.key);
  return { request: { ...request, exclude }, skipped, isPanic: false };
}
