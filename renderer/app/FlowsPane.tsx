import { lazy, Suspense } from 'react';
import type { HopscopeApi } from '../../main/contract/api';
import type { Stores } from './createStores';

// The diagrams' code is big and not needed for the first screen.
const FlowsScreen = lazy(async () => ({ default: (await import('../flows/FlowsScreen')).FlowsScreen }));

export function FlowsPane(props: {
  readonly api: HopscopeApi;
  readonly stores: Stores;
  readonly onOpenRoute: (route: string) => void;
}) {
  return (
    <Suspense fallback={<p className="loading">Loading flows…</p>}>
      <h1 className="visually-hidden">Flows</h1>
      <FlowsScreen api={props.api} flowStore={props.stores.flows} onOpenRoute={props.onOpenRoute} />
    </Suspense>
  );
}
