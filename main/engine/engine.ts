// The one door to the engine: apply a workspace, watch what happens, close.
import type { BoundListener, CacheInfo, EndpointHealthInfo } from '../contract/api';
import type { Workspace } from '../contract/config';
import type { ConfigIssue } from '../contract/configIssue';
import { type CacheSelection, describeCaches, purgeCaches } from './cacheBoard';
import { CertificateContexts, type CertificateMap } from './certificateContexts';
import { ChallengeBoard } from './challengeBoard';
import { type Clock, systemClock } from './clock';
import { compileWorkspace } from './compile';
import type { CompiledConfig } from './compiledConfig';
import { FlowEnds } from './endedFlow';
import type { EngineContext } from './engineContext';
import { EngineError } from './engineError';
import { EngineMetrics } from './engineMetrics';
import { FlowEmitter, type FlowEmitterOptions } from './flowEmitter';
import { closeRefreshes } from './http/cacheRefresh';
import { closeMirrors } from './http/mirrorBudget';
import type { BoundPort } from './listener/boundPort';
import { ListenerSet } from './listener/listenerSet';
import { type ExplainedRequest, type Explanation, explainRequest } from './routing/explainRequest';
import { Ticker } from './ticker';
import { boundedLookUp } from './upstream/boundedLookUp';
import { ForwardDestinations } from './upstream/forwardDestinations';
import { HealthBoard } from './upstream/healthBoard';
import { recordNameResolved } from './upstream/nameRecords';
import {
  type LookUp,
  lookUpAll,
  type NameChange,
  NameResolver,
  type TimeToLive,
  timeToLiveOf,
} from './upstream/nameResolver';
import { PoolRuntimes } from './upstream/poolRuntimes';
import { PoolWatch } from './upstream/poolWatch';
import { UpstreamTlsContexts } from './upstream/upstreamTls';
import { WireCapture } from './wire/wireCapture';

export interface EngineOptions {
  readonly clock?: Clock;
  /** 0 ≤ x < 1; seeded in labs and tests. */
  readonly random?: () => number;
  readonly emitter?: FlowEmitterOptions;
  /** Record into the log of another engine, in place of an own one; what is captured is then that engine's choice. */
  readonly sharedEmitter?: FlowEmitter;
  /** How names of endpoints become addresses; default: as this machine does it. */
  readonly lookUp?: LookUp;
  /** How long what was looked up holds; default: as the DNS says, nothing where `lookUp` is given. */
  readonly timeToLive?: TimeToLive;
  /** How long connections of a removed listener may go on, in milliseconds. */
  readonly removedListenerDrainMs?: number;
}

export interface ApplyInput {
  readonly revision: number;
  /** Without errors, as `parseWorkspace` gives it. */
  readonly workspace: Workspace;
  /** By the ids that listeners and pools name. */
  readonly certificates: CertificateMap;
}

export type ApplyOutcome =
  | { readonly ok: true; readonly listeners: BoundListener[] }
  | { readonly ok: false; readonly issues: readonly ConfigIssue[] };

const emptyConfig: CompiledConfig = {
  revision: 0,
  listeners: new Map(),
  pools: new Map(),
  capture: { headers: 'masked', bodies: 'off', maxBodyBytes: 65_536 },
};

