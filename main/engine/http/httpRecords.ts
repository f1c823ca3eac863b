// The events of one HTTP exchange that only the HTTP path has. What is kept is the raw head; fields are parsed when
// somebody reads. Callers check `emitter.isWatched` first.
import type { HttpRoute } from '../../contract/config';
import type { Direction, HeaderChange, Leg, RawHeaders } from '../../contract/flowEvent';
import type { CompiledFilter, CompiledHttpRoute, CompiledListener } from '../compiledConfig';
import { filterKindOf } from '../filter/compileFilters';
import { applyHeaderEdits } from '../filter/headerEdits';
import type { FlowEmitter, RecordType } from '../flowEmitter';
import { explainHttp } from '../routing/httpRouteTable';
import { http1Request, travelledResponse } from './http2HeadText';
import { firstLineOf, rawHeadersOf } from './parseRawHead';
import { RequestHead } from './requestHead';

const downstream = 0;
const upstream = 1;
const legOf = (a: number): Leg => (a === downstream ? 'downstream' : 'upstream');
const numberOf = (leg: Leg): number => (leg === 'downstream' ? downstream : upstream);

/** Leg, who made it and the stream in one number of the ring. */
function packed(leg: Leg, streamId: number, isGenerated: boolean): number {
  return streamId * 4 + (isGenerated ? 2 : 0) + numberOf(leg);
}

const streamOf = (kind: number) => {
  const stream = Math.floor(kind / 4);
  return stream === 0 ? {} : { stream };
};

/** `travelledBytes`: 0 = the length of `raw`. `streamId`: 0 = HTTP/1.x. */
export function recordRequestHead(
  emitter: FlowEmitter,
  flowId: number,
  connectionId: number,
  leg: Leg,
  raw: string,
  streamId: number,
  travelledBytes: number,
): void {
  const place = emitter.keepText(raw);
  emitter.record(
    requestHead,
    flowId,
    connectionId,
    packed(leg, streamId, false),
    place,
    travelledBytes,
    null,
  );
}

export function recordResponseHead(
  emitter: FlowEmitter,
  flowId: number,
  connectionId: number,
  leg: Leg,
  raw: string,
  isGenerated: boolean,
  streamId: number,
  travelledBytes: number,
): void {
  const place = emitter.keepText(raw);
  const kind = packed(leg, streamId, isGenerated);
  emitter.record(responseHead, flowId, connectionId, kind, place, travelledBytes, null);
}

export function recordMessageEnd(
  emitter: FlowEmitter,
  flowId: number,
  connectionId: number,
  direction: Direction,
  leg: Leg,
  bodyBytes: number,
): void {
  const type = direction === 'request' ? requestEnd : responseEnd;
  emitter.record(type, flowId, connectionId, numberOf(leg), bodyBytes, 0, null);
}

export function recordBufferHeld(
  emitter: FlowEmitter,
  flowId: number,
  connectionId: number,
  bytes: number,
  chunks: number,
  isSpilled: boolean,
): void {
  emitter.record(bufferHeld, flowId, connectionId, bytes, chunks, isSpilled ? 1 : 0, null);
}

export function recordBufferReleased(
  emitter: FlowEmitter,
  flowId: number,
  connectionId: number,
  bytes: number,
  chunks: number,
  heldMicroseconds: number,
  isSpilled: boolean,
): void {
  emitter.record(bufferReleased, flowId, connectionId, bytes, chunks, heldMicroseconds, isSpilled);
}

export function recordUpgradeAccepted(
  emitter: FlowEmitter,
  flowId: number,
  connectionId: number,
  protocol: string,
): void {
  emitter.record(upgradeAccepted, flowId, connectionId, 0, 0, 0, protocol, protocol.length);
}

export function recordRetryScheduled(
  emitter: FlowEmitter,
  flowId: number,
  connectionId: number,
  attempt: number,
  reason: string,
  delayMs: number,
): void {
  emitter.record(retryScheduled, flowId, connectionId, attempt, delayMs, 0, reason);
}

export function recordRouting(
  emitter: FlowEmitter,
  flowId: number,
  connectionId: number,
  listener: CompiledListener,
  route: CompiledHttpRoute | null,
  raw: string,
): void {
  const order = route === null ? noRoute : route.order;
  emitter.record(routing, flowId, connectionId, emitter.keepText(raw), order, 0, listener);
}

