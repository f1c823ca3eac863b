import type { ApiEventName, ApiEvents, ApiMethod, HopscopeApi, RunningConfig } from '../../main/contract/api';
import type { WorkspaceDocument } from '../../main/contract/config';

type Handlers = { readonly [Method in ApiMethod]?: (input: never) => unknown };

export interface FakeApi extends HopscopeApi {
  readonly calls: { readonly method: ApiMethod; readonly input: unknown }[];
  emit<Name extends ApiEventName>(name: Name, payload: ApiEvents[Name]): void;
}

/** The other side of the line in one process: answers by `handlers`, pushes by `emit`. */
export function fakeApi(handlers: Handlers): FakeApi {
  const listeners = new Map<string, Set<(payload: never) => void>>();
  const calls: { method: ApiMethod; input: unknown }[] = [];
  return {
    calls,
    async call(method, input) {
      calls.push({ method, input });
      const handler = handlers[method];
      if (handler === undefined) throw new Error(`no answer for ${method}`);
      return (await handler(input as never)) as never;
    },
    on(name, listener) {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set.add(listener as (payload: never) => void));
      return () => set.delete(listener as (payload: never) => void);
    },
    emit(name, payload) {
      for (const listener of listeners.get(name) ?? []) listener(payload as never);
    },
  };
}

export function running(revision: number, document: WorkspaceDocument): RunningConfig {
  return {
    revision,
    document,
    listeners: [],
    issues: [],
    file: '/tmp/workspace.yaml',
    runId: 'run',
    source: 'app',
    refused: null,
  };
}
