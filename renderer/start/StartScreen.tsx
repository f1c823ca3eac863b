import { FlaskConical, Plus } from 'lucide-react';
import { useState } from 'react';
import type { HopscopeApi } from '../../main/contract/api';
import { Button } from '../components/Button';
import { Notice } from '../components/Notice';
import type { ConfigStore } from '../stores/configStore';
import type { UiStore } from '../stores/uiStore';
import { chooseListenerPort } from './chooseListenerPort';
import { HostToPortForm } from './HostToPortForm';
import './start.css';
import { planSamples, type StartPlan } from './startEdits';

/** What an empty workspace shows: the ways to a first running route. */
export function StartScreen(props: {
  readonly api: HopscopeApi;
  readonly config: ConfigStore;
  readonly ui: UiStore;
}) {
  const { api, config, ui } = props;
  const [isStarting, setStarting] = useState(false);
  const [error, setError] = useState<string | null>(null);

  const run = (plan: StartPlan) => {
    config.edit(plan.edits);
    ui.select(`route:${plan.route}`);
    void config.applyDraft();
  };
  const startSamples = async () => {
    setStarting(true);
    setError(null);
    try {
      const { servers } = await api.call('startSampleServers', undefined);
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
      </div>
    </div>
  );
}