const noRoute = -1;

export interface FilterSubject {
  /** Head before all filters. */
  readonly before: string;
  /** The route's filters; those of this direction up to `position` had run. */
  readonly filters: readonly CompiledFilter[];
  /** Index into `filters`; −1 = the proxy's own edits, which turn the filtered head into `after`. */
  readonly position: number;
  readonly direction: Direction;
  /** Head as sent; only where `position` is −1. */
  readonly after: string;
  /** What a filter without header edits did, as changes of pseudo-headers such as ":path". */
  readonly otherChanges: readonly HeaderChange[];
  /** What the filter decided, in words; absent = nothing to say. */
  readonly detail?: string | undefined;
  /** Host that a filter asked for, so that the proxy's own edits do not claim it. */
  readonly hostOverride: string | null;
}

/** What the proxy itself made of a head, behind all filters; see `FilterSubject`. Of every message, so it makes no object. */
export function recordOwnEdits(
  emitter: FlowEmitter,
  flowId: number,
  connectionId: number,
  direction: Direction,
  before: string,
  filters: readonly CompiledFilter[],
  after: string,
  hostOverride: string | null = null,
): void {
  if (hostOverride !== null) {
    const subject = { before, filters, position: ownEdits, direction, after, otherChanges: [], hostOverride };
    recordFilterApplied(emitter, flowId, connectionId, subject);
    return;
  }
  const type = direction === 'request' ? requestFilterApplied : responseFilterApplied;
  const beforePlace = emitter.keepText(before);
  const afterPlace = emitter.keepText(after);
  emitter.record(type, flowId, connectionId, beforePlace, afterPlace, ownEdits, filters);
}

const ownEdits = -1;

export function recordFilterApplied(
  emitter: FlowEmitter,
  flowId: number,
  connectionId: number,
  subject: FilterSubject,
): void {
  const { filters, position, direction, otherChanges, hostOverride, detail } = subject;
  const before = emitter.keepText(subject.before);
  const after = emitter.keepText(subject.after);
  if (otherChanges.length > 0 || hostOverride !== null || detail !== undefined) {
    const fields = { filters, direction, otherChanges, hostOverride, detail };
    emitter.record(filterApplied, flowId, connectionId, before, after, position, fields, 100);
  } else if (direction === 'request') {
    emitter.record(requestFilterApplied, flowId, connectionId, before, after, position, filters);
  } else emitter.record(responseFilterApplied, flowId, connectionId, before, after, position, filters);
}

type AppliedFilters = Pick<
  FilterSubject,
  'filters' | 'direction' | 'otherChanges' | 'hostOverride' | 'detail'
>;

const requestHead: RecordType<null> = {
  build: (base, kind, place, travelledBytes, _reference, { masksSecrets, textAt }) => {
    const raw = textAt(place);
    const [method, target, version] = firstLineOf(raw);
    const headers = rawHeadersOf(raw, masksSecrets);
    return {
      ...base,
      kind: 'request.head',
      leg: legOf(kind & 1),
      method,
      target,
      version,
      headers,
      bytes: travelledBytes || raw.length,
      ...streamOf(kind),
    };
  },
};

const responseHead: RecordType<null> = {
  build: (base, kind, place, travelledBytes, _reference, { masksSecrets, textAt }) => {
    const kept = textAt(place);
    const raw = kind < 4 ? kept : travelledResponse(kept);
    const [version, status, reason] = firstLineOf(raw);
    return {
      ...base,
      kind: 'response.head',
      leg: legOf(kind & 1),
      status: Number(status),
      reason,
      version,
      headers: rawHeadersOf(raw, masksSecrets),
      bytes: travelledBytes || raw.length,
      generated: (kind & 2) !== 0,
      ...streamOf(kind),
    };
  },
};

const requestEnd: RecordType<null> = {
  build: (base, leg, bodyBytes) => ({ ...base, kind: 'request.end', leg: legOf(leg), bodyBytes }),
};

const responseEnd: RecordType<null> = {
  build: (base, leg, bodyBytes) => ({ ...base, kind: 'response.end', leg: legOf(leg), bodyBytes }),
};

const bufferHeld: RecordType<null> = {
  build: (base, bytes, chunks, spilled) => ({
    ...base,
    kind: 'buffer.held',
    bytes,
    chunks,
    spilledToFile: spilled === 1,
  }),
};

