import type { HopscopeApi } from '../../main/contract/api';
import type { Stores } from './createStores';

export function FlowsPane(_props: {
  readonly api: HopscopeApi;
  readonly stores: Stores;
  readonly onOpenRoute: (route: string) => void;
}) {
  return null;
}
