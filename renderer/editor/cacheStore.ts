// How the caches of the running configuration stand: read once a second while somebody looks, and emptied on demand.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CacheInfo, HopscopeApi } from '../../main/contract/api';

export interface CacheState {
  /** Of every cache filter that runs. */
  readonly caches: readonly CacheInfo[];
}

export interface CacheStore extends StoreApi<CacheState> {
  /** Reads until the returned function is called; a hidden page is not read for. */
  watch(): () => void;
  /** Removes what a route has stored, or what is stored under one URL of it. Resolves with how many entries went. */
  purge(route: string, url?: string): Promise<number>;
}

const readingMs = 1000;

export function createCacheStore(api: HopscopeApi): CacheStore {
  const store = createStore<CacheState>(() => ({ caches: [] }));
  const read = async () => {
    try {
      store.setState(await api.call('getCaches', undefined));
    } catch {
      // The line is gone, which the banner says.
      store.setState({ caches: [] });
    }
  };
  return {
    ...store,
    watch() {
      const tick = () => {
        if (!document.hidden) void read();
      };
      tick();
      const timer = setInterval(tick, readingMs);
      return () => clearInterval(timer);
    },
    async purge(route, url) {
      const { removed, caches } = await api.call(
        'purgeCaches',
        url === undefined ? { route } : { route, url },
      );
      store.setState({ caches });
      return removed;
    },
  };
}

/** "83 % of 60 requests"; null = nobody asked yet. */
export function hitRate({ hits, misses }: CacheInfo): string | null {
  const all = hits + misses;
  if (all === 0) return null;
  return `${Math.floor((hits / all) * 100)} % of ${all.toLocaleString('en')} ${all === 1 ? 'request' : 'requests'}`;
}

/** "fresh for 57 s", "stale for 3 min". */
export function freshnessText(seconds: number): string {
  const amount = Math.abs(seconds);
  const text =
    amount < 120
      ? `${amount} s`
      : amount < 7200
        ? `${Math.round(amount / 60)} min`
        : amount < 172_800
          ? `${Math.round(amount / 3600)} h`
          : amount > 315_360_000
            ? 'years'
            : `${Math.round(amount / 86_400)} days`;
  return seconds > 0 ? `fresh for ${text}` : `stale for ${text}`;
}
