// The sample servers as they stand; replaced by pushes and answers.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { HopscopeApi } from '../../main/contract/api';
import type { SampleName, SampleServer } from '../../main/contract/sampleApi';

export interface SampleState {
  readonly servers: readonly SampleServer[];
  /** Being started or stopped from here. */
  readonly busy: ReadonlySet<SampleName>;
  /** Why the last call failed, in words; null = it did not. */
  readonly error: string | null;
}

export interface SampleStore extends StoreApi<SampleState> {
  load(): Promise<void>;
  start(name: SampleName): Promise<void>;
  stop(name: SampleName): Promise<void>;
  /** Asks for new counts every second. Returns how to end that. */
  watch(): () => void;
}

const countsEveryMs = 1000;

export function createSampleStore(api: HopscopeApi): SampleStore {
  const store = createStore<SampleState>(() => ({ servers: [], busy: new Set(), error: null }));
  api.on('samples.changed', ({ servers }) => store.setState({ servers }));
  const ask = async (call: () => Promise<{ readonly servers: readonly SampleServer[] }>) => {
    try {
      store.setState({ servers: (await call()).servers, error: null });
    } catch (error) {
      store.setState({ error: error instanceof Error ? error.message : String(error) });
    }
  };
  const change = async (method: 'startSampleServer' | 'stopSampleServer', name: SampleName) => {
    store.setState(({ busy }) => ({ busy: new Set([...busy, name]) }));
    await ask(() => api.call(method, { name }));
    store.setState(({ busy }) => ({ busy: new Set([...busy].filter((other) => other !== name)) }));
  };
  const load = () => ask(() => api.call('listSampleServers', undefined));
  return {
    ...store,
    load,
    start: (name) => change('startSampleServer', name),
    stop: (name) => change('stopSampleServer', name),
    watch() {
      void load();
      const timer = setInterval(() => void load(), countsEveryMs);
      return () => clearInterval(timer);
    },
  };
}
