import { useState } from 'react';
import type { AcmeState } from '../../../main/contract/acme';
import type { AcmeChallengeType, CertificateKeyType } from '../../../main/contract/certificate';
import { CheckField } from '../../components/CheckField';
import { Notice } from '../../components/Notice';
import { SelectField } from '../../components/SelectField';
import { TextInput } from '../../components/TextInput';
import { useCertificates } from '../CertificatesContext';
import { FormDialog } from '../FormDialog';
import { KeyTypeField, NamesField } from '../formFields';
import { useAction } from '../useAction';
import { answeringWords, challengeChoices } from './challengeWords';

/** Orders a certificate; the steps are shown behind the dialog. */
export function OrderDialog(props: {
  readonly state: AcmeState;
  readonly onClose: () => void;
  readonly onStarted: () => void;
}) {
  const { api } = useCertificates();
  const { accounts } = props.state;
  const action = useAction();
  const [account, setAccount] = useState(accounts[0]?.id ?? '');
  const [names, setNames] = useState<string[]>([]);
  const [challenge, setChallenge] = useState<AcmeChallengeType>('http-01');
  const [keyType, setKeyType] = useState<CertificateKeyType>('ecdsa-p256');
  const [opensPort, setOpensPort] = useState(false);
  const [port, setPort] = useState('80');
  const [nameError, setNameError] = useState<string>();
  const hasWildcard = names.some((name) => name.startsWith('*.'));
  const needed: AcmeChallengeType = hasWildcard ? 'dns-01' : challenge;
  const answering = answeringWords(props.state, needed);
  const portNumber = Number(port);
  const isPortRight = Number.isInteger(portNumber) && portNumber >= 1 && portNumber <= 65_535;

  const start = async () => {
    if (names.length === 0) return setNameError('Type at least one public name.');
    const isDone = await action.run(async () => {
      await api.call('startAcmeOrder', {
        account,
        names,
        challenge: needed,
        keyType,
        ...(opensPort && needed !== 'dns-01' ? { temporaryListener: { port: portNumber } } : {}),
      });
      props.onStarted();
    });
    if (isDone) props.onClose();
  };
  return (
    <FormDialog
      title="Get a certificate from a public CA"
      submit="Order it"
      action={action}
      isSubmitDisabled={opensPort && !isPortRight}
      onSubmit={() => void start()}
      onClose={props.onClose}
    >
      <SelectField
        label="Account"
        value={account}
        choices={accounts.map((item) => ({ value: item.id, label: item.directoryTitle }))}
        onChange={setAccount}
      />
      <NamesField
        label="Host names"
        values={names}
        error={nameError}
        placeholder="shop.example"
        help="Names that the public DNS knows and that lead to this machine."
        onChange={(values) => {
          setNames(values);
          setNameError(undefined);
        }}
      />
      <SelectField
        label="Proof"
        value={needed}
        choices={hasWildcard ? challengeChoices.filter(({ value }) => value === 'dns-01') : challengeChoices}
        help={hasWildcard ? 'A wildcard can be proved by DNS only.' : answering.help}
        onChange={(value) => {
          setChallenge(value);
          setPort(value === 'tls-alpn-01' ? '443' : '80');
        }}
      />
      {answering.warning !== null && <Notice tone="warning">{answering.warning}</Notice>}
      {needed !== 'dns-01' && (
        <CheckField
          isChecked={opensPort}
          label="Open a port for the proof while the order runs"
          help="On all addresses of this machine; it answers nothing but the proof and closes after it."
          onChange={setOpensPort}
        />
      )}
      {opensPort && needed !== 'dns-01' && (
        <TextInput
          label="Port"
          type="number"
          value={port}
          error={isPortRight ? undefined : 'Between 1 and 65535.'}
          onChange={setPort}
        />
      )}
      <KeyTypeField value={keyType} onChange={setKeyType} />
    </FormDialog>
  );
}
