// Ejects an endpoint whose traffic fails several times in a row, for a while. What counts as a failure: a connection
// that is refused, not made in time, or lost before the answer was whole; an answer that is no valid HTTP or does not
// come in time; a status of 500–599. For tcp and tls routes only making the connection counts: what comes after it is
// not ours to judge. A success sets the count back.
import type { Pool } from '../../contract/config';
import type { EndpointRuntime, PoolMember } from './poolRuntimes';

export type OutlierSettings = NonNullable<Pool['outlierDetection']>;

/** One per revision of a pool and without state of its own: that is the endpoints', so that it survives reloads. */
export class OutlierDetector {
  constructor(
    private readonly settings: OutlierSettings,
    private readonly members: readonly PoolMember[],
  ) {}

  /** After the endpoint's failures in a row were counted up. */
  onFailure(endpoint: EndpointRuntime): void {
    const { consecutiveFailures, ejectMs } = this.settings;
    if (endpoint.consecutiveFailures < consecutiveFailures || endpoint.health.isEjected) return;
    if (!this.mayEjectAnother()) return;
    const failures = endpoint.consecutiveFailures;
    endpoint.consecutiveFailures = 0;
    const reason = `${failures} failures in a row; it is left out for ${ejectMs} ms`;
    endpoint.health.eject(ejectMs, reason);
  }

  /** At most `maxEjectedPercent` of the pool's endpoints, rounded down. */
  private mayEjectAnother(): boolean {
    const { members } = this;
    const ejected = members.filter(({ runtime }) => runtime.health.isEjected).length;
    return (ejected + 1) * 100 <= this.settings.maxEjectedPercent * members.length;
  }
}
