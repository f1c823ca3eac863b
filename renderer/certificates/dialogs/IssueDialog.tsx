import { useState } from 'react';
import { useStore } from 'zustand';
import { type CertificateKeyType, maxLeafDays } from '../../../main/contract/certificate';
import { CheckField } from '../../components/CheckField';
import { TextInput } from '../../components/TextInput';
import { useCertificates } from '../CertificatesContext';
import { serveCertificate, tlsListeners } from '../certificateUse';
import { FormDialog } from '../FormDialog';
import { KeyTypeField, NamesField } from '../formFields';
import { useAction } from '../useAction';

/** A certificate from the local CA; listeners that are ticked serve it once the draft is applied. */
export function IssueDialog(props: {
  readonly names: readonly string[];
  readonly listeners: readonly string[];
  readonly onClose: () => void;
  readonly onIssued: (id: string) => void;
}) {
  const { certificates, config, ui } = useCertificates();
  const document = useStore(config, (state) => state.draft.document);
  const hasCa = useStore(certificates, (state) => state.info?.ca !== null);
  const action = useAction();
  const [names, setNames] = useState([...props.names]);
  const [listeners, setListeners] = useState<readonly string[]>(props.listeners);
  const [days, setDays] = useState(String(maxLeafDays));
  const [keyType, setKeyType] = useState<CertificateKeyType>('ecdsa-p256');
  const [renewsAutomatically, setRenews] = useState(true);
  const [nameError, setNameError] = useState<string>();
  const lifetime = Number(days);
  const isLifetimeRight = Number.isInteger(lifetime) && lifetime >= 1 && lifetime <= maxLeafDays;

  const issue = async () => {
    if (names.length === 0) return setNameError('Type at least one name, for example shop.test.');
    const isDone = await action.run(async () => {
      const issued = await certificates.issue({ names, days: lifetime, keyType, renewsAutomatically });
      for (const listener of listeners) config.edit(serveCertificate(document, listener, issued.id));
      const rest = listeners.length === 0 ? '' : ` Apply the change to serve it on ${listeners.join(', ')}.`;
      ui.toast('ok', `Certificate ${issued.id} was issued for ${names.join(', ')}.${rest}`);
      props.onIssued(issued.id);
    });
    if (isDone) props.onClose();
  };
  return (
    <FormDialog
      title="Issue a certificate"
      submit="Issue"
      action={action}
      isSubmitDisabled={!isLifetimeRight}
      onSubmit={() => void issue()}
      onClose={props.onClose}
    >
      <NamesField
        values={names}
        error={nameError}
        help={`Enter, comma or space after each. *.shop.test stands for one label only. Signed by the local CA${hasCa ? '.' : ', which is made first.'}`}
        onChange={(values) => {
          setNames(values);
          setNameError(undefined);
        }}
      />
      <ListenerChoice listeners={tlsListeners(document)} chosen={listeners} onChange={setListeners} />
      <div className="certificates-columns">
        <KeyTypeField value={keyType} onChange={setKeyType} />
        <TextInput
          label="Lifetime"
          unit="days"
          type="number"
          value={days}
          error={isLifetimeRight ? undefined : `Between 1 and ${maxLeafDays}: browsers refuse more.`}
          onChange={setDays}
        />
      </div>
      <CheckField
        isChecked={renewsAutomatically}
        label="Renew it automatically before it ends"
        help="Running listeners switch to the new one without dropping a connection."
        onChange={setRenews}
      />
    </FormDialog>
  );
}

export function ListenerChoice(props: {
  readonly listeners: readonly string[];
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}) {
  if (props.listeners.length === 0) return null;
  return (
    <fieldset className="certificates-choices">
      <legend className="field-label">Serve it on</legend>
      {props.listeners.map((id) => {
        const isChecked = props.chosen.includes(id);
        return (
          <CheckField
            key={id}
            isChecked={isChecked}
            label={<code>{id}</code>}
            onChange={() =>
              props.onChange(isChecked ? props.chosen.filter((item) => item !== id) : [...props.chosen, id])
            }
          />
        );
      })}
    </fieldset>
  );
}
