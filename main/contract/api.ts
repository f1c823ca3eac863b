// The one contract between a UI and the main process: calls with their input schemas, and pushes.
import { z } from 'zod';
import { type AccessLogResults, accessLogInputs } from './accessLogApi';
import { type BothResults, bothInputs } from './bothApi';
import { type CaptureEvents, type CaptureResults, captureInputs } from './captureApi';
import { type CertificateEvents, type CertificateResults, certificateInputs } from './certificateApi';
import { type ClientEvents, type ClientResults, clientInputs } from './clientApi';
import type { WorkspaceDocument } from './config';
import type { ConfigIssue } from './configIssue';
import type { DestinationExplanation } from './destinationPattern';
import type { EndpointCandidate, FlowEvent, RouteDecisionTrace } from './flowEvent';
import { type SampleEvents, type SampleResults, sampleInputs } from './sampleApi';
import { type ChangeSource, type RefusedFile, type WorkspaceResults, workspaceInputs } from './workspaceApi';

export interface BoundListener {
  readonly id: string;
  readonly address: string;
  /** The bound port; differs from the configured one when that is 0. */
  readonly port: number;
  readonly protocol: string;
}

/** What is running now. `revision` 0 = nothing was applied yet. */
export interface RunningConfig {
  readonly revision: number;
  readonly document: WorkspaceDocument;
  readonly listeners: readonly BoundListener[];
  /** Warnings of the running document, or why the file could not be run (then `revision` is that of what still runs). */
  readonly issues: readonly ConfigIssue[];
  /** The workspace file, for display. */
  readonly file: string;
  /** Names this run of the app: revisions of two runs cannot be compared. */
  readonly runId: string;
  readonly source: ChangeSource;
  /** What the file says instead, where that could not be run; null = the file is what runs. */
  readonly refused: RefusedFile | null;
}

/** How an endpoint stands whose pool has health checks or outlier detection. */
export interface EndpointHealthInfo {
  readonly pool: string;
  /** "address:port", IPv6 in brackets. */
  readonly endpoint: string;
  readonly health: EndpointCandidate['health'];
  /** What the last change was for, in words; empty = it never changed. */
  readonly reason: string;
}

export interface AppInfo {
  readonly version: string;
  readonly host: 'electron' | 'browser';
  readonly platform: string;
  /** Plain sentence to show once, e.g. why the browser is used instead of a window; null = nothing to say. */
  readonly notice: string | null;
  readonly dataFolder: string;
  /** Nothing runs here: a capture file is looked at, and there is no workspace. */
  readonly isViewer: boolean;
}

/** Counters of one listener, route, pool or endpoint ("pool/address:port") since the engine started. */
export interface TrafficCount {
  readonly scope: 'listener' | 'route' | 'pool' | 'endpoint';
  readonly id: string;
  /** Flows that ended. */
  readonly flows: number;
  /** Of them, those that failed or were answered 5xx. */
  readonly errors: number;
  /** Listeners: of clients. Pools and endpoints: made by the proxy. Routes have none: always 0. */
  readonly openConnections: number;
  /** Bytes towards the endpoint and towards the client. */
  readonly requestBytes: number;
  readonly responseBytes: number;
  /** Of the flows that ended in the last half to whole minute, at the first time of asking of all; null = none did. */
  readonly latency: TrafficLatency | null;
}

