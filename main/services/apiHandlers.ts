import type { ApiEventName, ApiEvents, ApiMethod, ApiParsedInput, ApiResults } from '../contract/api';

/** What answers some of the calls of contract/api.ts. */
export type ApiHandlers<Method extends ApiMethod> = {
  readonly [Each in Method]: (input: ApiParsedInput<Each>) => Promise<ApiResults[Each]> | ApiResults[Each];
};

/** Pushes to every UI. */
export type TellAll = <Name extends ApiEventName>(name: Name, payload: ApiEvents[Name]) => void;
