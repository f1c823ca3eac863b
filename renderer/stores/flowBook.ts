// What the UI remembers of the event log: the newest flows with their events, and the events that belong to a
// connection rather than to one flow. Everything is bounded; what was let go is counted, never hidden.
import { type Flow, foldFlow } from '../../main/contract/flow';
import type { FlowEvent, FlowEventOf } from '../../main/contract/flowEvent';

export interface FlowBookLimits {
  readonly flows: number;
  readonly eventsPerFlow: number;
  /** Of all flows together. */
  readonly events: number;
  /** Of base64, of all flows together. */
  readonly capturedBytes: number;
  readonly connections: number;
  readonly eventsPerConnection: number;
  readonly gaps: number;
}

export const defaultFlowBookLimits: FlowBookLimits = {
  flows: 2000,
  eventsPerFlow: 2000,
  events: 200_000,
  capturedBytes: 64 * 1024 * 1024,
  connections: 8192,
  eventsPerConnection: 200,
  gaps: 200,
};

interface FlowRecord {
  flow: Flow;
  /** The oldest events, always kept: they hold the decisions. */
  readonly first: FlowEvent[];
  /** The newest ones after `first`. */
  readonly rest: FlowEvent[];
  dropped: number;
  capturedBytes: number;
  lastSeq: number;
  closed: FlowEventOf<'flow.closed'> | null;
  readonly connectionIds: number[];
}

interface ConnectionRecord {
  readonly events: FlowEvent[];
  /** How it was set up, whichever flow that was for. */
  readonly setUp: FlowEvent[];
  /** The flows that used it and are still remembered, oldest first. */
  readonly uses: { readonly flowId: number; readonly firstSeq: number }[];
  forgottenUses: number;
  isClosed: boolean;
}

/** Share of a flow's events that is kept from its beginning, and how many are let go at once. */
const firstShare = 0.2;
const dropAtOnce = 64;
const maxConnectionsPerFlow = 32;
const maxSetUpEvents = 4;
/** A connection that is closed this soon after its flow is closed because of it. */
const sameEndMicroseconds = 1_000_000;

export class FlowBook {
  /** Newest seq taken in; older or equal events are not for this book. */
  lastSeq = 0;
  /** Events that never arrived, as told by gaps. */
  lostEvents = 0;
  /** These flows are not let go while others can be. */
  readonly kept = new Set<number>();

  readonly #limits: FlowBookLimits;
  readonly #flows = new Map<number, FlowRecord>();
  readonly #connections = new Map<number, ConnectionRecord>();
  #gaps: FlowEventOf<'gap'>[] = [];
  #eventCount = 0;
  #capturedBytes = 0;
  /** Flows up to this number that are not held were let go: their late events must not bring them back. */
  #forgottenUpTo = 0;

  constructor(limits: Partial<FlowBookLimits> = {}) {
    this.#limits = { ...defaultFlowBookLimits, ...limits };
  }

  get size(): number {
    return this.#flows.size;
  }

  ingest(events: readonly FlowEvent[]): void {
    for (const event of events) {
      if (event.seq <= this.lastSeq) continue;
      this.lastSeq = event.seq;
      if (event.kind === 'gap') this.#takeGap(event);
      else if (event.flowId !== 0) this.#takeFlowEvent(event);
      else if (event.connectionId !== 0) this.#takeConnectionEvent(event);
    }
    this.#letGo();
  }

