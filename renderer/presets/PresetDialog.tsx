import { type FormEvent, useEffect, useState } from 'react';
import type { HopscopeApi } from '../../main/contract/api';
import { applyEdit } from '../../main/contract/configEdit';
import { Button } from '../components/Button';
import { Dialog } from '../components/Dialog';
import { Notice } from '../components/Notice';
import { TextInput } from '../components/TextInput';
import type { CertificateStore } from '../stores/certificateStore';
import { chooseListenerPort } from '../stores/chooseListenerPort';
import type { ConfigStore } from '../stores/configStore';
import {
  emptyPresetForm,
  type PresetErrors,
  type PresetForm,
  type PresetValues,
  presetFieldText,
  readPresetForm,
  wantedPort,
} from './presetFields';
import { type Preset, type PresetPlan, planPreset } from './presets';

export interface PresetDialogProps {
  readonly preset: Preset;
  readonly api: HopscopeApi;
  readonly config: ConfigStore;
  readonly certificates: CertificateStore;
  /** What the button says. */
  readonly action: string;
  readonly onClose: () => void;
  readonly onPlan: (plan: PresetPlan) => void;
}

/** The two or three fields of a preset. Enter makes it. */
export function PresetDialog(props: PresetDialogProps) {
  const { preset, api, config, certificates } = props;
  const [form, setForm] = useState<PresetForm>(emptyPresetForm);
  const [errors, setErrors] = useState<PresetErrors>({});
  const [failure, setFailure] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const protocol = preset.canBeHttps && form.isHttps ? 'https' : preset.protocol;
  const isOurs = useListenerPort(props, protocol, setForm);

  const submit = async () => {
    const read = readPresetForm(preset, form);
    setFailure(null);
    setErrors(read.kind === 'errors' ? read.errors : {});
    if (read.kind === 'errors') return;
    setBusy(true);
    try {
      const { document } = config.getState().draft;
      const certificate = protocol === 'https' ? await certificateFor(certificates, read.values) : null;
      const plan = planPreset(document, preset, read.values, certificate);
      const before = await api.call('checkConfig', { document });
      const { issues } = await api.call('checkConfig', { document: plan.edits.reduce(applyEdit, document) });
      const known = new Set(before.issues.map((issue) => issue.message));
      const error = issues.find((issue) => issue.severity === 'error' && !known.has(issue.message));
      if (error === undefined) {
        props.onPlan(plan);
        return;
      }
      if (error.path[0] === 'listeners' && error.path.at(-1) === 'port')
        setErrors({ listenerPort: error.message });
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
    <Dialog title={preset.title} isOpen onClose={props.onClose}>
      <form className="preset-form" onSubmit={onSubmit} noValidate>
        <p className="field-help">{preset.text}</p>
        {preset.fields.map((field) => {
          const { label, placeholder, help } = presetFieldText(preset, field);
          return (
            <TextInput
              key={field}
              label={label}
              placeholder={placeholder}
              help={help}
              error={errors[field]}
              value={form[field]}
              onChange={(value) => setForm({ ...form, [field]: value })}
            />
          );
        })}
        {preset.canBeHttps && (
          <label className="checkbox">
            <input
              type="checkbox"
              checked={form.isHttps}
              onChange={(event) => setForm({ ...form, isHttps: event.target.checked })}
            />
            <span>Serve it over HTTPS, with a certificate of the local authority</span>
          </label>
        )}
        <TextInput
          label="Hopscope listens on port"
          placeholder=""
          help={isOurs ? 'A listener of yours, used for this too.' : 'Chosen for you: free right now.'}
          error={errors.listenerPort}
          value={form.listenerPort}
          onChange={(listenerPort) => setForm({ ...form, listenerPort })}
        />
        {failure !== null && (
          <Notice tone="danger" isLive>
            {failure}
          </Notice>
        )}
        <div className="dialog-buttons">
          <Button type="submit" variant="primary" isBusy={isBusy}>
            {isBusy ? 'Adding…' : props.action}
          </Button>
          <Button onClick={props.onClose}>Cancel</Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Fills the port of the listener in, again when its protocol changes. True = a listener that is there has it. */
function useListenerPort(
  { api, config }: PresetDialogProps,
  protocol: Preset['protocol'],
  setForm: (change: (form: PresetForm) => PresetForm) => void,
): boolean {
  const [isOurs, setOurs] = useState(false);
  useEffect(() => {
    let isGone = false;
    const { document } = config.getState().draft;
    const wanted = wantedPort(document, protocol);
    const fill = (port: number) => {
      if (isGone) return;
      setOurs(wanted.isThere);
      setForm((form) => ({ ...form, listenerPort: String(port) }));
    };
    if (wanted.isThere) fill(wanted.port);
    // Where nobody answers the usual port stands; one that is taken is said when the form is sent.
    else chooseListenerPort(api, document, wanted.port).then(fill, () => fill(wanted.port));
    return () => {
      isGone = true;
    };
  }, [api, config, protocol, setForm]);
  return isOurs;
}

/** One of the store that covers the name, else a new one of the local authority. */
async function certificateFor(certificates: CertificateStore, { hostname }: PresetValues): Promise<string> {
  const stored = certificates.getState().info?.certificates ?? [];
  const found = stored.find(({ kind, dnsNames }) => kind === 'leaf' && dnsNames.includes(hostname));
  return found?.id ?? (await certificates.issue({ names: [hostname] })).id;
}
