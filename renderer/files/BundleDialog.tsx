import { useState } from 'react';
import { useStore } from 'zustand';
import { useShallow } from 'zustand/shallow';
import { Button } from '../components/Button';
import { bytesOfBase64 } from '../components/base64';
import { Dialog } from '../components/Dialog';
import { download } from '../components/download';
import { Notice } from '../components/Notice';
import { TextInput } from '../components/TextInput';
import type { FileTools } from './FileDialogs';
import { messageOf, nameOf } from './filesStore';
import { usedCertificates } from './usedCertificates';

const shortestPassphrase = 8;

/** Workspace and certificates with their keys as one encrypted file. */
export function BundleDialog({ tools }: { readonly tools: FileTools }) {
  const { api, files, config, certificates } = tools;
  const all = useStore(certificates, (state) => state.info?.certificates ?? []);
  const used = useStore(
    config,
    useShallow((state) => usedCertificates(state.draft.document)),
  );
  const [chosenIds, setChosenIds] = useState<ReadonlySet<string>>(() => new Set(used));
  const [passphrase, setPassphrase] = useState('');
  const [again, setAgain] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const chosen = all.filter(({ id }) => chosenIds.has(id)).map(({ id }) => id);
  const isShort = passphrase.length < shortestPassphrase;
  const isReady = !isShort && passphrase === again;
  const save = async () => {
    setBusy(true);
    setError(null);
    try {
      const text = await files.text();
      const { bundle } = await api.call('exportBundle', { text, certificates: chosen, passphrase });
      const name = `${nameOf(config.getState().running?.file)}.hopscope`;
      download(name, bytesOfBase64(bundle), 'application/octet-stream');
      files.show(null);
      tools.ui.toast('ok', `${name} was made. Without its passphrase nobody can open it, you neither.`);
    } catch (caught) {
      setError(messageOf(caught));
      setBusy(false);
    }
  };
  return (
    <Dialog
      title="Export with certificates"
      isOpen
      onClose={() => files.show(null)}
      actions={
        <>
          <Button onClick={() => files.show(null)}>Cancel</Button>
          <Button variant="primary" isBusy={isBusy} disabled={!isReady} onClick={() => void save()}>
            {isBusy ? 'Sealing…' : 'Export'}
          </Button>
        </>
      }
    >
      <Notice tone="warning">
        The file holds private keys. Give it a passphrase that cannot be guessed.
      </Notice>
      {all.length > 0 && (
        <fieldset className="file-certificates">
          <legend>Certificates</legend>
          {all.map(({ id }) => (
            <label key={id}>
              <input
                type="checkbox"
                checked={chosenIds.has(id)}
                onChange={(event) => {
                  const next = new Set(chosenIds);
                  if (event.target.checked) next.add(id);
                  else next.delete(id);
                  setChosenIds(next);
                }}
              />
              {id}
              {!used.includes(id) && <span className="file-muted"> not used here</span>}
            </label>
          ))}
        </fieldset>
      )}
      <TextInput
        type="password"
        label="Passphrase"
        help={`At least ${shortestPassphrase} characters.`}
        value={passphrase}
        onChange={setPassphrase}
      />
      <TextInput
        type="password"
        label="The same again"
        error={again !== '' && again !== passphrase ? 'These two differ.' : undefined}
        value={again}
        onChange={setAgain}
      />
      {error !== null && (
        <p role="alert" className="field-error">
          {error}
        </p>
      )}
    </Dialog>
  );
}
