// The composer of a window: the form, the send that is under way or was last, and what was sent before.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { HopscopeApi } from '../../main/contract/api';
import type { ClientMessage } from '../../main/contract/clientRequest';
import type { ClientResult } from '../../main/contract/clientResult';
import type { SentRequest } from '../stores/flowState';
import { type Composed, firstComposed } from './composed';
import { type KeptTexts, keepable, maskedNames, readForm, writeForm } from './keptForm';
import { readHistory, type SendHistory, withSecretsKept, withSent, writeHistory } from './sendHistory';
import { newSendId } from './sendOnce';
import { foldEvents, noProgress, type SendProgress } from './sendProgress';
import { type ComposerTab, toRequest } from './toRequest';
import type { Surroundings } from './wayOfUrl';

/** One send, from its first event to its result. */
export interface SendState {
  readonly id: string;
  readonly composed: Composed;
  /** null = not one of ours. */
  readonly listener: string | null;
  readonly progress: SendProgress;
  /** null = it goes on. */
  readonly result: ClientResult | null;
  /** It could not be sent at all, in words; null = it could. */
  readonly error: string | null;
}

export interface ComposerState {
  readonly isOpen: boolean;
  readonly composed: Composed;
  readonly tab: ComposerTab;
  readonly send: SendState | null;
  /** What is wrong with the form, once somebody tried to send it. */
  readonly problem: string | null;
  /** What a request that was taken over does not have; null = nothing is missing. */
  readonly notice: string | null;
  /** The diagram shows the flow of what is sent. */
  readonly followsFlow: boolean;
  readonly history: SendHistory;
  /** Counts up when the URL is to get the focus. */
  readonly focusRequests: number;
  /** The question "Send through both" is asked: beginning with a ready-made pair, or with what the form holds; null = it is not. */
  readonly both: 'pairs' | 'form' | null;
}

export interface ComposerStore extends StoreApi<ComposerState> {
  open(): void;
  close(): void;
  change(part: Partial<Composed>): void;
  showTab(tab: ComposerTab): void;
  /** Puts a request into the form, with what it lacks in words, and opens it. */
  take(composed: Composed, notice?: string | null): void;
  /** Says something above the form until it is changed. */
  notify(notice: string): void;
  /** Sends the form; while something is under way it is cancelled first. */
  send(): void;
  cancel(): void;
  /** Asks which two ways something is to be sent. */
  askBoth(start: 'pairs' | 'form'): void;
  closeBoth(): void;
  /** Into the open WebSocket. Rejects with why not. */
  say(message: ClientMessage): Promise<void>;
  setFollowsFlow(follows: boolean): void;
  setKeepsSecrets(keeps: boolean): void;
  clearHistory(): void;
}

export interface ComposerOptions {
  /** Of the browser: for the history, and for the form of a new tab. */
  readonly storage: KeptTexts;
  /** Of this tab: for its form. */
  readonly tabStorage: KeptTexts;
  /** What runs now. */
  readonly around: () => Surroundings;
  /** Shows the flow of a client's port as soon as it is there. */
  readonly showFlow: (request: SentRequest) => void;
  readonly now: () => number;
}