export class Engine {
  readonly emitter: FlowEmitter;
  readonly metrics = new EngineMetrics();
  /** What travelled, for a packet capture. */
  readonly wire: WireCapture;
  /** ACME: what the running listeners answer beside their routes. */
  readonly challenges = new ChallengeBoard();
  /** For an access log. */
  readonly flowEnds = new FlowEnds();
  readonly #context: EngineContext;
  readonly #ticker: Ticker;
  readonly #pools: PoolRuntimes;
  readonly #health: HealthBoard;
  readonly #watch: PoolWatch;
  readonly #listeners: ListenerSet;
  readonly #certificates = new CertificateContexts();
  readonly #upstreamTls = new UpstreamTlsContexts();
  readonly #names: NameResolver;
  readonly #removedListenerDrainMs: number;
  readonly #choosesCapture: boolean;
  /** Ports that no listener uses any more and that still have connections. */
  readonly #retired = new Map<BoundPort, NodeJS.Timeout>();
  #config = emptyConfig;
  #queue: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(options: EngineOptions = {}) {
    const clock = options.clock ?? systemClock;
    const random = options.random ?? Math.random;
    this.emitter = options.sharedEmitter ?? new FlowEmitter(clock, options.emitter);
    this.#choosesCapture = options.sharedEmitter === undefined;
    this.wire = new WireCapture(this.emitter);
    this.#ticker = new Ticker(() => this.emitter.now());
    this.#health = new HealthBoard(this.emitter, this.metrics);
    this.#names = new NameResolver(
      options.lookUp ?? lookUpAll,
      options.timeToLive ?? (options.lookUp === undefined ? timeToLiveOf : async () => null),
      (change) => this.#onNameChanged(change),
    );
    this.#pools = new PoolRuntimes(this.metrics, random, this.#health.onChange, (name) =>
      this.#names.addressesOf(name),
    );
    this.#watch = new PoolWatch(this.#pools, random);
    this.#removedListenerDrainMs = options.removedListenerDrainMs ?? 30_000;
    this.#context = {
      emitter: this.emitter,
      wire: this.wire,
      clock,
      random,
      metrics: this.metrics,
      flowEnds: this.flowEnds,
      ticker: this.#ticker,
      pools: this.#pools,
      challenges: this.challenges,
      lookUp: boundedLookUp(options.lookUp ?? lookUpAll),
      forwards: new ForwardDestinations(this.#pools),
      config: () => this.#config,
    };
    this.#listeners = new ListenerSet(this.#context);
  }

  /**
   * Runs a workspace in place of the running one, or changes nothing and says why. Connections of listeners whose
   * address and port stay are kept; a request in flight keeps the configuration that it began with. Calls are
   * carried out one after the other.
   */
  apply(input: ApplyInput): Promise<ApplyOutcome> {
    return this.#enqueue(() => this.#applyNow(input));
  }

  /** Where the running listeners can be reached, in document order. */
  listeners(): BoundListener[] {
    return this.#listeners.describe([...this.#config.listeners.values()].map((listener) => listener.config));
  }

  /** Of every endpoint whose health is watched. */
  endpointHealth(): EndpointHealthInfo[] {
    return this.#health.describe(this.#config, this.#pools);
  }

  /** Called after each change of an endpoint's health and after each apply. Returns how to stop. */
  onHealthChange(listener: () => void): () => void {
    return this.#health.subscribe(listener);
  }

  /** How every cache filter stands. */
  caches(): CacheInfo[] {
    return describeCaches(this.#config, this.#context.clock.wallTime());
  }

  /** Empties what the selection means. Returns how many entries went. */
  purgeCaches(selection: CacheSelection): number {
    return purgeCaches(this.#config, selection);
  }

  /** Which route the running configuration would choose; null = it has no such listener. Nothing is sent. */
  explain(listenerId: string, request: ExplainedRequest): Explanation | null {
    return explainRequest(this.#config, listenerId, request);
  }

  /**
   * Stops accepting at once, lets what is in flight finish for at most `drainMs`, then cuts it. Readers of the
   * emitter stay open, so that the last events can be read; close them.
   */
  close(options: { readonly drainMs: number }): Promise<void> {
    return this.#enqueue(() => this.#closeNow(options.drainMs), true);
  }

  #enqueue<Result>(work: () => Promise<Result>, isClosing = false): Promise<Result> {
    if (this.#isClosed && !isClosing)
      return Promise.reject(new EngineError('closed', 'the engine is closed'));
    if (isClosing) this.#isClosed = true;
    const result = this.#queue.then(work);
    this.#queue = result.catch(() => undefined);
    return result;
  }

  async #applyNow({ revision, workspace, certificates }: ApplyInput): Promise<ApplyOutcome> {
    const { tls, issues } = this.#certificates.prepare(workspace, certificates);
    const { poolTls, issues: upstreamIssues } = this.#upstreamTls.prepare(workspace, certificates);
    if (issues.length + upstreamIssues.length > 0)
      return { ok: false, issues: [...issues, ...upstreamIssues] };
    const config = compileWorkspace({ revision, workspace, tls, poolTls, earlier: this.#config });
    const change = await this.#listeners.prepare(workspace.listeners);
    if (!change.ok) return change;
    const removed = change.commit();
    this.#config = config;
    if (this.#choosesCapture) {
      this.emitter.masksSecrets = config.capture.headers === 'masked';
      this.emitter.capturedBodyBytes = config.capture.bodies === 'on' ? config.capture.maxBodyBytes : 0;
      this.#setFullCapture(isFullCapture(config));
    }
    this.#retainPools(config);
    for (const port of removed) this.#retire(port);
    return { ok: true, listeners: this.listeners() };
  }

  /** What is idle began before, and would never be in a capture. */
  #setFullCapture(isFull: boolean): void {
    if (isFull && !this.wire.isFullCapture) this.#pools.closeIdleConnections();
    this.wire.setFullCapture(isFull);
  }

  #onNameChanged(change: NameChange): void {
    recordNameResolved(this.emitter, change);
    for (const pool of this.#config.pools.values()) {
      if (pool.endpoints.some(({ name }) => name === change.hostname)) this.#pools.renew(pool);
    }
    this.#retainPools(this.#config);
  }

  #retainPools(config: CompiledConfig): void {
    this.#names.retain(config);
    this.#pools.retain(config);
    this.#watch.retain(config);
    this.#health.retain(config, this.#pools);
  }

  #retire(port: BoundPort): void {
    port.drain();
    const timer = setTimeout(() => port.destroyConnections('drained'), this.#removedListenerDrainMs);
    this.#retired.set(port, timer);
    void port.whenEmpty().then(() => {
      clearTimeout(timer);
      this.#retired.delete(port);
    });
  }

  async #closeNow(drainMs: number): Promise<void> {
    for (const port of this.#listeners.closeAll()) this.#retire(port);
    const ports = [...this.#retired.keys()];
    const cut = setTimeout(() => {
      for (const port of ports) port.destroyConnections('drained');
    }, drainMs);
    await Promise.all(ports.map((port) => port.whenEmpty()));
    clearTimeout(cut);
    closeMirrors(this.#context);
    this.#context.forwards.close();
    closeRefreshes(this.#context);
    this.#config = emptyConfig;
    this.wire.setFullCapture(false);
    this.#retainPools(emptyConfig);
    this.#ticker.close();
  }
}

/** What travels on the wire holds every secret, so both switches must be on. */
function isFullCapture({ capture }: CompiledConfig): boolean {
  return capture.headers === 'full' && capture.bodies === 'on';
}
