// The live flows of the UI: events go into the book as they come, what is shown is replaced at most once per frame.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ApiEvents, HopscopeApi } from '../../main/contract/api';
import type { Flow } from '../../main/contract/flow';
import type { FlowEvent, FlowEventOf } from '../../main/contract/flowEvent';
import type { ApiClient } from '../client/apiClient';
import { FlowBook, type FlowBookLimits } from './flowBook';
import { filterFlows } from './flowRow';

/** The flow in the detail, with its events in order. A new object whenever something came. */
export interface ShownFlow {
  readonly flow: Flow;
  readonly events: readonly FlowEvent[];
}

export interface FlowState {
  readonly status: 'idle' | 'loading' | 'live' | 'failed';
  /** Why there is nothing live, in words; null while all is well. */
  readonly error: string | null;
  /** Newest first. */
  readonly flows: readonly Flow[];
  /** Those of `flows` that pass the filter. */
  readonly visible: readonly Flow[];
  readonly filter: string;
  /** Events that the engine or the line to it had to drop. */
  readonly lostEvents: number;
  /** Paused = events are still taken in, but what is shown stays. */
  readonly isPaused: boolean;
  /** The detail shows the newest visible flow. */
  readonly isFollowing: boolean;
  readonly shown: ShownFlow | null;

  /** Subscribes; safe to call again. Stays subscribed, so that nothing is missed while another screen is open. */
  start(): void;
  stop(): void;
  /** Asks for a new snapshot, e.g. after the line was lost. */
  resync(): Promise<void>;
  setPaused(isPaused: boolean): void;
  setFilter(filter: string): void;
  setFollowing(isFollowing: boolean): void;
  /** Shows this flow and stops following. */
  choose(flowId: number): void;
  /** Shows the newest flow of this client's port on this listener, as soon as it is there. */
  chooseRequest(request: SentRequest): void;
  /** What the client asked for in this flow; null = not known (any more). */
  requestOf(flowId: number): FlowEventOf<'request.head'> | null;
  /** Moves the choice through the visible rows: +1 = one down (older). */
  chooseBy(rows: number): void;
  clear(): void;
}

/** A request that was sent from here, by what its flow will be known by. */
export interface SentRequest {
  readonly listener: string;
  readonly clientPort: number;
}

export type FlowStore = StoreApi<FlowState>;

/** Reconnects are seen when the api is the client itself. */
type FlowSource = HopscopeApi & Partial<Pick<ApiClient, 'onConnectionState'>>;

export interface FlowStoreOptions {
  readonly limits?: Partial<FlowBookLimits>;
  /** Runs the callback once, soon; the next animation frame unless a test says otherwise. */
  readonly schedule?: (callback: () => void) => void;
}

