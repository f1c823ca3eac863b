// The HopscopeApi over a FrameLine: numbered calls, pushes by name, and what to do when the line breaks.
import type {
  ApiEventName,
  ApiEvents,
  ApiInput,
  ApiMethod,
  ApiResults,
  HopscopeApi,
} from '../../main/contract/api';
import { AppError, reviveError } from '../../main/contract/appError';
import type { ServerFrame } from '../../main/contract/frame';
import type { ConnectionState, FrameLine } from './frameLine';

interface Pending {
  resolve(value: unknown): void;
  reject(error: AppError): void;
}

type AnyListener = (payload: unknown) => void;

export interface ApiClient extends HopscopeApi {
  connectionState(): ConnectionState;
  /** Called at every change. `connected` after `lost` means: pushes were missed, ask again for what is shown. */
  onConnectionState(listener: (state: ConnectionState) => void): () => void;
  close(): void;
}

/** Calls made before the first connection wait for it; calls made while the line is lost are refused at once. */
export function createApiClient(line: FrameLine): ApiClient {
  const pending = new Map<number, Pending>();
  const listeners = new Map<string, Set<AnyListener>>();
  const stateListeners = new Set<(state: ConnectionState) => void>();
  let waiting: unknown[] = [];
  let state: ConnectionState = 'connecting';
  let nextId = 1;

  line.onFrame((frame) => {
    const received = frame as ServerFrame;
    if (received.type === 'event') {
      for (const listener of listeners.get(received.name) ?? []) listener(received.payload);
      return;
    }
    const call = pending.get(received.id);
    if (call === undefined) return;
    pending.delete(received.id);
    if (received.type === 'result') call.resolve(received.value);
    else call.reject(reviveError(received.error));
  });

  line.onState((next) => {
    state = next;
    if (next === 'connected') {
      const frames = waiting;
      waiting = [];
      for (const frame of frames) line.send(frame);
    }
    if (next === 'lost') {
      const broken = [...pending.values()];
      pending.clear();
      waiting = [];
      for (const call of broken) call.reject(notConnected());
    }
    for (const listener of [...stateListeners]) listener(next);
  });

  return {
    call<Method extends ApiMethod>(method: Method, input: ApiInput<Method>): Promise<ApiResults[Method]> {
      return new Promise((resolve, reject) => {
        const id = nextId++;
        const frame = { type: 'call', id, method, input };
        if (state === 'connecting') waiting.push(frame);
        else if (!line.send(frame)) {
          reject(notConnected());
          return;
        }
        pending.set(id, { resolve: (value) => resolve(value as ApiResults[Method]), reject });
      });
    },
    on<Name extends ApiEventName>(name: Name, listener: (payload: ApiEvents[Name]) => void) {
      const set = listeners.get(name) ?? new Set<AnyListener>();
      listeners.set(name, set.add(listener as AnyListener));
      return () => {
        set.delete(listener as AnyListener);
      };
    },
    connectionState: () => state,
    onConnectionState(listener) {
      stateListeners.add(listener);
      return () => {
        stateListeners.delete(listener);
      };
    },
    close: () => line.close(),
  };
}

function notConnected(): AppError {
  return new AppError(
    'not_connected',
    'Hopscope is not connected to its engine right now; nothing was sent.',
  );
}
