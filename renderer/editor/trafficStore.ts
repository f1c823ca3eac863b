// The live overlay: reads the engine's counters once a second, only while somebody looks at the canvas. Counters are
// exact at any rate, where the flow list may have to leave flows out.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { HopscopeApi } from '../../main/contract/api';
import { equalJson } from '../../main/contract/equalJson';
import type { ConfigStore } from '../stores/configStore';
import {
  type MeasuredShares,
  measuredShares,
  noTraffic,
  type TrafficMarks,
  type TrafficReading,
  trafficMarks,
} from './trafficMarks';

export interface TrafficState {
  readonly marks: TrafficMarks;
  /** The oldest and the newest of the readings that count; null = nothing was read. */
  readonly readings: { readonly before: TrafficReading; readonly now: TrafficReading } | null;
  /** Over the last half minute. */
  readonly shares: MeasuredShares;
}

export interface TrafficStore extends StoreApi<TrafficState> {
  /** Reads until the returned function is called; a hidden page is not read for. */
  watch(): () => void;
}

const readingMs = 1000;
/** Rates are taken over so many readings, so that a slow drip does not flicker. */
const readingsOfRates = 4;
const readingsKept = 30;
const noShares: MeasuredShares = new Map();

export function createTrafficStore(api: HopscopeApi, config: ConfigStore): TrafficStore {
  const store = createStore<TrafficState>(() => ({ marks: noTraffic, shares: noShares, readings: null }));

  async function read(readings: TrafficReading[]): Promise<void> {
    let reading: TrafficReading;
    try {
      reading = await api.call('getTraffic', undefined);
    } catch {
      // The line is gone, which the banner says; what was measured before is no longer true.
      readings.length = 0;
      store.setState({ marks: noTraffic, shares: noShares, readings: null });
      return;
    }
    readings.push(reading);
    if (readings.length > readingsKept) readings.shift();
    const { document } = config.getState().draft;
    const before = readings.at(-readingsOfRates) ?? readings[0]!;
    const marks = trafficMarks(document, before, reading);
    const shares = measuredShares(document, readings[0]!, reading);
    const plain = (from: MeasuredShares) => [...from].map(([route, parts]) => [route, [...parts]]);
    if (!equalJson(plain(shares), plain(store.getState().shares))) store.setState({ shares });
    if (!equalJson([...marks], [...store.getState().marks])) store.setState({ marks });
    store.setState({ readings: { before, now: reading } });
  }

  return {
    ...store,
    watch() {
      const readings: TrafficReading[] = [];
      let isReading = false;
      const tick = () => {
        if (isReading || document.hidden) return;
        isReading = true;
        void read(readings).finally(() => {
          isReading = false;
        });
      };
      tick();
      const timer = setInterval(tick, readingMs);
      return () => {
        clearInterval(timer);
        store.setState({ marks: noTraffic, shares: noShares, readings: null });
      };
    },
  };
}