const bufferReleased: RecordType<boolean> = {
  build: (base, bytes, chunks, heldMicroseconds, spilledToFile) => ({
    ...base,
    kind: 'buffer.released',
    bytes,
    chunks,
    heldMicroseconds: Math.round(heldMicroseconds),
    spilledToFile,
  }),
};

const upgradeAccepted: RecordType<string> = {
  build: (base, _a, _b, _c, protocol) => ({ ...base, kind: 'upgrade.accepted', protocol }),
};

const retryScheduled: RecordType<string> = {
  build: (base, attempt, delayMs, _c, reason) => ({
    ...base,
    kind: 'retry.scheduled',
    attempt,
    reason,
    delayMs,
  }),
};

const routing: RecordType<CompiledListener> = {
  build: (base, place, order, _c, { httpRoutes, config }, { masksSecrets, textAt }) => {
    const view = new RequestHead();
    const bytes = Buffer.from(http1Request(textAt(place)), 'latin1');
    view.parse(bytes, 0, bytes.length);
    const trace = explainHttp(httpRoutes, config.id, view, masksSecrets);
    if (order === noRoute) return { ...base, kind: 'route.missed', trace };
    const route = httpRoutes.routes.find((each) => each.order === order)!.id;
    return { ...base, kind: 'route.matched', route, trace };
  },
};

const filterApplied: RecordType<AppliedFilters> = {
  build: (base, beforePlace, afterPlace, position, reference, { masksSecrets, textAt }) => {
    const { filters, direction, otherChanges, hostOverride, detail } = reference;
    const before = direction === 'request' ? http1Request(textAt(beforePlace)) : textAt(beforePlace);
    const after = textAt(afterPlace);
    const earlier = position === -1 ? filters : filters.slice(0, position);
    const whole = rawHeadersOf(before, masksSecrets);
    const start = withHost(
      earlier.reduce((headers, filter) => applied(headers, filter, direction), whole),
      hostOverride,
    );
    const filter = filters[position];
    const end = filter === undefined ? rawHeadersOf(after, masksSecrets) : applied(start, filter, direction);
    return {
      ...base,
      kind: 'filter.applied',
      direction,
      index: filter?.index ?? null,
      filter: filter?.config.type ?? 'proxy',
      changes: [...otherChanges, ...changesBetween(start, end)],
      ...(detail === undefined ? {} : { detail }),
    };
  },
};

/** Of a request to which nothing special was done; it refers to the route's filters only. */
const requestFilterApplied = plainFilterApplied('request');
const responseFilterApplied = plainFilterApplied('response');

function plainFilterApplied(direction: Direction): RecordType<FilterSubject['filters']> {
  return {
    build: (base, before, after, position, filters, context) => {
      const fields = { filters, direction, otherChanges: [], hostOverride: null };
      return filterApplied.build(base, before, after, position, fields, context);
    },
  };
}

function withHost(headers: RawHeaders, host: string | null): RawHeaders {
  if (host === null) return headers;
  return headers.map(([name, value]) => [name, name.toLowerCase() === 'host' ? host : value]);
}

function applied(headers: RawHeaders, filter: CompiledFilter, direction: Direction): RawHeaders {
  const kind = filterKindOf(filter.config);
  const edits = direction === 'request' ? kind.requestEdits : kind.responseEdits;
  return edits === undefined ? headers : applyHeaderEdits(headers, edits(filter.config));
}

/** Fields that differ, by lower-case name, in order of their first appearance. */
export function changesBetween(before: RawHeaders, after: RawHeaders): HeaderChange[] {
  const names = new Set([...before, ...after].map(([name]) => name.toLowerCase()));
  const values = (headers: RawHeaders, name: string) =>
    headers.filter(([other]) => other.toLowerCase() === name).map(([, value]) => value);
  return [...names]
    .map((name) => ({ name, before: values(before, name), after: values(after, name) }))
    .filter((change) => change.before.join('\n') !== change.after.join('\n'));
}

/** Whether a filter edits heads of this direction; such filters get their own filter.applied event. */
export function editsHead(config: HttpRoute['filters'][number], direction: Direction): boolean {
  const kind = filterKindOf(config);
  return (direction === 'request' ? kind.requestEdits : kind.responseEdits) !== undefined;
}
