import { useState } from 'react';
import { maxLeafDays } from '../../../main/contract/certificate';
import type { SigningRequestPreview } from '../../../main/contract/certificateFiles';
import { AreaField } from '../../components/AreaField';
import { download } from '../../components/download';
import { Notice } from '../../components/Notice';
import { TextInput } from '../../components/TextInput';
import { useCertificates } from '../CertificatesContext';
import { titleOf } from '../certificateUse';
import { FormDialog } from '../FormDialog';
import { fileOfText } from '../fileTransfer';
import { PickFiles } from '../PickFiles';
import { useAction } from '../useAction';
import { WarningList } from '../WarningList';

/** Signs somebody else's CSR with the local CA: paste or choose, look at what it asks for, sign, hand the answer back. */
export function SignDialog({ onClose }: { readonly onClose: () => void }) {
  const { api, certificates, ui } = useCertificates();
  const action = useAction();
  const [text, setText] = useState('');
  const [csrBase64, setCsr] = useState<string | null>(null);
  const [preview, setPreview] = useState<SigningRequestPreview | null>(null);
  const [days, setDays] = useState(String(maxLeafDays));

  const look = (base64: string) =>
    action.run(async () => {
      setCsr(base64);
      setPreview(await api.call('previewSigningRequest', { csrBase64: base64 }));
    });
  const sign = async () => {
    if (preview === null || csrBase64 === null) {
      await look(fileOfText('pasted', text.trim()).contentBase64);
      return;
    }
    const isDone = await action.run(async () => {
      const signed = await api.call('signCertificateRequest', { csrBase64, days: Number(days) });
      await certificates.load();
      download(`${signed.certificate.id}.pem`, signed.chainPem, 'application/x-pem-file');
      ui.toast('ok', `Signed. ${signed.certificate.id}.pem was saved: give it back to the one who asked.`);
    });
    if (isDone) onClose();
  };
  return (
    <FormDialog
      title="Sign somebody's request"
      submit={preview === null ? 'Look at it' : 'Sign and save'}
      action={action}
      isSubmitDisabled={preview === null ? text.trim() === '' : !preview.isSignatureValid}
      onSubmit={() => void sign()}
      onClose={onClose}
    >
      {preview === null ? (
        <>
          <AreaField
            label="Certificate signing request"
            value={text}
            placeholder="-----BEGIN CERTIFICATE REQUEST-----"
            help="Paste it, or choose the file."
            onChange={setText}
          />
          <PickFiles
            label="Choose a .csr file"
            accept=".csr,.pem,.req,.der"
            onPicked={([file]) => file !== undefined && void look(file.contentBase64)}
            onFailed={(message) => ui.toast('danger', message)}
          />
        </>
      ) : (
        <>
          <dl className="certificates-facts">
            <dt>Asks for</dt>
            <dd>{titleOf(preview)}</dd>
            <dt>Subject</dt>
            <dd>{preview.subject === '' ? 'empty' : preview.subject}</dd>
            <dt>Key</dt>
            <dd>{preview.keyType}</dd>
          </dl>
          {!preview.isSignatureValid && (
            <Notice tone="danger">
              Its signature is wrong: whoever asks has not shown to hold the key. It cannot be signed.
            </Notice>
          )}
          <WarningList warnings={preview.warnings} />
          <TextInput label="Lifetime" unit="days" type="number" value={days} onChange={setDays} />
        </>
      )}
    </FormDialog>
  );
}
