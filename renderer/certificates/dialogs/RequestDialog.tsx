import { useState } from 'react';
import type { CertificateKeyType } from '../../../main/contract/certificate';
import { download } from '../../components/download';
import { Section } from '../../components/Section';
import { TextInput } from '../../components/TextInput';
import { useCertificates } from '../CertificatesContext';
import { FormDialog } from '../FormDialog';
import { KeyTypeField, NamesField } from '../formFields';
import { useAction } from '../useAction';

const subjectFields = [
  { name: 'organization', label: 'Organisation' },
  { name: 'organizationalUnit', label: 'Unit' },
  { name: 'locality', label: 'City' },
  { name: 'state', label: 'State or province' },
  { name: 'country', label: 'Country (two letters)' },
] as const;

/** A CSR for another CA: the key is made here and stays here. */
export function RequestDialog({ onClose }: { readonly onClose: () => void }) {
  const { api, certificates, ui } = useCertificates();
  const action = useAction();
  const [names, setNames] = useState<string[]>([]);
  const [keyType, setKeyType] = useState<CertificateKeyType>('ecdsa-p256');
  const [subject, setSubject] = useState<Readonly<Record<string, string>>>({});
  const [nameError, setNameError] = useState<string>();

  const create = async () => {
    if (names.length === 0) return setNameError('Type at least one name, for example shop.example.');
    const isDone = await action.run(async () => {
      const given = Object.entries(subject).filter(([, value]) => value.trim() !== '');
      const request = await api.call('createCertificateRequest', {
        names,
        keyType,
        ...Object.fromEntries(given),
      });
      await certificates.load();
      download(`${request.id}.csr`, request.csrPem, 'application/pkcs10');
      ui.toast('ok', `${request.id}.csr was saved. Give it to your CA; its answer goes in under “Requests”.`);
    });
    if (isDone) onClose();
  };
  return (
    <FormDialog
      title="Ask another CA (CSR)"
      submit="Create and save"
      action={action}
      onSubmit={() => void create()}
      onClose={onClose}
    >
      <NamesField
        values={names}
        error={nameError}
        help="The key is made here and stays here; only the request leaves."
        onChange={(values) => {
          setNames(values);
          setNameError(undefined);
        }}
      />
      <KeyTypeField value={keyType} onChange={setKeyType} />
      <Section title="Subject" summary="what some CAs ask for">
        <div className="certificates-columns">
          {subjectFields.map(({ name, label }) => (
            <TextInput
              key={name}
              label={label}
              value={subject[name] ?? ''}
              onChange={(value) => setSubject({ ...subject, [name]: value })}
            />
          ))}
        </div>
      </Section>
    </FormDialog>
  );
}
