// A capture that was opened from a file: a flow store of its own, that nothing comes to any more. Only this page knows it.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { HopscopeApi } from '../../main/contract/api';
import { type CaptureHeader, maxCaptureFileBytes } from '../../main/contract/captureFile';
import type { FlowEvent } from '../../main/contract/flowEvent';
import { formatBytes } from './flowFormat';
import type { FlowStore } from './flowState';
import { createFlowStore } from './flowStore';
import { type ReadCapture, readCaptureFile } from './readCaptureFile';

export interface OpenedCapture {
  readonly name: string;
  /** null = a log without one. */
  readonly header: CaptureHeader | null;
  /** Milliseconds since 1970, of the first and the last event. */
  readonly from: number;
  readonly to: number;
  readonly cutLine: number | null;
  readonly flowStore: FlowStore;
}

export interface CaptureFileState {
  readonly opened: OpenedCapture | null;
  /** Share that is read, 0 to 1. */
  readonly reading: { readonly name: string; readonly share: number } | null;
  /** Why a file could not be opened; what was open stays. */
  readonly problem: { readonly name: string; readonly text: string } | null;
  open(file: Pick<File, 'name' | 'size' | 'text'>): Promise<void>;
  /** Back to what is live. */
  close(): void;
  dismissProblem(): void;
}

export type CaptureFileStore = StoreApi<CaptureFileState>;

export interface CaptureFileOptions {
  /** Lets the page draw; the next turn of the loop unless a test says otherwise. */
  readonly turn?: () => Promise<void>;
  readonly schedule?: (callback: () => void) => void;
}

export function createCaptureFileStore(api: HopscopeApi, options: CaptureFileOptions = {}): CaptureFileStore {
  const { turn = nextTurn } = options;
  let latest = 0;
  return createStore<CaptureFileState>()((set, get) => ({
    opened: null,
    reading: null,
    problem: null,
    async open(file) {
      // A file that is opened while another is read wins.
      const mine = ++latest;
      set({ reading: { name: file.name, share: 0 }, problem: null });
      try {
        const onTurn = async (share: number) => {
          if (mine !== latest) throw new Error('another file was opened');
          set({ reading: { name: file.name, share } });
          await turn();
        };
        const read = await readBounded(file, onTurn);
        if (mine !== latest) return;
        const flowStore = flowStoreOf(api, read.events, options);
        flowStore.getState().start();
        get().opened?.flowStore.getState().stop();
        set({ reading: null, opened: { name: file.name, ...summaryOf(read), flowStore } });
      } catch (error) {
        if (mine !== latest) return;
        const text = error instanceof Error ? error.message : String(error);
        set({ reading: null, problem: { name: file.name, text } });
      }
    },
    close() {
      latest++;
      const { opened, reading } = get();
      if (opened === null && reading === null) return set({ problem: null });
      // One that was named outside of the page does not come back with its next load. Without a line it may.
      api.call('forgetOfferedCapture', undefined).catch(() => undefined);
      opened?.flowStore.getState().stop();
      set({ opened: null, reading: null, problem: null });
    },
    dismissProblem: () => set({ problem: null }),
  }));
}

async function readBounded(
  file: Pick<File, 'name' | 'size' | 'text'>,
  onTurn: (share: number) => Promise<void>,
): Promise<ReadCapture> {
  if (file.size > maxCaptureFileBytes) {
    throw new Error(
      `it has ${formatBytes(file.size)}, and ${formatBytes(maxCaptureFileBytes)} is the most that is opened`,
    );
  }
  return readCaptureFile(await file.text(), { onTurn });
}

function summaryOf({ header, events, cutLine }: ReadCapture): Omit<OpenedCapture, 'name' | 'flowStore'> {
  return { header, cutLine, from: events[0]!.wallTime, to: events.at(-1)!.wallTime };
}

/** Everything that is in the file fits: the file itself is bounded. */
const noLimits = {
  flows: 1_000_000,
  eventsPerFlow: 1_000_000,
  events: 1_000_000,
  capturedBytes: maxCaptureFileBytes,
  connections: 1_000_000,
  eventsPerConnection: 1_000_000,
  gaps: 10_000,
};

function flowStoreOf(
  api: HopscopeApi,
  events: readonly FlowEvent[],
  { schedule }: CaptureFileOptions,
): FlowStore {
  const source: HopscopeApi = {
    call: ((method, input) => {
      if (method === 'subscribeFlows') return Promise.resolve({ seq: events.at(-1)?.seq ?? 0, events });
      if (method === 'unsubscribeFlows') return Promise.resolve(null);
      return api.call(method, input);
    }) as HopscopeApi['call'],
    on: () => () => undefined,
  };
  return createFlowStore(source, {
    limits: noLimits,
    isLive: false,
    ...(schedule === undefined ? {} : { schedule }),
  });
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
