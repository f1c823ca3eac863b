// The events of one HTTP exchange that only the HTTP path has. What is kept is the raw head; fields are parsed when
// somebody reads. Callers check `emitter.isWatched` first.
import type { HttpRoute } from '../../contract/config';
import type { Direction, FilterApplied, HeaderChange, Leg, RawHeaders } from '../../contract/flowEvent';
import type { CompiledFilter, CompiledHttpRoute, CompiledListener } from '../compiledConfig';
import { filterKindOf } from '../filter/compileFilters';
import { applyHeaderEdits } from '../filter/headerEdits';
import type { BuildContext, FlowEmitter, RecordBase, RecordType } from '../flowEmitter';
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
  /** Index into `filters`. */
  readonly position: number;
  readonly direction: Direction;
  /** What a filter without header edits did, as changes of pseudo-headers such as ":path". */
  readonly otherChanges: readonly HeaderChange[];
  /** What the filter decided, in words; absent = nothing to say. */
  readonly detail?: string | undefined;
}

export function recordFilterApplied(
  emitter: FlowEmitter,
  flowId: number,
  connectionId: number,
  { before, filters, position, direction, otherChanges, detail }: FilterSubject,
): void {
  const fields = { filters, direction, otherChanges, detail };
  emitter.record(filterApplied, flowId, connectionId, emitter.keepText(before), position, 0, fields, 100);
}

/**
 * What the proxy itself made of a head, behind all filters. Of every message, so it makes no object. `before` = the head before
 * all filters, `after` = as sent. `hostOverride` = host that a filter of the request asked for, so that it is not claimed here.
 */
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
  const from = emitter.keepText(before);
  const to = emitter.keepText(after);
  if (hostOverride !== null) {
    const fields = { filters, hostOverride };
    emitter.record(editsWithHost, flowId, connectionId, from, to, 0, fields, 100 + hostOverride.length);
  } else {
    const type = direction === 'request' ? requestEdits : responseEdits;
    emitter.record(type, flowId, connectionId, from, to, 0, filters);
  }
}

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

const filterApplied: RecordType<Omit<FilterSubject, 'before' | 'position'>> = {
  build: (base, place, position, _c, reference, { masksSecrets, textAt }) => {
    const { filters, direction, otherChanges, detail } = reference;
    const filter = filters[position]!;
    const start = filtered(textAt(place), filters.slice(0, position), direction, masksSecrets);
    return {
      ...base,
      kind: 'filter.applied',
      direction,
      index: filter.index,
      filter: filter.config.type,
      changes: [...otherChanges, ...changesBetween(start, applied(start, filter, direction))],
      ...(detail === undefined ? {} : { detail }),
    };
  },
};

const requestEdits: RecordType<FilterSubject['filters']> = {
  build: (base, from, to, _c, filters, context) =>
    ownEdits(base, from, to, filters, 'request', null, context),
};

const responseEdits: RecordType<FilterSubject['filters']> = {
  build: (base, from, to, _c, filters, context) =>
    ownEdits(base, from, to, filters, 'response', null, context),
};

const editsWithHost: RecordType<Pick<FilterSubject, 'filters'> & { readonly hostOverride: string }> = {
  build: (base, from, to, _c, { filters, hostOverride }, context) =>
    ownEdits(base, from, to, filters, 'request', hostOverride, context),
};

function ownEdits(
  base: RecordBase,
  from: number,
  to: number,
  filters: readonly CompiledFilter[],
  direction: Direction,
  hostOverride: string | null,
  { masksSecrets, textAt }: BuildContext,
): FilterApplied {
  const start = withHost(filtered(textAt(from), filters, direction, masksSecrets), hostOverride);
  const changes = changesBetween(start, rawHeadersOf(textAt(to), masksSecrets));
  return { ...base, kind: 'filter.applied', direction, index: null, filter: 'proxy', changes };
}

/** The fields of a head behind these filters. */
function filtered(
  head: string,
  filters: readonly CompiledFilter[],
  direction: Direction,
  masksSecrets: boolean,
): RawHeaders {
  const whole = rawHeadersOf(direction === 'request' ? http1Request(head) : head, masksSecrets);
  return filters.reduce((headers, filter) => applied(headers, filter, direction), whole);
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
