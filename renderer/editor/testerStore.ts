// The request tester: a request that is only thought of, and the way that the draft would send it. Asked again whenever
// the draft changes, so that an edit shows at once what it does to the request.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { HopscopeApi } from '../../main/contract/api';
import type { DestinationExplanation } from '../../main/contract/destinationPattern';
import type { ConfigStore } from '../stores/configStore';
import { parseHeaderLines } from '../stores/headerLines';
import { type RequestWay, wayOfRequest } from './wayOfRequest';

export interface TestedRequest {
  readonly listener: string;
  readonly method: string;
  /** Host name, path and query: "shop.test/basket?size=2". */
  readonly url: string;
  /** One "name: value" a line. */
  readonly headers: string;
}

export interface TesterAnswer {
  readonly asked: TestedRequest;
  readonly winner: string | null;
  readonly way: RequestWay;
  /** Of a forward listener, which has no routes; undefined = it is none. */
  readonly destination: DestinationExplanation | undefined;
}

export interface TesterState {
  /** The panel is shown in place of the inspector's form. */
  readonly isOpen: boolean;
  readonly request: TestedRequest;
  readonly answer: TesterAnswer | null;
  readonly error: string | null;
}

export interface TesterStore extends StoreApi<TesterState> {
  open(proposal?: Partial<TestedRequest>): void;
  /** Back to the forms; what is lit stays lit. */
  close(): void;
  change(request: Partial<TestedRequest>): void;
  ask(): Promise<void>;
  /** Puts the lights out. */
  clear(): void;
  /** Asks again when the draft changes; returns how to stop. */
  followDraft(): () => void;
}

const emptyRequest: TestedRequest = { listener: '', method: 'GET', url: 'localhost/', headers: '' };
const settleMs = 150;

export function createTesterStore(api: HopscopeApi, config: ConfigStore): TesterStore {
  const store = createStore<TesterState>(() => ({
    isOpen: false,
    request: emptyRequest,
    answer: null,
    error: null,
  }));
  let lastAsked = 0;

  async function ask(): Promise<void> {
    const { request } = store.getState();
    const { document } = config.getState().draft;
    const number = ++lastAsked;
    const headers = parseHeaderLines(request.headers);
    if (headers.kind === 'invalid') {
      store.setState({ answer: null, error: headers.message });
      return;
    }
    try {
      const { listener, method, url } = request;
      const { winner, trace, destination } = await api.call('explain', {
        document,
        listener,
        method,
        url,
        headers: headers.fields,
      });
      if (number !== lastAsked) return;
      const answer = { asked: request, winner, way: wayOfRequest(document, winner, trace), destination };
      store.setState({ answer, error: null });
    } catch (error) {
      if (number !== lastAsked) return;
      const message = error instanceof Error ? error.message : String(error);
      store.setState({ answer: null, error: message });
    }
  }

  return {
    ...store,
    open: (proposal = {}) =>
      store.setState(({ request }) => ({ isOpen: true, request: { ...request, ...proposal } })),
    close: () => store.setState({ isOpen: false }),
    change: (changes) => store.setState(({ request }) => ({ request: { ...request, ...changes } })),
    ask,
    clear() {
      lastAsked++;
      store.setState({ answer: null, error: null });
    },
    followDraft() {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const stop = config.subscribe((now, before) => {
        const { answer, error } = store.getState();
        if (now.draft.document === before.draft.document || (answer === null && error === null)) return;
        clearTimeout(timer);
        timer = setTimeout(() => void ask(), settleMs);
      });
      return () => {
        clearTimeout(timer);
        stop();
      };
    },
  };
}
