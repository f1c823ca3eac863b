import { useState } from 'react';
import type { CertificateKeyType } from '../../../main/contract/certificate';
import { CheckField } from '../../components/CheckField';
import { Notice } from '../../components/Notice';
import { TextInput } from '../../components/TextInput';
import { useCertificates } from '../CertificatesContext';
import { FormDialog } from '../FormDialog';
import { KeyTypeField, NamesField } from '../formFields';
import { useAction } from '../useAction';

/** A CA of one's own. The proposals are right for most; name constraints keep a stolen key from signing for the rest of the world. */
export function CreateCaDialog({ onClose }: { readonly onClose: () => void }) {
  const { api, certificates, ui } = useCertificates();
  const action = useAction();
  const [commonName, setCommonName] = useState('Hopscope local CA');
  const [keyType, setKeyType] = useState<CertificateKeyType>('ecdsa-p256');
  const [years, setYears] = useState('10');
  const [isConstrained, setConstrained] = useState(false);
  const [names, setNames] = useState<string[]>(['test', 'localhost']);
  const [addresses, setAddresses] = useState<string[]>(['127.0.0.0/8', '::1/128']);
  const lifetime = Number(years);
  const isLifetimeRight = Number.isInteger(lifetime) && lifetime >= 1 && lifetime <= 30;

  const create = async () => {
    const isDone = await action.run(async () => {
      await api.call('createCa', {
        commonName,
        keyType,
        years: lifetime,
        permittedNames: isConstrained ? names : [],
        permittedAddresses: isConstrained ? addresses : [],
      });
      await certificates.load();
      ui.toast('ok', 'The local CA was created. Next: let this machine trust it.');
    });
    if (isDone) onClose();
  };
  return (
    <FormDialog
      title="Create the local CA"
      submit="Create"
      action={action}
      isSubmitDisabled={!isLifetimeRight || commonName.trim() === ''}
      onSubmit={() => void create()}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        value={commonName}
        help="Shown by browsers and trust stores."
        onChange={setCommonName}
      />
      <div className="certificates-columns">
        <KeyTypeField value={keyType} onChange={setKeyType} />
        <TextInput
          label="Lifetime"
          unit="years"
          type="number"
          value={years}
          error={isLifetimeRight ? undefined : 'Between 1 and 30.'}
          onChange={setYears}
        />
      </div>
      <CheckField
        isChecked={isConstrained}
        label="Let it sign for certain names only (name constraints)"
        help="Safer: whoever gets hold of its key cannot make certificates for other sites."
        onChange={setConstrained}
      />
      {isConstrained && (
        <>
          <NamesField
            label="Permitted host names"
            values={names}
            help="A name permits itself and everything under it: “test” stands for all of *.test."
            placeholder="test"
            onChange={setNames}
          />
          <NamesField
            label="Permitted addresses"
            values={addresses}
            help="As CIDR ranges. None = no certificate for an address."
            placeholder="127.0.0.0/8"
            onChange={setAddresses}
          />
        </>
      )}
      {keyType.startsWith('rsa') && (
        <Notice tone="info">An RSA key takes up to a few seconds. Traffic goes on meanwhile.</Notice>
      )}
    </FormDialog>
  );
}
