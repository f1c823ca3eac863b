// What a filter type is made of: one behaviour a file, one line in the registry. Filters know no sockets: they get a
// view of the request and either change where it goes, answer it, hold it up, or edit heads.
import type { Filter, FilterType } from '../../contract/config';
import type { FaultInjected, RawHeaders } from '../../contract/flowEvent';
import type { ResponseCache } from '../cache/responseCache';
import type { HeaderEditList } from './headerEdits';

/** What a request filter may read and change. Implemented by the exchange. */
export interface FilteredRequest {
  /** As it will be sent, path and query; starts with "/" (or is "*"). */
  target: string;
  /** Host header to be sent instead of the client's; null = keep. */
  hostOverride: string | null;
  readonly isTls: boolean;
  /** The client's Host header, lower case, without port; '' = none. */
  readonly hostname: string;
  /** The client's Host header as sent. */
  readonly host: string;
  /** The path prefix that the winning match asked for; '/' when it asked for none. */
  readonly matchedPrefix: string;
  /** Of the connection, or what the PROXY protocol said; '' = unknown. */
  readonly clientAddress: string;
  /** The client's value by lower-case name, several joined by ", "; undefined = absent. */
  header(name: string): string | undefined;
  /** Microseconds on a monotonic clock. */
  now(): number;
  /** 0 ≤ x < 1; seeded in tests and labs. */
  random(): number;
  /** What was decided, in words, for the filter's event. Called only when somebody watches. */
  explain(words: () => string): void;
  /** Says in an event that something was broken on purpose. */
  injectFault(fault: FaultInjected['fault'], words: () => string): void;
  /** The body of the endpoint's response goes to the client no faster. */
  limitBandwidth(bytesPerSecond: number): void;
  /** Sends a copy to another pool when the request is passed on; nobody waits for its answer. */
  mirrorTo(pool: string): void;
  /** Answers from the cache, waits for somebody who asks the same, or goes on; then the response is offered to it. */
  useCache(cache: ResponseCache): FilterResult;
  /** The body of the response is compressed on its way to the client, if that is of use. */
  compress(settings: CompressSettings): void;
}

export type CompressSettings = Extract<Filter, { type: 'compress' }>;

/** An answer made by a filter; ends the exchange without an endpoint. */
export interface FilterAnswer {
  readonly status: number;
  readonly headers: RawHeaders;
  readonly body: string;
}

/** The filter needs time. */
export interface FilterWait {
  /**
   * Begins; `done` must be called once, later, never from within: with an answer, null = on to the next filter, or
   * `again` = this filter once more. Returns how to stop; then `done` is not called.
   */
  begin(done: (answer: FilterAnswer | 'again' | null) => void): () => void;
}

/** null = go on to the next filter; `answered` = the exchange is over. */
export type FilterResult = FilterAnswer | FilterWait | 'answered' | null;

/** Runs once per request, in document order. */
export interface RunFilter {
  (request: FilteredRequest): FilterResult;
  /** What a cache filter keeps. */
  readonly cache?: ResponseCache;
}

/** The behaviour of one filter type. Every member is optional: a filter does what it has. */
export interface FilterKind<Config extends Filter> {
  /** Edits of the request head, folded with those of the other filters at compile time. */
  readonly requestEdits?: (config: Config) => HeaderEditList;
  /** Edits of the response head, folded at compile time. */
  readonly responseEdits?: (config: Config) => HeaderEditList;
  /** Made ready once; what it returns may keep state, which outlives reloads that leave the filter as it is. */
  readonly start?: (config: Config) => RunFilter;
  /** What it did is told by events of its own; a filter.applied beside them would say nothing. */
  readonly recordsItself?: true;
}

export type FilterRegistry = {
  readonly [Type in FilterType]: FilterKind<Extract<Filter, { type: Type }>>;
};