  /** Newest first. */
  flows(): Flow[] {
    const flows = new Array<Flow>(this.#flows.size);
    let index = flows.length;
    for (const record of this.#flows.values()) flows[--index] = record.flow;
    return flows;
  }

  flow(flowId: number): Flow | undefined {
    return this.#flows.get(flowId)?.flow;
  }

  /** Changes whenever `eventsOf(flowId)` may give more than before. */
  versionOf(flowId: number): number {
    const record = this.#flows.get(flowId);
    if (record === undefined) return 0;
    let version = record.lastSeq;
    for (const id of record.connectionIds) {
      version = Math.max(version, this.#connections.get(id)?.events.at(-1)?.seq ?? 0);
    }
    return version;
  }

  /** The flow's events with those of its connections and the gaps in between, in order. */
  eventsOf(flowId: number): FlowEvent[] {
    const record = this.#flows.get(flowId);
    if (record === undefined) return [];
    const joined: FlowEvent[] = [];
    for (const id of record.connectionIds) joined.push(...this.#connectionEventsOf(id, record));
    const end = record.flow.outcome === 'open' ? Number.POSITIVE_INFINITY : record.lastSeq;
    for (const gap of this.#gaps) {
      if (gap.seq >= record.flow.firstSeq && gap.seq <= end) joined.push(gap);
    }
    const own = [...record.first, ...droppedGap(record), ...record.rest];
    return joined.length === 0 ? own : [...own, ...joined].sort((a, b) => a.seq - b.seq);
  }

  /** The flows that used a TCP connection and are still remembered, oldest first, and how many were forgotten. */
  usesOf(connectionId: number): { readonly flows: readonly Flow[]; readonly forgotten: number } {
    const connection = this.#connections.get(connectionId);
    const flows = (connection?.uses ?? []).flatMap(({ flowId }) => this.#flows.get(flowId)?.flow ?? []);
    return { flows, forgotten: connection?.forgottenUses ?? 0 };
  }

  /** The events that belong to a connection and to no flow, in order, and how it was set up. */
  connectionEvents(connectionId: number): readonly FlowEvent[] {
    const connection = this.#connections.get(connectionId);
    if (connection === undefined) return [];
    const { setUp, events } = connection;
    return [...setUp.filter((event) => !events.includes(event)), ...events];
  }

  /** Forgets every flow that is not kept; what still comes of them is ignored. */
  clear(): void {
    for (const record of [...this.#flows.values()]) {
      if (!this.kept.has(record.flow.id)) this.#forget(record);
    }
    this.#gaps = [];
    this.lostEvents = 0;
  }

  /** Starts over, for a new run of the engine whose numbers begin again. */
  reset(): void {
    this.kept.clear();
    this.clear();
    this.#connections.clear();
    this.#forgottenUpTo = 0;
    this.lastSeq = 0;
  }

  /** Counts events that are known to be missing although no gap said so. */
  noteLost(event: FlowEventOf<'gap'>): void {
    this.#takeGap(event);
  }

  #takeGap(gap: FlowEventOf<'gap'>): void {
    this.lostEvents += gap.lost;
    this.#gaps.push(gap);
    if (this.#gaps.length > this.#limits.gaps) this.#gaps.shift();
  }

  #takeFlowEvent(event: FlowEvent): void {
    let record = this.#flows.get(event.flowId);
    if (record === undefined) {
      if (event.flowId <= this.#forgottenUpTo) return;
      const flow = foldFlow(undefined, event);
      record = {
        flow,
        first: [],
        rest: [],
        dropped: 0,
        capturedBytes: 0,
        lastSeq: event.seq,
        closed: null,
        connectionIds: [],
      };
      this.#flows.set(event.flowId, record);
      this.#letGo();
    } else {
      record.flow = foldFlow(record.flow, event);
    }
    record.lastSeq = event.seq;
    if (event.kind === 'flow.closed') record.closed = event;
    else if (isSetUp(event)) this.#keepSetUp(event);
    this.#keepEvent(record, event);
    if (event.connectionId !== 0 && !record.connectionIds.includes(event.connectionId)) {
      this.#noteUse(record, event);
    }
  }

  #keepEvent(record: FlowRecord, event: FlowEvent): void {
    const { eventsPerFlow } = this.#limits;
    const keepsFirst = Math.ceil(eventsPerFlow * firstShare);
    this.#eventCount++;
    if (event.kind === 'body.captured') {
      record.capturedBytes += event.data.length;
      this.#capturedBytes += event.data.length;
    }
    if (record.first.length < keepsFirst) {
      record.first.push(event);
      return;
    }
    record.rest.push(event);
    if (record.rest.length <= eventsPerFlow - keepsFirst) return;
    const dropped = record.rest.splice(0, Math.min(dropAtOnce, record.rest.length - 1)).length;
    record.dropped += dropped;
    this.#eventCount -= dropped;
  }

  #noteUse(record: FlowRecord, event: FlowEvent): void {
    if (record.connectionIds.length >= maxConnectionsPerFlow) return;
    record.connectionIds.push(event.connectionId);
    this.#connection(event.connectionId).uses.push({ flowId: event.flowId, firstSeq: event.seq });
  }

  #keepSetUp(event: FlowEvent): void {
    const { setUp } = this.#connection(event.connectionId);
    if (setUp.length < maxSetUpEvents) setUp.push(event);
  }

  #takeConnectionEvent(event: FlowEvent): void {
    const connection = this.#connection(event.connectionId);
    connection.events.push(event);
    if (isSetUp(event)) this.#keepSetUp(event);
    // The first ones (opened, TLS) and the newest tell the story; the middle goes first.
    const { eventsPerConnection } = this.#limits;
    if (connection.events.length > eventsPerConnection) connection.events.splice(eventsPerConnection >> 1, 1);
    if (event.kind !== 'connection.closed') return;
    connection.isClosed = true;
    if (connection.uses.length === 0) this.#connections.delete(event.connectionId);
  }

  #connection(id: number): ConnectionRecord {
    let connection = this.#connections.get(id);
    if (connection === undefined) {
      connection = { events: [], setUp: [], uses: [], forgottenUses: 0, isClosed: false };
      this.#connections.set(id, connection);
      if (this.#connections.size > this.#limits.connections) {
        const oldest = this.#connections.keys().next().value;
        if (oldest !== undefined) this.#connections.delete(oldest);
      }
    }
    return connection;
  }

  // A connection's own events belong to the flow that used it last before them; those before the first use to the first.
  #connectionEventsOf(id: number, { flow, closed }: FlowRecord): FlowEvent[] {
    const connection = this.#connections.get(id);
    if (connection === undefined) return [];
    const index = connection.uses.findIndex((use) => use.flowId === flow.id);
    if (index === -1) return [];
    const isFirst = index === 0 && connection.forgottenUses === 0;
    const from = isFirst ? 0 : connection.uses[index]!.firstSeq;
    const to = connection.uses[index + 1]?.firstSeq ?? Number.POSITIVE_INFINITY;
    return connection.events.filter(
      (event) => event.seq >= from && event.seq < to && (closed === null || endsWith(flow, closed, event)),
    );
  }