export function createFlowStore(api: FlowSource, options: FlowStoreOptions = {}): FlowStore {
  const book = new FlowBook(options.limits);
  const schedule = options.schedule ?? onNextFrame;
  let isScheduled = false;
  let unsubscribe: (() => void) | null = null;
  /** Pushes that came before the snapshot that they follow. */
  let early: FlowEvent[] | null = null;
  let syncing: Promise<void> | null = null;
  let shownVersion = -1;
  /** Its events may still be on their way. */
  let awaited: SentRequest | null = null;

  const store = createStore<FlowState>()((set, get) => ({
    status: 'idle',
    error: null,
    flows: [],
    visible: [],
    filter: '',
    lostEvents: 0,
    isPaused: false,
    isFollowing: true,
    shown: null,
    start() {
      if (unsubscribe !== null) return;
      const stopPushes = api.on('flows.events', take);
      let wasLost = false;
      const stopStates = api.onConnectionState?.((state) => {
        if (state === 'connected' && wasLost) void get().resync();
        wasLost = state === 'lost';
      });
      unsubscribe = () => {
        stopPushes();
        stopStates?.();
      };
      set({ status: 'loading' });
      void get().resync();
    },
    stop() {
      if (unsubscribe === null) return;
      unsubscribe();
      unsubscribe = null;
      set({ status: 'idle' });
      // Best effort: when the line is gone, so is the subscription.
      api.call('unsubscribeFlows', undefined).catch(() => undefined);
    },
    resync() {
      syncing ??= takeNewSnapshot().finally(() => {
        syncing = null;
      });
      return syncing;
    },
    setPaused(isPaused) {
      set({ isPaused });
      if (!isPaused) publish();
    },
    setFilter(filter) {
      set({ filter, visible: filterFlows(get().flows, filter) });
      if (get().isFollowing) showNewest();
    },
    setFollowing(isFollowing) {
      awaited = null;
      set({ isFollowing });
      if (isFollowing) showNewest();
    },
    choose(flowId) {
      awaited = null;
      set({ isFollowing: false });
      show(flowId);
    },
    chooseRequest(request) {
      awaited = request;
      set({ isFollowing: false, filter: '', visible: get().flows });
      lookForAwaited();
    },
    requestOf(flowId) {
      const isAsked = (event: FlowEvent): event is FlowEventOf<'request.head'> =>
        event.kind === 'request.head' && event.leg === 'downstream';
      return book.eventsOf(flowId).find(isAsked) ?? null;
    },
    chooseBy(rows) {
      const { visible, shown } = get();
      if (visible.length === 0) return;
      const current = visible.findIndex((flow) => flow.id === shown?.flow.id);
      const next = current === -1 ? 0 : Math.min(visible.length - 1, Math.max(0, current + rows));
      get().choose(visible[next]!.id);
    },
    clear() {
      book.clear();
      book.pinnedFlowId = null;
      set({ shown: null });
      publish();
    },
  }));

  async function takeNewSnapshot(): Promise<void> {
    early = [];
    try {
      const snapshot = await api.call('subscribeFlows', undefined);
      if (unsubscribe === null) return;
      takeSnapshot(book, snapshot.seq, snapshot.events);
      book.ingest(early);
      store.setState({ status: 'live', error: null });
    } catch (error) {
      store.setState({ status: 'failed', error: error instanceof Error ? error.message : String(error) });
    } finally {
      early = null;
      requestPublish();
    }
  }

  function take(push: ApiEvents['flows.events']): void {
    if (early === null) book.ingest(push.events);
    else early.push(...push.events);
    requestPublish();
  }

  function requestPublish(): void {
    if (isScheduled) return;
    isScheduled = true;
    schedule(() => {
      isScheduled = false;
      if (!store.getState().isPaused) publish();
      lookForAwaited();
    });
  }

  function publish(): void {
    const { filter, isFollowing, shown } = store.getState();
    const flows = book.flows();
    const visible = filterFlows(flows, filter);
    const shownId = isFollowing ? visible[0]?.id : shown?.flow.id;
    store.setState({ flows, visible, lostEvents: book.lostEvents, shown: read(shownId) });
  }

  function lookForAwaited(): void {
    if (awaited === null) return;
    const { listener, clientPort } = awaited;
    const found = book.flows().find((flow) => flow.listener === listener && flow.client?.port === clientPort);
    if (found !== undefined) store.getState().choose(found.id);
  }

  function showNewest(): void {
    const newest = store.getState().visible[0];
    if (newest === undefined) store.setState({ shown: null });
    else show(newest.id);
  }

  function show(flowId: number): void {
    store.setState({ shown: read(flowId) });
  }

  function read(flowId: number | undefined): ShownFlow | null {
    const { shown } = store.getState();
    if (flowId === undefined) return null;
    const flow = book.flow(flowId);
    book.pinnedFlowId = flow === undefined ? null : flowId;
    if (flow === undefined) return shown?.flow.id === flowId ? shown : null;
    const version = book.versionOf(flowId);
    if (shown?.flow.id === flowId && version === shownVersion) return shown;
    shownVersion = version;
    return { flow, events: book.eventsOf(flowId) };
  }

  return store;
}

/** Takes in what is new of a snapshot. One that ends before what is known comes from a new run of the engine. */
function takeSnapshot(book: FlowBook, seq: number, events: readonly FlowEvent[]): void {
  if (seq < book.lastSeq) book.reset();
  const first = events[0];
  const isHoleBefore = first !== undefined && book.lastSeq > 0 && first.seq > book.lastSeq + 1;
  if (isHoleBefore && first.kind !== 'gap') {
    const lost = first.seq - book.lastSeq - 1;
    const { at, wallTime } = first;
    book.noteLost({ kind: 'gap', seq: first.seq - 1, at, wallTime, flowId: 0, connectionId: 0, lost });
  }
  book.ingest(events);
  book.lastSeq = Math.max(book.lastSeq, seq);
}

function onNextFrame(callback: () => void): void {
  // A hidden page gets no frames; what is shown there can wait, the book goes on by itself.
  requestAnimationFrame(callback);
}
