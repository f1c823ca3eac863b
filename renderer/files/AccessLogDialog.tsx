import { useEffect, useState } from 'react';
import type { AccessLogFormat, AccessLogSettings, AccessLogState } from '../../main/contract/accessLogApi';
import { Button } from '../components/Button';
import { CheckField } from '../components/CheckField';
import { CopyButton } from '../components/CopyButton';
import { Dialog } from '../components/Dialog';
import { Notice } from '../components/Notice';
import { SelectField } from '../components/SelectField';
import { TextInput } from '../components/TextInput';
import type { FileTools } from './FileDialogs';
import { messageOf } from './filesStore';

const megabyte = 1_048_576;

const formats: readonly { readonly value: AccessLogFormat; readonly label: string }[] = [
  { value: 'json', label: 'JSON, one object a line' },
  { value: 'clf', label: 'Common Log Format' },
  { value: 'combined', label: 'Combined Log Format' },
];

/** Whether and where every request leaves a line; for all workspaces. */
export function AccessLogDialog({ tools }: { readonly tools: FileTools }) {
  const { api, files } = tools;
  const [state, setState] = useState<AccessLogState | null>(null);
  const [form, setForm] = useState<Form | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  useEffect(() => {
    api.call('getAccessLog', undefined).then(
      (found) => {
        setState(found);
        setForm(formOf(found.settings));
      },
      (caught: unknown) => setError(messageOf(caught)),
    );
  }, [api]);
  const settings = form === null ? null : settingsOf(form);
  const canSave = settings !== null && state !== null && !state.isFixed;
  const save = async () => {
    if (settings === null) return;
    setBusy(true);
    setError(null);
    try {
      await api.call('setAccessLog', settings);
      files.show(null);
      tools.ui.toast(
        'ok',
        settings.isOn ? `Every request leaves a line in ${settings.path}.` : 'No access log.',
      );
    } catch (caught) {
      setError(messageOf(caught));
      setBusy(false);
    }
  };
  return (
    <Dialog
      title="Access log"
      isOpen
      onClose={() => files.show(null)}
      actions={
        <>
          <Button onClick={() => files.show(null)}>Cancel</Button>
          <Button variant="primary" isBusy={isBusy} disabled={!canSave} onClick={() => void save()}>
            Save
          </Button>
        </>
      }
    >
      {state?.isFixed === true && (
        <Notice tone="info">The command line says whether there is an access log.</Notice>
      )}
      {state?.problem != null && <Notice tone="warning">{state.problem}</Notice>}
      {form !== null && state?.isFixed === false && <Fields form={form} onChange={setForm} />}
      {error !== null && (
        <p role="alert" className="field-error">
          {error}
        </p>
      )}
    </Dialog>
  );
}

function Fields({ form, onChange }: { readonly form: Form; readonly onChange: (form: Form) => void }) {
  return (
    <>
      <CheckField
        label="Every request and relayed connection leaves a line"
        isChecked={form.isOn}
        onChange={(isOn) => onChange({ ...form, isOn })}
      />
      <TextInput
        label="File"
        help="A whole path to a .log, .txt or .json file; only you can read it."
        value={form.path}
        onChange={(path) => onChange({ ...form, path })}
      />
      <div>
        <CopyButton text={form.path} label="Copy the path" />
      </div>
      <SelectField
        label="Format"
        value={form.format}
        choices={formats}
        onChange={(format) => onChange({ ...form, format })}
      />
      <div className="field-pair">
        <TextInput
          label="A new file after"
          unit="MB"
          type="number"
          error={wholeNumber(form.megabytes, 1, 1_000_000) === null ? 'A whole number from 1 up.' : undefined}
          value={form.megabytes}
          onChange={(megabytes) => onChange({ ...form, megabytes })}
        />
        <TextInput
          label="Older files kept"
          type="number"
          error={wholeNumber(form.keep, 0, 1000) === null ? 'A whole number from 0 to 1000.' : undefined}
          value={form.keep}
          onChange={(keep) => onChange({ ...form, keep })}
        />
      </div>
    </>
  );
}

interface Form extends Pick<AccessLogSettings, 'isOn' | 'path' | 'format'> {
  readonly megabytes: string;
  readonly keep: string;
}

function formOf({ maxBytes, keep, ...rest }: AccessLogSettings): Form {
  return { ...rest, megabytes: String(Math.max(1, Math.round(maxBytes / megabyte))), keep: String(keep) };
}

/** null = a number is none. */
function settingsOf({ megabytes, keep, path, ...rest }: Form): AccessLogSettings | null {
  const size = wholeNumber(megabytes, 1, 1_000_000);
  const older = wholeNumber(keep, 0, 1000);
  return size === null || older === null
    ? null
    : { ...rest, path: path.trim(), maxBytes: size * megabyte, keep: older };
}

function wholeNumber(text: string, least: number, most: number): number | null {
  const value = /^\d{1,9}$/.test(text.trim()) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : null;
}
