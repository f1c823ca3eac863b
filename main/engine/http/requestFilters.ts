// Runs a route's filters on one request, in document order. A filter may hold the request up; then nothing more of it
// is read until the filter is done, so what waits is bounded by one socket buffer.
import type { FaultInjected, HeaderChange } from '../../contract/flowEvent';
import type { ResponseCache } from '../cache/responseCache';
import type { CompiledHttpRoute } from '../compiledConfig';
import type {
  CompressSettings,
  FilterAnswer,
  FilteredRequest,
  FilterResult,
  FilterWait,
} from '../filter/filterKind';
import { answerByFilter } from './answer';
import { type LookupTurn, lookUp } from './cacheLookup';
import type { Exchange } from './exchange';
import { recordFaultInjected } from './faultRecords';
import { editsHead, recordFilterApplied } from './httpRecords';
import { MirrorCopy } from './mirrorCopy';
import { rescueThrown } from './rescue';
import { ResponsePacer } from './responsePacer';

type Proceed = (exchange: Exchange, route: CompiledHttpRoute) => void;

/** Ends in `proceed`, now or later, or in the answer of a filter. */
export function runRequestFilters(exchange: Exchange, route: CompiledHttpRoute, proceed: Proceed): void {
  new RequestFilterRun(exchange, route, proceed).run(0);
}

class RequestFilterRun implements FilteredRequest {
  target: string;
  hostOverride: string | null = null;
  #detail: string | undefined;
  #position = 0;
  readonly #lookupTurn: LookupTurn = { waited: null };

  constructor(
    private readonly exchange: Exchange,
    private readonly route: CompiledHttpRoute,
    private readonly proceed: Proceed,
  ) {
    this.target = exchange.target;
  }

  run(from: number): void {
    const { exchange } = this;
    const { filters } = this.route;
    for (let position = from; position < filters.length; position++) {
      const { run } = filters[position]!;
      const { target, hostOverride } = this;
      this.#position = position;
      const result = run === null ? null : run(this);
      if (result === 'answered') return;
      if (result !== null && 'begin' in result) {
        this.#wait(position, result);
        return;
      }
      if (exchange.emitter.isWatched) this.#record(position, target, hostOverride);
      if (result !== null) {
        answerByFilter(exchange, result);
        return;
      }
    }
    exchange.target = this.target;
    exchange.hostOverride = this.hostOverride;
    this.proceed(exchange, this.route);
  }

  #wait(position: number, wait: FilterWait): void {
    this.exchange.stopWaiting = wait.begin((answer) => {
      try {
        this.#resume(position, answer);
      } catch (error) {
        rescueThrown(this.exchange, error);
      }
    });
  }

  #resume(position: number, answer: FilterAnswer | 'again' | null): void {
    const { exchange } = this;
    exchange.stopWaiting = null;
    if (exchange.isDone) return;
    exchange.isActive = true;
    if (answer === 'again') {
      this.run(position);
      return;
    }
    if (exchange.emitter.isWatched) this.#record(position, this.target, this.hostOverride);
    if (answer === null) this.run(position + 1);
    else answerByFilter(exchange, answer);
  }

  // ---- for the filters

  get matchedPrefix(): string {
    return matchedPrefix(this.route, this.exchange.head.path);
  }

  get isTls(): boolean {
    return this.exchange.host.isTls;
  }

  get hostname(): string {
    return this.exchange.head.hostname;
  }

  get host(): string {
    return this.exchange.head.host;
  }

  get clientAddress(): string {
    return this.exchange.host.client.address;
  }

  header(name: string): string | undefined {
    return this.exchange.head.header(name);
  }

  now(): number {
    return this.exchange.emitter.now();
  }

  random(): number {
    return this.exchange.context.random();
  }

  explain(words: () => string): void {
    if (this.exchange.emitter.isWatched) this.#detail = words();
  }

  injectFault(fault: FaultInjected['fault'], words: () => string): void {
    const { emitter, flowId, host } = this.exchange;
    if (!emitter.isWatched) return;
    recordFaultInjected(emitter, flowId, host.connectionId, this.#position, fault, words());
  }

  limitBandwidth(bytesPerSecond: number): void {
    const { exchange } = this;
    exchange.pacer = new ResponsePacer(bytesPerSecond, exchange.context.ticker, exchange);
  }

  mirrorTo(pool: string): void {
    this.exchange.mirror ??= new MirrorCopy(this.exchange);
    this.exchange.mirror.addPool(pool, this.#position);
  }

  useCache(cache: ResponseCache): FilterResult {
    this.exchange.target = this.target;
    this.exchange.hostOverride = this.hostOverride;
    return lookUp(this.exchange, cache, this.#lookupTurn);
  }

  compress(settings: CompressSettings): void {
    this.exchange.compression = { position: this.#position, settings };
  }

  // ---- events

  #record(position: number, oldTarget: string, oldHost: string | null): void {
    const { exchange } = this;
    const { filters } = this.route;
    const { run, config, recordsItself } = filters[position]!;
    if (recordsItself) return;
    const detail = this.#detail;
    this.#detail = undefined;
    if (run === null && !editsHead(config, 'request')) return;
    recordFilterApplied(exchange.emitter, exchange.flowId, exchange.host.connectionId, {
      before: exchange.host.toldHead,
      filters,
      position,
      direction: 'request',
      otherChanges: this.#pseudoChanges(oldTarget, oldHost),
      detail,
    });
  }

  #pseudoChanges(oldTarget: string, oldHost: string | null): HeaderChange[] {
    const changes: HeaderChange[] = [];
    if (oldTarget !== this.target) changes.push({ name: ':path', before: [oldTarget], after: [this.target] });
    if (oldHost !== this.hostOverride) {
      const before = [oldHost ?? this.host];
      changes.push({ name: 'host', before, after: [this.hostOverride ?? this.host] });
    }
    return changes;
  }
}

/** The longest path prefix of the route's matches that the path has; "/" = none asked for one. */
function matchedPrefix(route: CompiledHttpRoute, path: string): string {
  let longest = '/';
  for (const { path: wanted } of route.config.matches) {
    if (wanted === undefined || wanted.type === 'regex' || wanted.value.length <= longest.length) continue;
    const prefix = wanted.value.endsWith('/') ? wanted.value.slice(0, -1) : wanted.value;
    if (path.startsWith(prefix) && (path.length === prefix.length || path[prefix.length] === '/'))
      longest = wanted.value;
  }
  return longest;
}
