import { lazy, Suspense, useCallback, useMemo } from 'react';
import { useStore } from 'zustand';
import type { HopscopeApi } from '../../main/contract/api';
import type { WorkspaceDocument } from '../../main/contract/config';
import type { Flow } from '../../main/contract/flow';
import type { CaptureWords } from '../flows/FlowToolbar';
import type { Stores } from './createStores';
import { openCapture } from './openCapture';
import { openPlace, type Place } from './openPlace';
import { surroundingsOf } from './surroundings';

// The diagrams' code is big and not needed for the first screen.
const FlowsScreen = lazy(async () => ({ default: (await import('../flows/FlowsScreen')).FlowsScreen }));

export function FlowsPane({ api, stores }: { readonly api: HopscopeApi; readonly stores: Stores }) {
  const capture = useStore(stores.config, (state) => captureWords(state.running?.document));
  const opened = useStore(stores.captureFile, (state) => state.opened);
  const flowStore = opened?.flowStore ?? stores.flows;
  const running = useStore(stores.config, (state) => state.running);
  const store = useStore(stores.certificates, (state) => state.info);
  const around = useMemo(() => surroundingsOf(running, store), [running, store]);
  const open = useCallback((place: Place) => openKnownPlace(place, stores), [stores]);
  const makeRoute = useCallback((flow: Flow) => void makeRouteFrom(flow, stores), [stores]);
  return (
    <Suspense fallback={<p className="loading">Loading flows…</p>}>
      <h1 className="visually-hidden">Flows</h1>
      <FlowsScreen
        key={opened === null ? 'live' : opened.name}
        api={api}
        flowStore={flowStore}
        captureFile={stores.captureFile}
        onOpenFile={() => void openCapture(stores)}
        view={stores.flowsView}
        composer={stores.composer}
        around={around}
        capture={opened === null ? capture : null}
        onOpenPlace={open}
        onMakeRoute={makeRoute}
      />
    </Suspense>
  );
}

const fullCapture: CaptureWords = { words: 'full capture on', detail: ': bodies and secrets' };
const bodyCapture: CaptureWords = { words: 'body capture on', detail: '' };
const secretCapture: CaptureWords = { words: 'secrets are not masked', detail: '' };

/** Says that more than usual is recorded; null = headers masked, no bodies. */
function captureWords(document: WorkspaceDocument | undefined): CaptureWords | null {
  const isFull = document?.capture?.headers === 'full';
  const hasBodies = document?.capture?.bodies === 'on';
  if (hasBodies) return isFull ? fullCapture : bodyCapture;
  return isFull ? secretCapture : null;
}

/** What a flow went through may be gone, or never have been in the workspace. */
function openKnownPlace(place: Place, { config, ui }: Stores): void {
  const { document } = config.getState().draft;
  const [kind, ...rest] = place.node.split(':');
  const lists = { listener: document.listeners, route: document.routes, pool: document.pools };
  const id = rest.join(':');
  if ((lists[kind as keyof typeof lists] ?? []).some((thing) => thing.id === id)) openPlace(ui, place);
  else {
    const why = 'it was removed, or existed only while something was sent through both';
    ui.toast('info', `There is no ${kind} ${id} in this workspace: ${why}.`);
  }
}

async function makeRouteFrom(flow: Flow, { config, ui }: Stores): Promise<void> {
  const { routeFromFlow } = await import('../flows/routeFromFlow');
  const made = routeFromFlow(config.getState().draft.document, flow);
  if (made === null) {
    ui.toast('warning', 'No route can be made from this flow: its listener or its beginning is not known.');
    return;
  }
  config.edit(made.edits);
  openPlace(ui, { node: made.node, section: null, at: null });
  ui.toast('info', `Route ${made.routeId} is in the draft. Look it over, then apply.`);
}
