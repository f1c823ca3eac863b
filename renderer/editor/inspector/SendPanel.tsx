import { Send } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { BoundListener } from '../../../main/contract/api';
import { Button } from '../../components/Button';
import { CommandLine } from '../../components/CommandLine';
import { Field } from '../../components/Field';
import { TextInput } from '../../components/TextInput';
import { type Answer, composedOf, sendOnce } from '../../composer/sendOnce';
import { curlCommand } from '../curlCommand';
import { useEditor } from '../EditorContext';
import { caFileIn, sendTarget } from '../sendTarget';
import { ChoiceSelect } from './BoundFields';
import { SendResult } from './SendResult';

type Outcome =
  | { readonly kind: 'sending' }
  | { readonly kind: 'answered'; readonly listener: string; readonly answer: Answer }
  | { readonly kind: 'failed'; readonly message: string };

/** The exact curl command for the selected thing, and the same request at a click. */
export function SendPanel({ kind, id }: { readonly kind: 'listener' | 'route'; readonly id: string }) {
  const { config } = useEditor();
  const running = useStore(config, (state) => state.running);
  const proposal = useMemo(
    () => (running === null ? null : sendTarget(running.document, running.listeners, kind, id)),
    [running, kind, id],
  );
  const first = proposal?.listeners[0];
  return (
    <section className="send" aria-label="Try it">
      <h3>Try it</h3>
      {proposal === null || first === undefined ? (
        <p className="field-help">Nothing listens for it yet. Apply the draft, then a request can be sent.</p>
      ) : (
        <SendForm
          key={`${first.id} ${proposal.target.hostname} ${proposal.target.path}`}
          listeners={proposal.listeners}
          hostname={proposal.target.hostname}
          path={proposal.target.path}
          method={proposal.target.method}
        />
      )}
    </section>
  );
}

function SendForm(props: {
  readonly listeners: readonly BoundListener[];
  readonly hostname: string;
  readonly path: string;
  readonly method: string;
}) {
  const { api, ui, certificates, flows, composer } = useEditor();
  const folder = useStore(certificates, (state) => (state.info?.ca == null ? null : state.info.folder));
  const [listenerId, setListenerId] = useState(props.listeners[0]?.id ?? '');
  const [hostname, setHostname] = useState(props.hostname);
  const [path, setPath] = useState(props.path);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const listener = props.listeners.find((item) => item.id === listenerId) ?? props.listeners[0];
  if (listener === undefined) return null;
  const fullPath = path.startsWith('/') ? path : `/${path}`;
  const command = curlCommand(
    listener,
    { method: props.method, hostname, path: fullPath },
    { caFile: folder === null ? null : caFileIn(folder) },
  );
  const compose = () => {
    composer.take(composedOf(listener, { method: props.method, hostname, path: fullPath }));
    ui.show('flows');
  };
  const showInFlows = () => {
    if (outcome?.kind === 'answered') {
      const clientPort = outcome.answer.result.clientPorts[0] ?? 0;
      flows.getState().chooseRequest({ listener: outcome.listener, clientPort });
    }
    ui.show('flows');
  };
  const send = () => {
    setOutcome({ kind: 'sending' });
    sendOnce(api, listener, {
      method: props.method,
      hostname: hostname === '' ? 'localhost' : hostname,
      path: fullPath,
    }).then(
      (answer) => setOutcome({ kind: 'answered', listener: listener.id, answer }),
      (error: unknown) =>
        setOutcome({ kind: 'failed', message: error instanceof Error ? error.message : String(error) }),
    );
  };
  return (
    <>
      {props.listeners.length > 1 && (
        <Field label="Through">
          {(control) => (
            <ChoiceSelect
              control={control}
              value={listener.id}
              choices={props.listeners.map((item) => ({
                value: item.id,
                label: `${item.id} (${item.protocol}, port ${item.port})`,
              }))}
              onChange={setListenerId}
            />
          )}
        </Field>
      )}
      <div className="field-pair">
        {listener.protocol !== 'tcp' && (
          <TextInput label="Host name" value={hostname} placeholder="localhost" onChange={setHostname} />
        )}
        <TextInput label="Path" value={path} placeholder="/" onChange={setPath} />
      </div>
      <CommandLine command={command} label="curl command" />
      {command.includes(' -k ') && (
        <p className="field-help">
          -k: curl does not check the certificate, which no CA of this store signed.
        </p>
      )}
      <div className="send-actions">
        <Button
          variant="primary"
          icon={<Send size={14} aria-hidden />}
          isBusy={outcome?.kind === 'sending'}
          onClick={send}
        >
          Send
        </Button>
        <Button variant="ghost" onClick={showInFlows}>
          Show in Flows
        </Button>
        <Button
          variant="ghost"
          title="Headers, body, chunks with pauses, HTTP/2, TLS, repeats"
          onClick={compose}
        >
          More in Flows
        </Button>
      </div>
      <div role="status">
        {outcome?.kind === 'answered' && <SendResult answer={outcome.answer} />}
        {outcome?.kind === 'failed' && <p className="field-error">{outcome.message}</p>}
      </div>
    </>
  );
}
