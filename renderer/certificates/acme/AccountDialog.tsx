import { useState } from 'react';
import { type AcmeDirectoryInfo, acmeDirectories } from '../../../main/contract/acme';
import { AreaField } from '../../components/AreaField';
import { CheckField } from '../../components/CheckField';
import { Notice } from '../../components/Notice';
import { SelectField } from '../../components/SelectField';
import { TextInput } from '../../components/TextInput';
import { useCertificates } from '../CertificatesContext';
import { FormDialog } from '../FormDialog';
import { useAction } from '../useAction';

type Choice = keyof typeof acmeDirectories | 'custom';

const choices: readonly { readonly value: Choice; readonly label: string }[] = [
  { value: 'letsencrypt-staging', label: acmeDirectories['letsencrypt-staging'].title },
  { value: 'letsencrypt', label: acmeDirectories.letsencrypt.title },
  { value: 'custom', label: 'Another one' },
];

/** Step 1 asks the server for its terms, step 2 agrees to them and makes the account. */
export function AccountDialog(props: { readonly onClose: () => void; readonly onCreated: () => void }) {
  const { api, ui } = useCertificates();
  const action = useAction();
  const [choice, setChoice] = useState<Choice>('letsencrypt-staging');
  const [customUrl, setCustomUrl] = useState('');
  const [ca, setCa] = useState('');
  const [email, setEmail] = useState('');
  const [keyId, setKeyId] = useState('');
  const [hmacKey, setHmacKey] = useState('');
  const [agrees, setAgrees] = useState(false);
  const [directory, setDirectory] = useState<AcmeDirectoryInfo | null>(null);
  const where = {
    url: choice === 'custom' ? customUrl.trim() : acmeDirectories[choice].url,
    ...(choice === 'custom' && ca.trim() !== '' ? { caCertificatePem: ca } : {}),
  };
  const submit = async () => {
    if (directory === null) {
      await action.run(async () => setDirectory(await api.call('getAcmeDirectory', where)));
      return;
    }
    const isDone = await action.run(async () => {
      await api.call('createAcmeAccount', {
        ...where,
        ...(email.trim() === '' ? {} : { email: email.trim() }),
        agreesToTerms: true,
        ...(directory.needsExternalAccount ? { externalAccount: { keyId, hmacKey } } : {}),
      });
      ui.toast('ok', 'The account was made. Now get a certificate.');
      props.onCreated();
    });
    if (isDone) props.onClose();
  };
  const isIncomplete =
    directory === null
      ? where.url === ''
      : !agrees || (directory.needsExternalAccount && (keyId === '' || hmacKey === ''));
  return (
    <FormDialog
      title="Account at a public CA"
      submit={directory === null ? 'Ask the server' : 'Make the account'}
      action={action}
      isSubmitDisabled={isIncomplete}
      onSubmit={() => void submit()}
      onClose={props.onClose}
    >
      {directory === null ? (
        <>
          <SelectField
            label="CA"
            value={choice}
            choices={choices}
            help="Try with staging first: the real one limits how often one may fail."
            onChange={setChoice}
          />
          {choice === 'custom' && (
            <>
              <TextInput
                label="Directory address"
                type="url"
                placeholder="https://acme.example/directory"
                value={customUrl}
                onChange={setCustomUrl}
              />
              <AreaField
                label="CA certificate of that server, if it is no public one"
                placeholder="-----BEGIN CERTIFICATE-----"
                value={ca}
                onChange={setCa}
              />
            </>
          )}
        </>
      ) : (
        <>
          <TextInput
            label="E-mail address"
            type="email"
            value={email}
            help="Optional. Some CAs write before a certificate ends."
            onChange={setEmail}
          />
          {directory.needsExternalAccount && (
            <>
              <Notice tone="info">This CA wants the key of an account that you have with it.</Notice>
              <TextInput label="Key id" value={keyId} onChange={setKeyId} />
              <TextInput label="HMAC key" type="password" value={hmacKey} onChange={setHmacKey} />
            </>
          )}
          <CheckField
            isChecked={agrees}
            label="I agree to the CA's terms of service"
            help={directory.termsOfService ?? 'The server names none.'}
            onChange={setAgrees}
          />
        </>
      )}
    </FormDialog>
  );
}
