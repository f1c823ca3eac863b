import { parseWorkspace } from '../../main/contract/validateConfig';
import type { ApiClient } from '../client/apiClient';
import { type ComposerStore, createComposerStore } from '../composer/composerStore';
import { type ApplyPreferencesStore, createApplyPreferences } from '../stores/applyPreferences';
import { startAutoApply } from '../stores/autoApply';
import { type CaptureFileStore, createCaptureFileStore } from '../stores/captureFileStore';
import { type CertificateStore, createCertificateStore } from '../stores/certificateStore';
import { type ConfigStore, createConfigStore } from '../stores/configStore';
import { type ConnectionStore, createConnectionStore } from '../stores/connectionStore';
import { createDraftKeeper } from '../stores/draftKeeper';
import type { FlowStore } from '../stores/flowState';
import { createFlowStore } from '../stores/flowStore';
import { createFlowsViewStore, type FlowsViewStore } from '../stores/flowsViewStore';
import { createHealthStore, type HealthStore } from '../stores/healthStore';
import { createSampleStore, type SampleStore } from '../stores/sampleStore';
import { createUiStore, type UiStore } from '../stores/uiStore';
import { followOfferedCapture } from './offeredCapture';
import { surroundingsOf } from './surroundings';

export interface Stores {
  readonly ui: UiStore;
  readonly config: ConfigStore;
  readonly certificates: CertificateStore;
  readonly connection: ConnectionStore;
  readonly health: HealthStore;
  readonly flows: FlowStore;
  /** Flows that were opened from a file, in place of the live ones. */
  readonly captureFile: CaptureFileStore;
  readonly preferences: ApplyPreferencesStore;
  readonly flowsView: FlowsViewStore;
  readonly composer: ComposerStore;
  readonly samples: SampleStore;
}

/** Makes the stores, starts loading, and asks again for everything when the line comes back. */
export function createStores(client: ApiClient): Stores {
  const ui = createUiStore(localStorage);
  const config = createConfigStore(client, {
    keeper: createDraftKeeper(client, sessionStorage, localStorage),
    validate: (document) => parseWorkspace(document).issues,
    now: Date.now,
  });
  const preferences = createApplyPreferences(localStorage);
  startAutoApply(config, preferences);
  const certificates = createCertificateStore(client);
  const health = createHealthStore(client);
  const samples = createSampleStore(client);
  const load = () => {
    void config.load();
    void certificates.load();
    void samples.load();
    // A line that breaks now is told by the banner; what is shown stays.
    health.load().catch(() => undefined);
  };
  // The newest edits are kept before the page is gone.
  addEventListener('pagehide', () => config.flush());
  const connection = createConnectionStore(client, load);
  const flows = createFlowStore(client);
  load();
  // From the start, not from the first look at the screen: what was sent before is what people want to see there.
  flows.getState().start();
  const captureFile = createCaptureFileStore(client);
  followOfferedCapture(client, { captureFile, ui });
  const flowsView = createFlowsViewStore(localStorage);
  const composer = createComposerStore(client, {
    storage: localStorage,
    tabStorage: sessionStorage,
    around: () => surroundingsOf(config.getState().running, certificates.getState().info),
    showFlow: (request) => {
      // What was sent is live, whatever file is looked at.
      captureFile.getState().close();
      flows.getState().chooseRequest(request, { keepsFilter: true });
    },
    now: Date.now,
  });
  return {
    ui,
    config,
    certificates,
    connection,
    health,
    flows,
    captureFile,
    flowsView,
    composer,
    preferences,
    samples,
  };
}
