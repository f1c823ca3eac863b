import { createContext, useContext } from 'react';
import type { HopscopeApi } from '../../main/contract/api';
import type { ComposerStore } from '../composer/composerStore';
import type { CertificateStore } from '../stores/certificateStore';
import type { ConfigStore } from '../stores/configStore';
import type { FlowStore } from '../stores/flowState';
import type { HealthStore } from '../stores/healthStore';
import type { SampleStore } from '../stores/sampleStore';
import type { UiStore } from '../stores/uiStore';
import type { Applying } from './applying';
import type { CacheStore } from './cacheStore';
import type { DocumentViews } from './documentViews';
import type { NewThing } from './newThings';
import type { NextOffer } from './nextOffers';
import type { OverlayStore } from './overlayStore';
import type { TesterStore } from './testerStore';
import type { TrafficStore } from './trafficStore';

/** What every part of the editor may reach. All members are stable, so using it never redraws. */
export interface EditorTools {
  readonly api: HopscopeApi;
  readonly config: ConfigStore;
  readonly certificates: CertificateStore;
  readonly health: HealthStore;
  readonly ui: UiStore;
  readonly flows: FlowStore;
  readonly composer: ComposerStore;
  readonly tester: TesterStore;
  readonly traffic: TrafficStore;
  readonly caches: CacheStore;
  readonly applying: Applying;
  readonly views: DocumentViews;
  readonly overlay: OverlayStore;
  readonly samples: SampleStore;
  /** Opens the request tester with a request that the selected thing would get. */
  readonly askRoutes: () => void;
  /** Adds a thing behind `at` (or the selected node), selects it and moves the focus to its form. */
  readonly add: (thing: NewThing, at?: string) => void;
  /** Makes what was offered, at a place of the canvas if given, and selects it. */
  readonly take: (offer: NextOffer, at?: Point) => void;
  /** Asks first when something that stays would lose by it. */
  readonly remove: (ids: readonly string[]) => void;
  /** Without asking. */
  readonly removeNow: (ids: readonly string[]) => void;
  readonly duplicate: (ids: readonly string[]) => void;
  /** The selection as text for the clipboard; null = nothing that can be copied. */
  readonly copyText: () => string | null;
  readonly paste: (text: string) => void;
  readonly group: (ids: readonly string[]) => void;
  readonly addNote: (at?: Point) => void;
  readonly apply: () => void;
  /** Asks for a file with flows and shows them. */
  readonly openCapture: () => void;
  /** Moves the focus into the form of what is selected: to its first field, or to the one at a path. */
  readonly focusForm: (at?: string) => void;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export const EditorContext = createContext<EditorTools | null>(null);

export function useEditor(): EditorTools {
  const tools = useContext(EditorContext);
  if (tools === null) throw new Error('useEditor needs an EditorContext around it');
  return tools;
}
