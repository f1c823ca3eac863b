// The live flows of the UI: events go into the book as they come, what is shown is replaced at most once a frame.
import { createStore } from 'zustand/vanilla';
import type { ApiEvents, HopscopeApi } from '../../main/contract/api';
import type { Flow } from '../../main/contract/flow';
import type { FlowEvent, FlowEventOf } from '../../main/contract/flowEvent';
import type { ApiClient } from '../client/apiClient';
import { FlowBook, type FlowBookLimits } from './flowBook';
import { compileFilter } from './flowFilter';
import type { FlowState, FlowStore, SentRequest, ShownFlow } from './flowState';
import { createPublishPace } from './publishPace';

/** Reconnects are seen when the api is the client itself. */
type FlowSource = HopscopeApi & Partial<Pick<ApiClient, 'onConnectionState'>>;

export interface FlowStoreOptions {
  readonly limits?: Partial<FlowBookLimits>;
  /** Default true. */
  readonly isLive?: boolean;
  /** Runs the callback once, soon; the next animation frame unless a test says otherwise. */
  readonly schedule?: (callback: () => void) => void;
  /** Milliseconds on a monotonic clock. */
  readonly now?: () => number;
}

/** As long as a picture of another flow waits to be drawn: the words beside it belong to it. */
const followPauseMs = 700;
const mostPinned = 50;
const mostMarks = 1000;

