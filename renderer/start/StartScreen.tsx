import { FlaskConical, Plus } from 'lucide-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { HopscopeApi } from '../../main/contract/api';
import { formatPath } from '../../main/contract/configIssue';
import { Button } from '../components/Button';
import { Notice } from '../components/Notice';
import { PresetDialog } from '../presets/PresetDialog';
import { PresetGallery } from '../presets/PresetGallery';
import type { Preset } from '../presets/presets';
import type { CertificateStore } from '../stores/certificateStore';
import { chooseListenerPort } from '../stores/chooseListenerPort';
import type { ConfigStore } from '../stores/configStore';
import type { UiStore } from '../stores/uiStore';
import { HostToPortForm } from './HostToPortForm';
import './start.css';
import { planSamples, type StartPlan } from './startEdits';

/** What an empty workspace shows: the ways to a first running route. */
export function StartScreen(props: {
  readonly api: HopscopeApi;
  readonly config: ConfigStore;
  readonly certificates: CertificateStore;
  readonly ui: UiStore;
  /** Shows all sample servers. */
  readonly onSamples: () => void;
}) {
  const { api, config, certificates, ui } = props;
  const [preset, setPreset] = useState<Preset | null>(null);
  const problem = useStore(config, (state) =>
    state.running?.issues.find((issue) => issue.severity === 'error'),
  );
  const [isStarting, setStarting] = useState(false);
  const [error, setError] = useState<string | null>(null);

  const run = (plan: Pick<StartPlan, 'edits' | 'route'>) => {
    config.edit(plan.edits);
    ui.select(`route:${plan.route}`);
    void config.applyDraft();
  };
  const startSamples = async () => {
    setStarting(true);
    setError(null);
    try {
      const { servers } = await api.call('startSampleServers', undefined);
      const failed = servers.find(({ problem }) => problem !== null);
      if (failed !== undefined) throw new Error(`The sample server ${failed.name}: ${failed.problem}`);
      const { document } = config.getState().draft;
      run(planSamples(document, servers, await chooseListenerPort(api, document)));
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : String(failure));
      setStarting(false);
    }
  };

  return (
    <div className="start">
      <div className="start-inner">
        <header>
          <h1>Build a reverse proxy, run it, and watch it work</h1>
          <p className="start-lead">It runs for real, on this machine only, until you say otherwise.</p>
        </header>
        {problem !== undefined && (
          <Notice tone="danger">
            <strong>The workspace file cannot be run.</strong> {formatPath(problem.path)}: {problem.message}.
            Mend it, and it is read again; or begin anew below.
          </Notice>
        )}
        <section className="start-main" aria-labelledby="start-route">
          <h2 id="start-route">Route a host name to a local port</h2>
          <p>For a server that already runs here, for example a development server on port 3000.</p>
          <HostToPortForm api={api} config={config} onPlan={run} />
        </section>
        <div className="start-others">
          <section aria-labelledby="start-samples">
            <FlaskConical size={20} aria-hidden />
            <h2 id="start-samples">Try it with sample servers</h2>
            <p>Hopscope starts small servers on free ports and routes hello.test to them in turn.</p>
            <Button isBusy={isStarting} onClick={() => void startSamples()}>
              {isStarting ? 'Starting…' : 'Start sample servers'}
            </Button>
            <Button variant="ghost" onClick={props.onSamples}>
              All sample servers…
            </Button>
            {error !== null && (
              <Notice tone="danger" isLive>
                {error}
              </Notice>
            )}
          </section>
          <section aria-labelledby="start-empty">
            <Plus size={20} aria-hidden />
            <h2 id="start-empty">Start with an empty canvas</h2>
            <p>Add listeners, routes and pools one by one: HTTP, HTTPS, TLS passthrough or plain TCP.</p>
            <Button onClick={() => ui.skipStart()}>Open the canvas</Button>
          </section>
        </div>
        <div className="start-presets">
          <h2>Or begin with</h2>
          <PresetGallery without="hostToPort" onChoose={setPreset} />
        </div>
      </div>
      {preset !== null && (
        <PresetDialog
          preset={preset}
          api={api}
          config={config}
          certificates={certificates}
          action="Add and run it"
          onClose={() => setPreset(null)}
          onPlan={run}
        />
      )}
    </div>
  );
}
