import { useState } from 'react';
import type { CertificateInfo } from '../../../main/contract/certificate';
import type { ExportFormat } from '../../../main/contract/certificateFiles';
import { bytesOfBase64 } from '../../components/base64';
import { CheckField } from '../../components/CheckField';
import { download } from '../../components/download';
import { SelectField } from '../../components/SelectField';
import { TextInput } from '../../components/TextInput';
import { useCertificates } from '../CertificatesContext';
import { FormDialog } from '../FormDialog';
import { useAction } from '../useAction';

const formats: readonly {
  readonly value: ExportFormat;
  readonly label: string;
  readonly holdsKey: boolean;
}[] = [
  { value: 'chain', label: 'Certificate and chain (PEM), for servers and clients', holdsKey: false },
  { value: 'pem', label: 'Certificate alone (PEM)', holdsKey: false },
  { value: 'der', label: 'Certificate alone (DER, binary)', holdsKey: false },
  { value: 'pkcs12', label: 'Everything with the private key (PKCS#12, .p12)', holdsKey: true },
  { value: 'key', label: 'Private key alone (PEM)', holdsKey: true },
];

/** Takes a certificate out of the store. A private key leaves only after a yes, and without a password only after a second one. */
export function ExportDialog(props: { readonly certificate: CertificateInfo; readonly onClose: () => void }) {
  const { api, ui } = useCertificates();
  const { certificate } = props;
  const action = useAction();
  const [format, setFormat] = useState<ExportFormat>('chain');
  const [password, setPassword] = useState('');
  const [repeated, setRepeated] = useState('');
  const [confirmsKeyExport, setConfirms] = useState(false);
  const [allowsPlainKey, setAllowsPlain] = useState(false);
  const [isLegacy, setLegacy] = useState(false);
  const choices = formats.filter(({ holdsKey }) => !holdsKey || certificate.hasPrivateKey);
  const holdsKey = choices.find(({ value }) => value === format)?.holdsKey === true;
  const isMismatch = repeated !== '' && repeated !== password;
  const isSealed = allowsPlainKey || (password !== '' && password === repeated);

  const save = async () => {
    const isDone = await action.run(async () => {
      const file = await api.call('exportCertificate', {
        id: certificate.id,
        format,
        ...(holdsKey
          ? { password: allowsPlainKey ? '' : password, confirmsKeyExport, allowsPlainKey, isLegacy }
          : {}),
      });
      download(file.fileName, bytesOfBase64(file.contentBase64), file.mediaType);
      ui.toast('ok', `${file.fileName} was saved to your downloads.`);
    });
    if (isDone) props.onClose();
  };
  return (
    <FormDialog
      title={`Export ${certificate.id}`}
      submit="Save"
      action={action}
      isSubmitDisabled={holdsKey && (!confirmsKeyExport || !isSealed)}
      onSubmit={() => void save()}
      onClose={props.onClose}
    >
      <SelectField label="What" value={format} choices={choices} onChange={setFormat} />
      {holdsKey && (
        <>
          <CheckField
            isChecked={confirmsKeyExport}
            label="Let the private key leave the store"
            help="Whoever has this file can answer in the name of the certificate's host names."
            onChange={setConfirms}
          />
          {!allowsPlainKey && (
            <div className="certificates-columns">
              <TextInput
                label="Password for the file"
                type="password"
                value={password}
                onChange={setPassword}
              />
              <TextInput
                label="The same again"
                type="password"
                value={repeated}
                error={isMismatch ? 'Not the same.' : undefined}
                onChange={setRepeated}
              />
            </div>
          )}
          <CheckField
            isChecked={allowsPlainKey}
            label="Without a password"
            help="Some servers want it so (nginx, haproxy). Keep the file where only they can read it."
            onChange={setAllowsPlain}
          />
          {format === 'pkcs12' && (
            <CheckField
              isChecked={isLegacy}
              label="For old readers (3DES and SHA-1)"
              help="Windows before 2019, macOS Keychain, Java 8. Otherwise AES-256 and SHA-256."
              onChange={setLegacy}
            />
          )}
        </>
      )}
    </FormDialog>
  );
}
