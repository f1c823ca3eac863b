// What one exchange has to do with the cache of its route, from the lookup to the end of the response.
import { type RequestDirectives, surrogateName } from '../cache/cacheControl';
import { type ClientConditions, conditionNames, validatorLines } from '../cache/conditions';
import type { ResponseCache } from '../cache/responseCache';
import { mayAnswerErrors } from '../cache/reuse';
import type { StoredResponse } from '../cache/storedResponse';
import type { CachePlace, HeaderEdits } from '../compiledConfig';
import { answerFromStored } from './cacheAnswer';
import { recordCacheLookup, recordCacheNotStored } from './cacheRecords';
import { wholeAge } from './cacheStatus';
import type { Exchange } from './exchange';

export interface CacheQuestion {
  readonly cache: ResponseCache;
  readonly place: CachePlace;
  /** The URL that was asked for: scheme, host, path and query. */
  readonly key: string;
  readonly directives: RequestDirectives;
  readonly conditions: ClientConditions;
}

/** Tells the endpoint that Surrogate-Control is understood here, and under which name. */
const capability = `Surrogate-Capability: ${surrogateName}="Surrogate/1.0"\r\n`;
const capable: HeaderEdits = {
  removedNames: new Set(['surrogate-capability']),
  appendedLines: capability,
};
const ofClient: ReadonlySet<string> = new Set([...conditionNames, 'surrogate-capability']);

/** `lines` = If-None-Match and If-Modified-Since. */
export function validationEdits(lines: string): HeaderEdits {
  return { removedNames: ofClient, appendedLines: lines + capability };
}

export class CacheUse {
  /** When the request went on, in milliseconds since 1970. */
  readonly requestedAt: number;
  /** Changes of the cache until then. */
  readonly changes: number;
  /** Others wait for what this exchange gets; null = nobody can. */
  leadsKey: string | null = null;
  /** The endpoint is asked whether the stored response is still right, instead of what the client asked. */
  readonly isValidating: boolean;
  /** Of the request to the endpoint; null = none. */
  readonly requestEdits: HeaderEdits | null;

  /**
   * `stored` is asked about where it has a validator. `fwd` says why the request goes on (RFC 9211 2.2);
   * `offers`: the response may be stored.
   */
  constructor(
    private readonly exchange: Exchange,
    readonly question: CacheQuestion,
    readonly stored: StoredResponse | null,
    readonly fwd: string,
    readonly offers: boolean,
  ) {
    this.requestedAt = exchange.context.clock.wallTime();
    this.changes = question.cache.changes;
    const lines = stored === null ? '' : validatorLines(stored);
    this.isValidating = lines !== '';
    this.requestEdits = lines === '' ? (offers ? capable : null) : validationEdits(lines);
  }

  /** Tells those who wait; only the first outcome counts. */
  settle(outcome: 'stored' | 'notStored' | 'gone'): void {
    const { leadsKey } = this;
    if (leadsKey === null) return;
    this.leadsKey = null;
    this.question.cache.collapsing.settle(leadsKey, outcome, this.exchange.context.clock.wallTime());
  }

  notStored(reason: string): void {
    if (this.exchange.emitter.isWatched) recordCacheNotStored(this.exchange, reason);
    this.settle('notStored');
  }

  /** The endpoint failed. True = the client got the stale response in its place. */
  answersFailure(reason: string, detail: string): boolean {
    const { exchange, stored, question } = this;
    const now = exchange.context.clock.wallTime();
    if (stored === null || !mayAnswerErrors(stored, question.directives, now)) return false;
    if (exchange.emitter.isWatched) {
      const words = `${reason}, and stale-if-error allows a stale answer in its place`;
      const ageSeconds = wholeAge(stored, now);
      recordCacheLookup(exchange, { result: 'stale', reason: words, ageSeconds, key: question.key });
    }
    exchange.keepsUpstream = false;
    question.cache.counts.hits++;
    this.settle('gone');
    answerFromStored(exchange, question, stored, { fwd: 'stale', fwdStatus: 0, isCollapsed: false, detail });
    return true;
  }
}