/** Half, 95 % and 99 % of the flows took no longer, in milliseconds, right to within 6 %. */
export interface TrafficLatency {
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

/** One thing that a cache filter has stored. */
export interface CacheEntryInfo {
  readonly url: string;
  readonly status: number;
  /** With what belongs to it. */
  readonly bytes: number;
  /** Answered from it. */
  readonly hits: number;
  readonly ageSeconds: number;
  /** Seconds that it stays fresh; 0 or less = stale. */
  readonly freshSeconds: number;
  /** Names of request fields that chose it (Vary). */
  readonly vary: readonly string[];
}

/** How one cache filter stands. */
export interface CacheInfo {
  readonly route: string;
  /** Index into the route's filters. */
  readonly filter: number;
  readonly entries: number;
  readonly bytes: number;
  readonly maxBytes: number;
  /** Requests answered from it. */
  readonly hits: number;
  /** Requests that it could have answered and that went on to an endpoint. */
  readonly misses: number;
  /** Requests that are not for it: other methods, no-store. */
  readonly bypasses: number;
  /** Entries that went because there was no room. */
  readonly evictions: number;
  /** The last used ones first, at most 100. */
  readonly latest: readonly CacheEntryInfo[];
}

export interface FlowSnapshot {
  /** Events pushed later with seq ≤ this are already in the snapshot. */
  readonly seq: number;
  /** The newest events that are still held, oldest first. */
  readonly events: readonly FlowEvent[];
}

export const apiInputs = {
  getAppInfo: z.undefined(),
  getRunningConfig: z.undefined(),
  /** Checks a document as `applyConfig` would, incl. ports and certificates, and changes nothing. */
  checkConfig: z.strictObject({ document: z.unknown() }),
  /** Parses, checks, persists and runs a document. `baseRevision` is the revision that the edit started from. */
  applyConfig: z.strictObject({
    baseRevision: z.int().min(0),
    document: z.unknown(),
    /** The run of the app that `baseRevision` counts in; another run is a conflict. */
    runId: z.string().max(64).optional(),
    /** The text to write, where the user typed it; it is brought up to the document first if it says something else. */
    text: z.string().max(4_194_304).optional(),
    /** The history entry that the document was restored from. */
    restoredFrom: z.int().min(1).optional(),
  }),
  /** Asks the running routes without sending anything. */
  explain: z.strictObject({
    /** Asked of this document instead of the running one when given (a draft). */
    document: z.unknown().optional(),
    listener: z.string().min(1).max(63),
    method: z.string().min(1).max(32).default('GET'),
    url: z.string().min(1).max(8192),
    headers: z
      .array(z.tuple([z.string(), z.string()]))
      .max(100)
      .default([]),
  }),
  ...sampleInputs,
  ...bothInputs,
  getTraffic: z.undefined(),
  subscribeFlows: z.undefined(),
  unsubscribeFlows: z.undefined(),
  getEndpointHealth: z.undefined(),
  getCaches: z.undefined(),
  /** Empties caches: all of them, those of a route, or what is stored under a URL (a `*` at its end = all that begin so). */
  purgeCaches: z.strictObject({
    route: z.string().min(1).max(63).optional(),
    url: z.string().min(1).max(8192).optional(),
  }),
  ...certificateInputs,
  ...captureInputs,
  ...clientInputs,
  ...accessLogInputs,
  copyText: z.strictObject({ text: z.string().max(4_194_304) }),
  ...workspaceInputs,
} as const satisfies Record<string, z.ZodType>;

export type ApiMethod = keyof typeof apiInputs;
/** What a caller passes. */
export type ApiInput<Method extends ApiMethod> = z.input<(typeof apiInputs)[Method]>;
/** What the implementation gets, defaults filled in. */
export type ApiParsedInput<Method extends ApiMethod> = z.output<(typeof apiInputs)[Method]>;

export interface ApiResults
  extends AccessLogResults,
    BothResults,
    CaptureResults,
    CertificateResults,
    ClientResults,
    SampleResults,
    WorkspaceResults<RunningConfig> {
  getAppInfo: AppInfo;
  getRunningConfig: RunningConfig;
  checkConfig: { readonly issues: readonly ConfigIssue[] };
  /** Rejects with `conflict` (another revision runs meanwhile) or `invalid_config` (with issues); then nothing changed. */
  applyConfig: RunningConfig;
  explain: {
    readonly winner: string | null;
    readonly trace: RouteDecisionTrace;
    /** Of a forward listener, which has no routes. */
    readonly destination?: DestinationExplanation;
  };
  /** `at` in milliseconds on a monotonic clock. */
  getTraffic: { readonly at: number; readonly counts: readonly TrafficCount[] };
  subscribeFlows: FlowSnapshot;
  unsubscribeFlows: null;
  getEndpointHealth: { readonly endpoints: readonly EndpointHealthInfo[] };
  getCaches: { readonly caches: readonly CacheInfo[] };
  purgeCaches: { readonly removed: number; readonly caches: readonly CacheInfo[] };
  copyText: null;
}

/** Pushes from the main process. */
export interface ApiEvents extends CaptureEvents, CertificateEvents, ClientEvents, SampleEvents {
  'config.changed': RunningConfig;
  /**
   * Events in order. After a `gap` event the receiver may call `subscribeFlows` again for a new snapshot. `sampling`: of so
   * many flows that begin now one is recorded, with all of its events; 1 = all. `unrecordedFlows` = left out since the start.
   */
  'flows.events': {
    readonly events: readonly FlowEvent[];
    readonly sampling: number;
    readonly unrecordedFlows: number;
  };
  'health.changed': { readonly endpoints: readonly EndpointHealthInfo[] };
  'history.changed': { readonly newest: number };
}

export type ApiEventName = keyof ApiEvents;

/** The api as a UI sees it. `main/services/hopscopeApi.ts` implements it, `renderer/client/` speaks it over a FrameChannel. */
export interface HopscopeApi {
  call<Method extends ApiMethod>(method: Method, input: ApiInput<Method>): Promise<ApiResults[Method]>;
  on<Name extends ApiEventName>(name: Name, listener: (payload: ApiEvents[Name]) => void): () => void;
}
