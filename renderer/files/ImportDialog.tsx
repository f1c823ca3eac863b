import { useState } from 'react';
import { useStore } from 'zustand';
import type { BundleContent } from '../../main/contract/workspaceApi';
import { Button } from '../components/Button';
import { base64OfBytes } from '../components/base64';
import { Dialog } from '../components/Dialog';
import { Field } from '../components/Field';
import { TextInput } from '../components/TextInput';
import type { FileTools } from './FileDialogs';
import { messageOf } from './filesStore';
import { type ImportedFile, readImport } from './readImport';

/** A workspace from a file: into the draft of this one, where it can be looked at and undone, or as a new one. */
export function ImportDialog({ tools }: { readonly tools: FileTools }) {
  const { api, files, config, ui } = tools;
  const canSwitch = useStore(files, (state) => state.list?.canSwitch ?? true);
  const [file, setFile] = useState<ImportedFile | null>(null);
  const [passphrase, setPassphrase] = useState('');
  const [content, setContent] = useState<BundleContent | null>(null);
  const [newName, setNewName] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const workspace = file?.kind === 'workspace' ? file : content;
  const attempt = async (work: () => Promise<void>) => {
    setBusy(true);
    setError(null);
    try {
      await work();
    } catch (caught) {
      setError(messageOf(caught));
    }
    setBusy(false);
  };
  const choose = (chosen: File | undefined) =>
    attempt(async () => {
      setContent(null);
      setFile(chosen === undefined ? null : await readImport(chosen));
    });
  const bundle = () => (file?.kind === 'bundle' ? base64OfBytes(file.bytes) : '');
  const unseal = () =>
    attempt(async () => setContent(await api.call('readBundle', { bundle: bundle(), passphrase })));
  const take = () =>
    attempt(async () => {
      if (workspace === null) return;
      const wanted = content?.certificates.filter(({ isTaken, id }) => !isTaken && id !== 'ca') ?? [];
      if (wanted.length > 0) {
        const ids = wanted.map(({ id }) => id);
        await api.call('importBundleCertificates', { bundle: bundle(), passphrase, certificates: ids });
      }
      if (newName !== null) {
        if (!(await files.create(newName.trim(), workspace.text))) setError(files.getState().error);
        return;
      }
      const { document, text } = workspace;
      if (text.trimStart().startsWith('{')) config.replace(document);
      else {
        // With its comments.
        const { text: saved } = await api.call('getWorkspaceText', undefined);
        config.editText(text, { document }, { before: await files.text(), saved });
      }
      files.show(null);
      ui.toast('info', 'Imported as a draft. Apply it, or undo.');
    });
  return (
    <Dialog
      title="Import a workspace"
      isOpen
      onClose={() => files.show(null)}
      actions={
        <>
          <Button onClick={() => files.show(null)}>Cancel</Button>
          {file?.kind === 'bundle' && content === null ? (
            <Button
              variant="primary"
              isBusy={isBusy}
              disabled={passphrase.length < 8}
              onClick={() => void unseal()}
            >
              Open the bundle
            </Button>
          ) : (
            <Button
              variant="primary"
              isBusy={isBusy}
              disabled={workspace === null || newName?.trim() === ''}
              onClick={() => void take()}
            >
              Import
            </Button>
          )}
        </>
      }
    >
      <Field label="File" help="YAML, JSON, or a .hopscope bundle." error={refusal(file)}>
        {(control) => (
          <input
            {...control}
            type="file"
            accept=".yaml,.yml,.json,.hopscope"
            onChange={(event) => void choose(event.target.files?.[0])}
          />
        )}
      </Field>
      {file?.kind === 'bundle' && content === null && (
        <TextInput type="password" label="Its passphrase" value={passphrase} onChange={setPassphrase} />
      )}
      {content !== null && <BundleCertificates content={content} />}
      {workspace !== null && <Target canSwitch={canSwitch} newName={newName} onChange={setNewName} />}
      {error !== null && (
        <p role="alert" className="field-error">
          {error}
        </p>
      )}
    </Dialog>
  );
}

function refusal(file: ImportedFile | null): string | undefined {
  return file?.kind === 'refused' ? file.reason : undefined;
}

function BundleCertificates({ content }: { readonly content: BundleContent }) {
  if (content.certificates.length === 0) return <p>The bundle holds no certificate.</p>;
  return (
    <ul className="file-certificates" aria-label="Certificates in the bundle">
      {content.certificates.map(({ id, isTaken, hasKey }) => (
        <li key={id}>
          <strong>{id}</strong>{' '}
          <span className="file-muted">
            {isTaken || id === 'ca'
              ? 'the store has one of that id: it stays as it is'
              : hasKey
                ? 'comes into the store, with its key'
                : 'comes into the store'}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Target(props: {
  readonly canSwitch: boolean;
  readonly newName: string | null;
  readonly onChange: (newName: string | null) => void;
}) {
  const { canSwitch, newName, onChange } = props;
  return (
    <fieldset className="file-target">
      <legend>Where to</legend>
      <label>
        <input type="radio" name="import-target" checked={newName === null} onChange={() => onChange(null)} />
        Into the draft of this workspace
      </label>
      <label>
        <input
          type="radio"
          name="import-target"
          disabled={!canSwitch}
          checked={newName !== null}
          onChange={() => onChange('')}
        />
        A new workspace
      </label>
      {newName !== null && (
        <Field label="Name of the new workspace">
          {(control) => (
            <input
              {...control}
              className="input"
              autoComplete="off"
              maxLength={63}
              value={newName}
              onChange={(event) => onChange(event.target.value)}
            />
          )}
        </Field>
      )}
    </fieldset>
  );
}
