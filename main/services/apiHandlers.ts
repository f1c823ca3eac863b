import type { ApiMethod, ApiParsedInput, ApiResults } from '../contract/api';

/** What answers some of the calls of contract/api.ts. */
export type ApiHandlers<Method extends ApiMethod> = {
  readonly [Each in Method]: (input: ApiParsedInput<Each>) => Promise<ApiResults[Each]> | ApiResults[Each];
};
