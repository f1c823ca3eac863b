import { Lock, LockOpen } from 'lucide-react';
import { useState } from 'react';
import type { KeyStoreState } from '../../main/contract/certificate';
import { Button } from '../components/Button';
import { Notice } from '../components/Notice';
import { TextInput } from '../components/TextInput';
import { useCertificates } from './CertificatesContext';
import { FormDialog } from './FormDialog';
import { useAction } from './useAction';

/** How the private keys rest on disk, and the passphrase where a person chose one. */
export function KeyStorePanel({ keyStore }: { readonly keyStore: KeyStoreState }) {
  const [isChanging, setChanging] = useState(false);
  return (
    <section className="certificates-panel certificates-ca" aria-label="Protection of the private keys">
      <Lock size={22} aria-hidden />
      <div className="certificates-ca-text">
        <h2>Private keys</h2>
        <p>{keyStore.description}</p>
      </div>
      {keyStore.canChange && !keyStore.isLocked && (
        <Button onClick={() => setChanging(true)}>
          {keyStore.protection === 'passphrase' ? 'Change…' : 'Set a passphrase…'}
        </Button>
      )}
      {isChanging && (
        <ProtectDialog
          hasPassphrase={keyStore.protection === 'passphrase'}
          onClose={() => setChanging(false)}
        />
      )}
    </section>
  );
}

/** Shown instead of everything that needs a key. */
export function UnlockNotice() {
  const { api, certificates } = useCertificates();
  const action = useAction();
  const [passphrase, setPassphrase] = useState('');
  const unlock = () =>
    void action.run(async () => {
      await api.call('unlockKeyStore', { passphrase });
      setPassphrase('');
      await certificates.load();
    });
  return (
    <form
      className="certificates-panel certificates-section"
      aria-label="Unlock the private keys"
      onSubmit={(event) => {
        event.preventDefault();
        unlock();
      }}
    >
      <h2>The private keys are locked</h2>
      <p className="field-help">Nothing can be issued, renewed or served before the passphrase is given.</p>
      <TextInput label="Passphrase" type="password" value={passphrase} onChange={setPassphrase} />
      {action.error !== null && (
        <Notice tone="danger" isLive>
          {action.error}
        </Notice>
      )}
      <div>
        <Button
          type="submit"
          variant="primary"
          icon={<LockOpen size={15} aria-hidden />}
          isBusy={action.isBusy}
          disabled={passphrase === ''}
        >
          Unlock
        </Button>
      </div>
    </form>
  );
}

function ProtectDialog(props: { readonly hasPassphrase: boolean; readonly onClose: () => void }) {
  const { api, certificates, ui } = useCertificates();
  const action = useAction();
  const [passphrase, setPassphrase] = useState('');
  const [repeated, setRepeated] = useState('');
  const isMismatch = repeated !== '' && repeated !== passphrase;
  const protect = async (input: Parameters<typeof api.call<'protectKeyStore'>>[1], done: string) => {
    const isDone = await action.run(async () => {
      await api.call('protectKeyStore', input);
      await certificates.load();
      ui.toast('ok', done);
    });
    if (isDone) props.onClose();
  };
  return (
    <FormDialog
      title="Passphrase for the private keys"
      submit="Seal the keys with it"
      action={action}
      isSubmitDisabled={passphrase.length < 8 || passphrase !== repeated}
      onSubmit={() =>
        void protect({ protection: 'passphrase', passphrase }, 'The keys are sealed with the passphrase.')
      }
      onClose={props.onClose}
    >
      <p>Hopscope asks for it at each start. If it is lost, the keys are lost: there is no way around it.</p>
      <TextInput
        label="Passphrase"
        type="password"
        value={passphrase}
        help="At least 8 characters."
        onChange={setPassphrase}
      />
      <TextInput
        label="The same again"
        type="password"
        value={repeated}
        error={isMismatch ? 'Not the same.' : undefined}
        onChange={setRepeated}
      />
      {props.hasPassphrase && (
        <div>
          <Button
            isBusy={action.isBusy}
            onClick={() =>
              void protect({ protection: 'keyFile' }, 'The keys are sealed with a key file of your user.')
            }
          >
            Use a key file instead
          </Button>
        </div>
      )}
    </FormDialog>
  );
}
