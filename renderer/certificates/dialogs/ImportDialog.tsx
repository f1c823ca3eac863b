import { useEffect, useRef, useState } from 'react';
import type { ImportCandidate, ImportPreview } from '../../../main/contract/certificateFiles';
import { Notice } from '../../components/Notice';
import { TextInput } from '../../components/TextInput';
import { useCertificates } from '../CertificatesContext';
import { FormDialog } from '../FormDialog';
import type { PickedFile } from '../fileTransfer';
import { importSelection } from '../importChoice';
import { PickFiles } from '../PickFiles';
import { useAction } from '../useAction';
import { CandidateCard } from './CandidateCard';
import { ImportedFiles } from './ImportedFiles';

/** Certificates from files: everything is shown first (what it is, its chain, its key, what is missing), then taken. */
export function ImportDialog(props: {
  readonly files: readonly PickedFile[];
  readonly onClose: () => void;
  readonly onImported: (id: string) => void;
}) {
  const { api, certificates, ui } = useCertificates();
  const action = useAction();
  const [files, setFiles] = useState(props.files);
  const [preview, setPreview] = useState<ImportPreview | null>(null);
  const [passwords, setPasswords] = useState<readonly string[]>([]);
  const [password, setPassword] = useState('');
  const [refused, setRefused] = useState<ReadonlySet<string>>(new Set());

  const look = (nextFiles: readonly PickedFile[], nextPasswords: readonly string[]) =>
    action.run(async () => {
      setFiles(nextFiles);
      setPasswords(nextPasswords);
      setPreview(await api.call('previewImport', { files: [...nextFiles], passwords: [...nextPasswords] }));
    });
  // Files that were dropped on the screen are read at once.
  const lookAtFirst = useRef(() => void look(props.files, []));
  const hasFilesAtFirst = props.files.length > 0;
  useEffect(() => {
    if (hasFilesAtFirst) lookAtFirst.current();
  }, [hasFilesAtFirst]);
  const isSealed = preview?.files.some(
    ({ status }) => status === 'passwordNeeded' || status === 'wrongPassword',
  );
  const selection = importSelection(preview?.candidates ?? [], refused);
  const isUnlocking = isSealed === true && password !== '';

  const submit = async () => {
    if (isUnlocking) {
      await look(files, [...passwords, password]);
      setPassword('');
      return;
    }
    const isDone = await action.run(async () => {
      const { imported } = await api.call('importCertificates', {
        files: [...files],
        passwords: [...passwords],
        selection,
      });
      await certificates.load();
      const first = imported[0];
      ui.toast('ok', `Imported: ${imported.map(({ id }) => id).join(', ')}.`);
      if (first !== undefined) props.onImported(first.id);
    });
    if (isDone) props.onClose();
  };
  const toggle = (candidate: ImportCandidate) => {
    const next = new Set(refused);
    if (!next.delete(candidate.fingerprint)) next.add(candidate.fingerprint);
    setRefused(next);
  };
  return (
    <FormDialog
      title="Import certificates"
      submit={
        isUnlocking
          ? 'Open with the password'
          : selection.length > 1
            ? `Import ${selection.length}`
            : 'Import'
      }
      action={action}
      width="wide"
      isSubmitDisabled={!isUnlocking && selection.length === 0}
      onSubmit={() => void submit()}
      onClose={props.onClose}
    >
      <div className="certificates-drop-hint">
        <p>
          Drop files here or choose them: certificate, chain and key in any order, as PEM, DER or PKCS#12
          (.p12, .pfx).
        </p>
        <PickFiles
          label={files.length === 0 ? 'Choose files' : 'Add files'}
          isMultiple
          onPicked={(picked) => void look([...files, ...picked], passwords)}
          onFailed={(message) => ui.toast('danger', message)}
        />
      </div>
      {preview !== null && <ImportedFiles files={preview.files} />}
      {isSealed === true && (
        <TextInput
          label="Password"
          type="password"
          value={password}
          help="It is tried on everything that is sealed and not kept."
          error={passwords.length > 0 ? 'That did not open everything.' : undefined}
          onChange={setPassword}
        />
      )}
      {preview?.candidates.map((candidate) => (
        <CandidateCard
          key={candidate.fingerprint}
          candidate={candidate}
          isTaken={selection.some(({ fingerprint }) => fingerprint === candidate.fingerprint)}
          onToggle={() => toggle(candidate)}
        />
      ))}
      {preview?.leftOver.map((sentence) => (
        <Notice key={sentence} tone="warning">
          {sentence}
        </Notice>
      ))}
    </FormDialog>
  );
}