export function createComposerStore(api: HopscopeApi, options: ComposerOptions): ComposerStore {
  const { storage, tabStorage, around, showFlow, now } = options;
  const formStorages = [tabStorage, storage];
  const kept = readForm(formStorages);
  const store = createStore<ComposerState>(() => ({
    isOpen: false,
    composed: kept?.composed ?? firstComposed,
    tab: 'headers',
    send: null,
    problem: null,
    notice: kept?.missing == null ? null : `Not kept since the page was left: ${kept.missing}.`,
    followsFlow: true,
    history: readHistory(storage),
    focusRequests: 0,
    both: null,
  }));

  /** Only of the send that is shown; an older one goes on unseen until it is cancelled. */
  const changeSend = (id: string, change: (send: SendState) => Partial<SendState>) => {
    const { send } = store.getState();
    if (send?.id === id) store.setState({ send: { ...send, ...change(send) } });
  };
  const setHistory = (history: SendHistory) => {
    store.setState({ history });
    writeHistory(storage, history);
  };
  const remember = (id: string, composed: Composed, outcome: string) =>
    setHistory(withSent(store.getState().history, { id, at: now(), composed, outcome }));

  store.subscribe(({ composed, history }, before) => {
    if (composed !== before.composed || history.keepsSecrets !== before.history.keepsSecrets)
      writeForm(formStorages, keepable(composed, history.keepsSecrets));
  });

  api.on('client.events', ({ id, events }) => {
    const before = store.getState().send?.progress.clientPort ?? null;
    changeSend(id, ({ progress }) => ({ progress: foldEvents(progress, events) }));
    const { send, followsFlow } = store.getState();
    const port = send?.id === id ? send.progress.clientPort : null;
    if (!followsFlow || before !== null || port === null || send?.listener == null) return;
    showFlow({ listener: send.listener, clientPort: port });
  });

  async function carryOut(composed: Composed): Promise<void> {
    const made = toRequest(composed, around());
    if (made.kind === 'problem') {
      store.setState({ problem: made.message, ...(made.tab === null ? {} : { tab: made.tab }) });
      return;
    }
    const id = newSendId();
    const send = { id, composed, listener: made.way.listener?.id ?? null, progress: noProgress };
    store.setState({ problem: null, send: { ...send, result: null, error: null } });
    try {
      const result = await api.call('sendRequest', { id, request: made.request });
      changeSend(id, () => ({ result }));
      remember(id, composed, outcomeWords(result));
    } catch (error) {
      changeSend(id, () => ({ error: error instanceof Error ? error.message : String(error) }));
      remember(id, composed, 'failed');
    }
  }

  const composer: ComposerStore = {
    ...store,
    open: () =>
      store.setState(({ focusRequests, composed }) => ({
        isOpen: true,
        focusRequests: focusRequests + 1,
        composed: composed.url === '' ? { ...composed, url: firstUrl(around()) } : composed,
      })),
    close: () => store.setState({ isOpen: false }),
    change: (part) =>
      store.setState(({ composed }) => ({ composed: { ...composed, ...part }, problem: null, notice: null })),
    showTab: (tab) => store.setState({ tab }),
    take(composed, notice = null) {
      store.setState({ composed, notice, problem: null, tab: composed.mode === 'raw' ? 'body' : 'headers' });
      composer.open();
    },
    notify: (notice) => store.setState({ notice }),
    send() {
      const { composed, send } = store.getState();
      const masked = composed.mode === 'raw' ? [] : maskedNames(composed.headers);
      if (masked.length > 0) {
        const problem = `${masked.join(', ')} holds a mask in place of its value: type the value, or delete the line.`;
        store.setState({ problem, tab: 'headers' });
        return;
      }
      if (send !== null && isUnderWay(send)) composer.cancel();
      void carryOut(composed);
    },
    cancel() {
      const { send } = store.getState();
      // When it ended meanwhile there is nothing to cancel.
      if (send !== null) api.call('cancelRequest', { id: send.id }).catch(() => undefined);
    },
    askBoth: (both) => store.setState({ both }),
    closeBoth: () => store.setState({ both: null }),
    async say(message) {
      const { send } = store.getState();
      if (send !== null) await api.call('sendClientMessage', { id: send.id, message });
    },
    setFollowsFlow: (followsFlow) => store.setState({ followsFlow }),
    setKeepsSecrets: (keeps) => setHistory(withSecretsKept(store.getState().history, keeps)),
    clearHistory: () => setHistory({ ...store.getState().history, entries: [] }),
  };
  return composer;
}

export function isUnderWay(send: SendState): boolean {
  return send.result === null && send.error === null;
}

/** "200 OK", "101", "failed". */
function outcomeWords({ outcome, responses, repeat }: ClientResult): string {
  if (repeat !== null) return `${repeat.answered} of ${repeat.times} answered`;
  const first = responses[0];
  return first !== undefined && first.status > 0 ? `${first.status} ${first.reason}`.trim() : outcome;
}

/** Of the first route that can be asked, so that Enter does something at once. */
function firstUrl(around: Surroundings): string {
  return suggestedUrls(around)[0] ?? '';
}

const mostSuggestions = 40;

/** A URL for each running listener, host name and path of the workspace. */
export function suggestedUrls({ listeners, document }: Surroundings): string[] {
  const urls = listeners.flatMap((listener) => {
    // The URL of a request through a proxy is its destination's.
    if (listener.protocol === 'forward') return [];
    const routes = (document?.routes ?? []).filter((route) => route.listeners.includes(listener.id));
    const scheme = { http: 'http', https: 'https', tls: 'https' }[listener.protocol] ?? 'tcp';
    const places = routes.flatMap((route) => {
      const names = route.kind === 'tcp' ? [] : (route.hostnames ?? []);
      const matches = route.kind === 'http' ? (route.matches ?? []) : [];
      const paths = matches.flatMap(({ path }) =>
        path === undefined || path.type === 'regex' ? [] : [path.value],
      );
      return (names.length === 0 ? ['localhost'] : names).flatMap((name) =>
        (paths.length === 0 ? ['/'] : paths).map((path) => ({ name: name.replace(/^\*\./, 'www.'), path })),
      );
    });
    const all = places.length === 0 ? [{ name: 'localhost', path: '/' }] : places;
    return all.map(({ name, path }) => `${scheme}://${name}:${listener.port}${scheme === 'tcp' ? '' : path}`);
  });
  return [...new Set(urls)].slice(0, mostSuggestions);
}