  #letGo(): void {
    const { flows, events, capturedBytes } = this.#limits;
    const isTooMuch = () => this.#eventCount > events || this.#capturedBytes > capturedBytes;
    while (this.#flows.size > flows || (isTooMuch() && this.#flows.size > 1)) {
      const oldest = this.#oldestToLetGo();
      if (oldest === undefined) return;
      this.#forget(oldest);
    }
  }

  // Closed flows go before open ones, as far as a short look at the oldest can tell.
  #oldestToLetGo(): FlowRecord | undefined {
    let fallback: FlowRecord | undefined;
    let looked = 0;
    for (const record of this.#flows.values()) {
      if (this.kept.has(record.flow.id)) continue;
      if (record.flow.outcome !== 'open') return record;
      fallback ??= record;
      if (++looked >= 64) break;
    }
    return fallback;
  }

  #forget(record: FlowRecord): void {
    const { id } = record.flow;
    this.#flows.delete(id);
    this.#forgottenUpTo = Math.max(this.#forgottenUpTo, id);
    this.#eventCount -= record.first.length + record.rest.length;
    this.#capturedBytes -= record.capturedBytes;
    for (const connectionId of record.connectionIds) {
      const connection = this.#connections.get(connectionId);
      const index = connection?.uses.findIndex((use) => use.flowId === id) ?? -1;
      if (connection === undefined || index === -1) continue;
      connection.uses.splice(index, 1);
      connection.forgottenUses++;
      if (connection.uses.length === 0 && connection.isClosed) this.#connections.delete(connectionId);
    }
  }
}

/** A pooled connection that is closed long after a flow is no part of that flow's story. */
function endsWith(flow: Flow, closed: FlowEventOf<'flow.closed'>, event: FlowEvent): boolean {
  if (event.seq < closed.seq) return true;
  if (event.kind !== 'connection.closed' || event.at - closed.at > sameEndMicroseconds) return false;
  const isPooled = event.leg === 'upstream' && flow.kind === 'http' && flow.upgrade === null;
  return !isPooled || event.reason === 'not_reusable';
}

function droppedGap(record: FlowRecord): FlowEvent[] {
  const next = record.rest[0];
  if (record.dropped === 0 || next === undefined) return [];
  const { at, wallTime, flowId } = next;
  return [{ kind: 'gap', seq: next.seq - 1, at, wallTime, flowId, connectionId: 0, lost: record.dropped }];
}

function isSetUp({ kind, connectionId }: FlowEvent): boolean {
  return (
    connectionId !== 0 &&
    (kind === 'connection.opened' || kind === 'tls.clientHello' || kind === 'tls.established')
  );
}
