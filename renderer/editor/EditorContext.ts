import { createContext, useContext } from 'react';
import type { HopscopeApi } from '../../main/contract/api';
import type { CertificateStore } from '../stores/certificateStore';
import type { ConfigStore } from '../stores/configStore';
import type { FlowStore } from '../stores/flowStore';
import type { HealthStore } from '../stores/healthStore';
import type { UiStore } from '../stores/uiStore';
import type { Applying } from './applying';
import type { DocumentViews } from './documentViews';
import type { NewThing } from './newThings';
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
  readonly tester: TesterStore;
  readonly traffic: TrafficStore;
  readonly applying: Applying;
  readonly views: DocumentViews;
  /** Opens the request tester with a request that the selected thing would get. */
  readonly askRoutes: () => void;
  /** Adds a thing behind `at` (or the selected node), selects it and moves the focus to its form. */
  readonly add: (thing: NewThing, at?: string) => void;
  readonly remove: (id: string) => void;
  readonly apply: () => void;
}

export const EditorContext = createContext<EditorTools | null>(null);

export function useEditor(): EditorTools {
  const tools = useContext(EditorContext);
  if (tools === null) throw new Error('useEditor needs an EditorContext around it');
  return tools;
}
