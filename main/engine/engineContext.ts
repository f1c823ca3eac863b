import type { ChallengeBoard } from './challengeBoard';
import type { Clock } from './clock';
import type { CompiledConfig } from './compiledConfig';
import type { FlowEnds } from './endedFlow';
import type { EngineMetrics } from './engineMetrics';
import type { FlowEmitter } from './flowEmitter';
import type { Ticker } from './ticker';
import type { ForwardDestinations } from './upstream/forwardDestinations';
import type { LookUp } from './upstream/nameResolver';
import type { PoolRuntimes } from './upstream/poolRuntimes';
import type { WireCapture } from './wire/wireCapture';

/** What every part of the data path shares. Made once by engine.ts. */
export interface EngineContext {
  readonly emitter: FlowEmitter;
  /** The bytes below TLS, while capture is full. */
  readonly wire: WireCapture;
  readonly clock: Clock;
  /** 0 ≤ x < 1; seeded in tests and labs. */
  readonly random: () => number;
  readonly metrics: EngineMetrics;
  /** Told of every flow that is over. */
  readonly flowEnds: FlowEnds;
  readonly ticker: Ticker;
  /** Endpoint state that survives a reload. */
  readonly pools: PoolRuntimes;
  /** Host names that forward listeners are asked for. */
  readonly lookUp: LookUp;
  readonly forwards: ForwardDestinations;
  /** What certificate authorities come and ask for; survives a reload, too. */
  readonly challenges: ChallengeBoard;
  /** The configuration that a flow starting now must keep. */
  config(): CompiledConfig;
}
