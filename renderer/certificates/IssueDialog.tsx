import { type FormEvent, useId, useState } from 'react';
import { Button } from '../components/Button';
import { Dialog } from '../components/Dialog';
import { Field } from '../components/Field';
import type { CertificateStore } from '../stores/certificateStore';
import type { UiStore } from '../stores/uiStore';
import { readNames } from './certificateUse';

export function IssueDialog(props: {
  readonly isOpen: boolean;
  readonly certificates: CertificateStore;
  readonly ui: UiStore;
  readonly onClose: () => void;
}) {
  const formId = useId();
  const [names, setNames] = useState('');
  const [error, setError] = useState<string | undefined>();
  const [isBusy, setBusy] = useState(false);
  const close = () => {
    setNames('');
    setError(undefined);
    props.onClose();
  };
  const issue = async () => {
    const wanted = readNames(names);
    if (wanted.length === 0) {
      setError('Type at least one name.');
      return;
    }
    setBusy(true);
    try {
      const issued = await props.certificates.issue({ names: wanted });
      props.ui.toast('ok', `Certificate ${issued.id} was issued for ${wanted.join(', ')}.`);
      close();
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : String(failure));
    } finally {
      setBusy(false);
    }
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void issue();
  };
  return (
    <Dialog
      title="Issue a certificate"
      isOpen={props.isOpen}
      onClose={close}
      actions={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" form={formId} variant="primary" isBusy={isBusy}>
            Issue
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={onSubmit} noValidate>
        <Field
          label="Host names and IP addresses"
          help="Separate them by spaces or commas; wildcards such as *.shop.test work. Signed by the local CA, which is made if there is none."
          error={error}
        >
          {(control) => (
            <input
              {...control}
              className="input"
              autoCapitalize="none"
              autoComplete="off"
              spellCheck={false}
              placeholder="shop.test, *.shop.test"
              value={names}
              onChange={(event) => setNames(event.target.value)}
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
