import { ArrowRight } from 'lucide-react';
import { type FormEvent, useEffect, useState } from 'react';
import type { HopscopeApi } from '../../main/contract/api';
import { applyEdit } from '../../main/contract/configEdit';
import { Button } from '../components/Button';
import { Field } from '../components/Field';
import { Notice } from '../components/Notice';
import { chooseListenerPort } from '../stores/chooseListenerPort';
import type { ConfigStore } from '../stores/configStore';
import {
  isStartInput,
  planHostToPort,
  readStartForm,
  type StartErrors,
  type StartForm,
  type StartPlan,
} from './startEdits';

const firstForm: StartForm = { hostname: '', port: '', listenerPort: '8080' };

/** Two fields and Enter; the listener's port is chosen, shown, and can be changed. */
export function HostToPortForm(props: {
  readonly api: HopscopeApi;
  readonly config: ConfigStore;
  readonly onPlan: (plan: StartPlan) => void;
}) {
  const { api, config, onPlan } = props;
  const [form, setForm] = useState(firstForm);
  const [isPortTouched, setPortTouched] = useState(false);
  const [errors, setErrors] = useState<StartErrors>({});
  const [failure, setFailure] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  useEffect(() => {
    let isGone = false;
    chooseListenerPort(api, config.getState().draft.document).then(
      (port) => {
        if (!isGone && !isPortTouched) setForm((old) => ({ ...old, listenerPort: String(port) }));
      },
      // The first proposal stays; a port that is taken is said when the form is sent.
      () => undefined,
    );
    return () => {
      isGone = true;
    };
  }, [api, config, isPortTouched]);

  const submit = async () => {
    const input = readStartForm(form);
    setFailure(null);
    if (!isStartInput(input)) {
      setErrors(input);
      return;
    }
    setErrors({});
    setBusy(true);
    try {
      const { document } = config.getState().draft;
      const plan = planHostToPort(document, input);
      const { issues } = await api.call('checkConfig', { document: plan.edits.reduce(applyEdit, document) });
      const error = issues.find((issue) => issue.severity === 'error');
      if (error === undefined) {
        onPlan(plan);
        return;
      }
      if (error.path.at(-1) === 'port') setErrors({ listenerPort: error.message });
      else setFailure(error.message);
    } catch (caught) {
      setFailure(caught instanceof Error ? caught.message : String(caught));
    }
    setBusy(false);
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void submit();
  };
  return (
    <form className="start-form" onSubmit={onSubmit} noValidate>
      <div className="start-fields">
        <Field label="Host name" error={errors.hostname}>
          {(control) => (
            <input
              {...control}
              className="input"
              // biome-ignore lint/a11y/noAutofocus: the start screen is this form; typing at once is its point.
              autoFocus
              autoCapitalize="none"
              autoComplete="off"
              spellCheck={false}
              placeholder="shop.test"
              value={form.hostname}
              onChange={(event) => setForm({ ...form, hostname: event.target.value })}
            />
          )}
        </Field>
        <ArrowRight size={18} aria-hidden className="start-arrow" />
        <Field label="Local port" error={errors.port}>
          {(control) => (
            <input
              {...control}
              className="input"
              inputMode="numeric"
              autoComplete="off"
              placeholder="3000"
              value={form.port}
              onChange={(event) => setForm({ ...form, port: event.target.value })}
            />
          )}
        </Field>
        <Button type="submit" variant="primary" isBusy={isBusy} className="start-submit">
          Route it
        </Button>
      </div>
      <Field
        label="Hopscope listens on port"
        className="start-listener"
        error={errors.listenerPort}
        help="Chosen for you: free right now."
      >
        {(control) => (
          <input
            {...control}
            className="input"
            inputMode="numeric"
            autoComplete="off"
            value={form.listenerPort}
            onChange={(event) => {
              setPortTouched(true);
              setForm({ ...form, listenerPort: event.target.value });
            }}
          />
        )}
      </Field>
      {failure !== null && (
        <Notice tone="danger" isLive>
          {failure}
        </Notice>
      )}
    </form>
  );
}
