import { useState } from 'react';
import type { TrustStep, TrustStoreStatus } from '../../../main/contract/trustStore';
import { Button } from '../../components/Button';
import { CommandLine } from '../../components/CommandLine';
import { Dialog } from '../../components/Dialog';
import { Notice } from '../../components/Notice';
import { useCertificates } from '../CertificatesContext';
import { useAction } from '../useAction';

/** Shows exactly what would run, runs it after a yes, and shows what came of it. */
export function TrustDialog(props: {
  readonly store: TrustStoreStatus;
  readonly action: 'install' | 'remove';
  readonly onClose: () => void;
  readonly onChanged: (store: TrustStoreStatus) => void;
}) {
  const { api } = useCertificates();
  const { store } = props;
  const { run, isBusy, error } = useAction();
  const [steps, setSteps] = useState<readonly TrustStep[] | null>(null);
  const isInstall = props.action === 'install';
  const commands = isInstall ? store.installCommands : store.removeCommands;
  const needsAdministrator = commands.some((command) => command.needsAdministrator);
  const change = () =>
    void run(async () => {
      const result = await api.call('changeTrust', {
        store: store.id,
        action: props.action,
        agreedCommands: commands.map(({ text }) => text),
      });
      setSteps(result.steps);
      props.onChanged(result.status);
    });
  const hasFailed = steps?.some(({ exitCode }) => exitCode !== 0) === true;
  return (
    <Dialog
      title={isInstall ? `Trust the local CA in ${store.title}` : `Remove the local CA from ${store.title}`}
      isOpen
      width="wide"
      onClose={props.onClose}
      actions={
        steps !== null ? (
          <Button variant="primary" onClick={props.onClose}>
            Close
          </Button>
        ) : (
          <>
            <Button onClick={props.onClose}>Cancel</Button>
            {store.isAutomatic && (
              <Button variant="primary" isBusy={isBusy} onClick={change}>
                {isBusy ? 'Running…' : 'Run these commands'}
              </Button>
            )}
          </>
        )
      }
    >
      {steps === null && (
        <>
          <p>
            {isInstall
              ? `${store.usedBy} will accept every certificate that this CA signs.`
              : `${store.usedBy} will refuse its certificates again.`}{' '}
            {store.isAutomatic ? 'Exactly this runs:' : 'Run this in a terminal yourself:'}
          </p>
          {commands.map(({ text }) => (
            <CommandLine key={text} command={text} label="Command" />
          ))}
          {needsAdministrator && (
            <Notice tone="info">
              An administrator's rights are needed; the system may ask for a password.
            </Notice>
          )}
          {!store.isTested && (
            <Notice tone="warning">Hopscope's own tests could not run this on such a system.</Notice>
          )}
        </>
      )}
      {error !== null && (
        <Notice tone="danger" isLive>
          {error}
        </Notice>
      )}
      {steps !== null && (
        <>
          <Notice tone={hasFailed ? 'danger' : 'ok'} isLive>
            {hasFailed
              ? 'Not everything went well.'
              : isInstall
                ? 'It is trusted there now.'
                : 'It is gone from there.'}
          </Notice>
          {steps.map((step) => (
            <section key={step.command} className="certificates-step" aria-label={step.command}>
              <code>{step.command}</code>
              <p className="field-help">
                {step.exitCode === null
                  ? 'did not run'
                  : step.exitCode === 0
                    ? 'done'
                    : `ended with ${step.exitCode}`}
              </p>
              {step.output.trim() !== '' && <pre className="certificates-output">{step.output}</pre>}
            </section>
          ))}
        </>
      )}
    </Dialog>
  );
}