export function createFlowStore(api: FlowSource, options: FlowStoreOptions = {}): FlowStore {
  const book = new FlowBook(options.limits);
  let unsubscribe: (() => void) | null = null;
  /** Pushes that came before the snapshot that they follow. */
  let early: FlowEvent[] | null = null;
  let syncing: Promise<void> | null = null;
  let shownVersion = -1;
  let comparedVersion = '';
  /** Its events may still be on their way. */
  let awaited: SentRequest | null = null;
  let passes: (flow: Flow) => boolean = () => true;
  let isFiltered = false;
  let sampling = 1;
  let unrecorded = 0;
  /** Of them, those before what the list tells of. */
  let unrecordedBefore: number | null = null;
  let followedAt = Number.NEGATIVE_INFINITY;
  let later: ReturnType<typeof setTimeout> | null = null;
  const now = options.now ?? (() => performance.now());
  const pace = createPublishPace({ publish: publishNews, schedule: options.schedule ?? onNextFrame, now });

  const store = createStore<FlowState>()((set, get) => ({
    isLive: options.isLive ?? true,
    status: 'idle',
    error: null,
    flows: [],
    visible: [],
    filter: '',
    filterError: null,
    sampling: 1,
    unrecordedFlows: 0,
    pinned: [],
    marks: new Map(),
    lostEvents: 0,
    isPaused: false,
    isFollowing: true,
    shown: null,
    revealed: null,
    compared: [],
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
      if (later !== null) clearTimeout(later);
      later = null;
      pace.stop();
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
      const compiled = compileFilter(filter);
      if (compiled.kind === 'error') {
        set({ filter, filterError: compiled.error });
        return;
      }
      passes = compiled.matches;
      isFiltered = !compiled.isEmpty;
      set({ filter, filterError: null, visible: visibleOf(get().flows) });
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
    chooseRequest(request, { keepsFilter = false } = {}) {
      awaited = request;
      if (!keepsFilter) get().setFilter('');
      set({ isFollowing: false });
      lookForAwaited();
    },
    requestOf(flowId) {
      const isAsked = (event: FlowEvent): event is FlowEventOf<'request.head'> =>
        event.kind === 'request.head' && event.leg === 'downstream';
      return book.eventsOf(flowId).find(isAsked) ?? null;
    },
    recordOf(flowId) {
      const flow = book.flow(flowId);
      if (flow === undefined) return null;
      const ids = [flow.downstreamConnectionId, ...flow.upstreamConnectionIds].filter((id) => id !== 0);
      const setUp = ids
        .flatMap((id) => book.connectionEvents(id))
        .filter((event) => event.kind === 'connection.opened' || event.kind.startsWith('tls.'));
      const bySeq = new Map([...book.eventsOf(flowId), ...setUp].map((event) => [event.seq, event]));
      return { flow, events: [...bySeq.values()].sort((a, b) => a.seq - b.seq) };
    },
    chooseBy(rows) {
      const { visible, shown } = get();
      if (visible.length === 0) return;
      const current = visible.findIndex((flow) => flow.id === shown?.flow.id);
      const next = current === -1 ? 0 : Math.min(visible.length - 1, Math.max(0, current + rows));
      get().choose(visible[next]!.id);
    },
    clear() {
      const { pinned, shown, marks } = get();
      const keeps = (id: number) => pinned.some((flow) => flow.id === id);
      keepOnly(pinned.map((flow) => flow.id));
      book.clear();
      unrecordedBefore = unrecorded;
      set({
        shown: shown !== null && keeps(shown.flow.id) ? shown : null,
        compared: [],
        marks: new Map([...marks].filter(([id]) => keeps(id))),
      });
      publish();
    },
    togglePin(flowId) {
      const { pinned } = get();
      const flow = book.flow(flowId);
      if (pinned.some((other) => other.id === flowId)) {
        set({ pinned: pinned.filter((other) => other.id !== flowId) });
      } else if (flow !== undefined) set({ pinned: [...pinned, flow].slice(-mostPinned) });
      keepWanted();
      set({ visible: visibleOf(get().flows) });
    },
    toggleCompared(flowId) {
      const { compared, recordOf } = get();
      const others = compared.filter(({ flow }) => flow.id !== flowId);
      const record = others.length < compared.length ? null : recordOf(flowId);
      set({ compared: record === null ? others : [...others.slice(0, 1), record] });
      keepWanted();
    },
    endComparison() {
      set({ compared: [] });
      keepWanted();
    },
    mark(flowId, color) {
      const marks = new Map(get().marks);
      marks.delete(flowId);
      if (color !== null) marks.set(flowId, color);
      // The oldest mark goes first; the flow behind it is long gone.
      if (marks.size > mostMarks) marks.delete(marks.keys().next().value!);
      set({ marks });
    },
    connectionUses(connectionId) {
      const { flows, forgotten } = book.usesOf(connectionId);
      return { flows, forgotten, events: book.connectionEvents(connectionId) };
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
      pace.request(0);
    }
  }

  function take(push: ApiEvents['flows.events']): void {
    if (early === null) book.ingest(push.events);
    else early.push(...push.events);
    sampling = push.sampling;
    unrecorded = push.unrecordedFlows;
    unrecordedBefore ??= unrecorded;
    pace.request(push.events.length);
  }

  function publishNews(): void {
    if (!store.getState().isPaused) publish();
    lookForAwaited();
  }

  function publish(): void {
    const { isFollowing, shown, pinned } = store.getState();
    const flows = book.flows();
    const visible = visibleOf(flows);
    const newest = visible[pinned.length] ?? visible[0];
    const shownId = isFollowing ? followed(newest) : shown?.flow.id;
    store.setState({
      flows,
      visible,
      sampling,
      unrecordedFlows: Math.max(0, unrecorded - (unrecordedBefore ?? 0)),
      lostEvents: book.lostEvents,
      pinned: newestOf(pinned),
      shown: read(shownId),
      compared: newestCompared(),
    });
  }

  /** The same array while nothing of them changed; what is no longer remembered stays as it was. */
  function newestCompared(): readonly ShownFlow[] {
    const { compared, recordOf } = store.getState();
    const version = compared.map(({ flow }) => `${flow.id} ${book.versionOf(flow.id)}`).join();
    if (version === comparedVersion) return compared;
    comparedVersion = version;
    return compared.map((record) => recordOf(record.flow.id) ?? record);
  }

  /** While flows rush by, the one in the detail stays for a moment: nobody reads sixty a second. */
  function followed(newest: Flow | undefined): number | undefined {
    const { shown } = store.getState();
    if (newest === undefined || newest.id === shown?.flow.id) return newest?.id;
    const wait = shown === null ? 0 : followedAt + followPauseMs - now();
    if (wait > 0 && book.flow(shown!.flow.id) !== undefined) {
      later ??= setTimeout(() => {
        later = null;
        pace.request(0);
      }, wait);
      return shown!.flow.id;
    }
    followedAt = now();
    return newest.id;
  }

  /** What is pinned comes first and passes every filter. */
  function visibleOf(flows: readonly Flow[]): readonly Flow[] {
    const passing = isFiltered ? flows.filter(passes) : flows;
    const { pinned } = store.getState();
    if (pinned.length === 0) return passing;
    const ids = new Set(pinned.map((flow) => flow.id));
    return [...newestOf(pinned), ...passing.filter((flow) => !ids.has(flow.id))];
  }

  function newestVisible(): Flow | undefined {
    const { visible, pinned } = store.getState();
    return visible[pinned.length] ?? visible[0];
  }

  /** The same array while nothing of them changed. */
  function newestOf(pinned: readonly Flow[]): readonly Flow[] {
    const now = pinned.map((flow) => book.flow(flow.id) ?? flow);
    return now.every((flow, index) => flow === pinned[index]) ? pinned : now;
  }

  function keepWanted(): void {
    const { shown } = store.getState();
    keepOnly([...pinnedAndCompared(), ...(shown === null ? [] : [shown.flow.id])]);
  }

  function pinnedAndCompared(): number[] {
    const { pinned, compared } = store.getState();
    return [...pinned.map((flow) => flow.id), ...compared.map(({ flow }) => flow.id)];
  }

  function keepOnly(ids: readonly number[]): void {
    book.kept.clear();
    for (const id of ids) book.kept.add(id);
  }

  function lookForAwaited(): void {
    if (awaited === null) return;
    const { listener, clientPort } = awaited;
    const found = book.flows().find((flow) => flow.listener === listener && flow.client?.port === clientPort);
    if (found === undefined) return;
    store.getState().choose(found.id);
    store.setState({ revealed: { flowId: found.id } });
  }

  function showNewest(): void {
    const newest = newestVisible();
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
    keepOnly([...pinnedAndCompared(), flowId]);
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
