import { CircleCheck, CircleDashed, CircleX, LoaderCircle } from 'lucide-react';
import type { AcmeOrder, AcmeStep } from '../../../main/contract/acme';
import { Badge } from '../../components/Badge';
import { Button } from '../../components/Button';
import { CopyButton } from '../../components/CopyButton';
import { Notice } from '../../components/Notice';
import { useCertificates } from '../CertificatesContext';
import { useAction } from '../useAction';
import { momentOf } from '../words';

const orderStates = {
  running: { tone: 'info', text: 'running' },
  needsRecords: { tone: 'warning', text: 'waits for you' },
  done: { tone: 'ok', text: 'done' },
  failed: { tone: 'danger', text: 'failed' },
  cancelled: { tone: 'neutral', text: 'cancelled' },
  retrying: { tone: 'warning', text: 'tries again later' },
} as const;

const stepIcons = {
  waiting: CircleDashed,
  running: LoaderCircle,
  done: CircleCheck,
  failed: CircleX,
} as const;

const stepNames: Readonly<Record<AcmeStep['name'], string>> = {
  account: 'Account',
  order: 'Order',
  challenge: 'Proof made ready',
  validation: 'The CA looks',
  finalize: 'Request signed',
  download: 'Certificate fetched',
  install: 'Put to use',
};

/** An order and its steps, as they happen. */
export function OrderCard({ order }: { readonly order: AcmeOrder }) {
  const { api } = useCertificates();
  const action = useAction();
  const state = orderStates[order.state];
  const isOpen = order.state === 'running' || order.state === 'needsRecords' || order.state === 'retrying';
  const cancel = () =>
    void action.run(async () => void (await api.call('cancelAcmeOrder', { order: order.id })));
  const goOn = () =>
    void action.run(async () => void (await api.call('continueAcmeOrder', { order: order.id })));
  return (
    <section
      className="certificates-panel certificates-section"
      aria-label={`Order for ${order.names.join(', ')}`}
    >
      <header className="certificates-section-head">
        <h2>
          {order.names.join(', ')} <Badge tone={state.tone}>{state.text}</Badge>
        </h2>
        <Button size="small" isBusy={action.isBusy} onClick={cancel}>
          {isOpen ? 'Cancel' : 'Take off the list'}
        </Button>
      </header>
      <p className="field-help">
        {order.isRenewal ? 'Renewal of' : 'Becomes'} <code>{order.certificate}</code> · {order.challenge} ·
        since {momentOf(order.startedAt)}
      </p>
      <ol className="certificates-steps" aria-live="polite">
        {order.steps.map((step) => (
          <Step key={`${step.name} ${step.hostname ?? ''}`} step={step} />
        ))}
      </ol>
      {order.state === 'needsRecords' && (
        <div className="certificates-detail-body">
          <p>Set these records where the DNS of the name is kept, then continue:</p>
          {order.records.map((record) => (
            <dl key={record.value} className="certificates-facts certificates-record">
              <dt>Name</dt>
              <dd>
                <code>{record.name}</code> <CopyButton text={record.name} label="Copy name" isIconOnly />
              </dd>
              <dt>{record.type}</dt>
              <dd>
                <code>{record.value}</code> <CopyButton text={record.value} label="Copy value" isIconOnly />
              </dd>
              <dt>Seen</dt>
              <dd>{record.isVisible === null ? 'not asked yet' : record.isVisible ? 'yes' : 'not yet'}</dd>
            </dl>
          ))}
          <div>
            <Button variant="primary" isBusy={action.isBusy} onClick={goOn}>
              The records are set: continue
            </Button>
          </div>
        </div>
      )}
      {order.problem !== null && (
        <Notice tone={order.state === 'failed' ? 'danger' : 'warning'}>
          {order.problem}
          {order.nextAttemptAt !== null && ` Next attempt: ${momentOf(order.nextAttemptAt)}.`}
        </Notice>
      )}
      {action.error !== null && <Notice tone="danger">{action.error}</Notice>}
    </section>
  );
}

function Step({ step }: { readonly step: AcmeStep }) {
  const Icon = stepIcons[step.state];
  return (
    <li className={`certificates-progress certificates-progress-${step.state}`}>
      <Icon size={15} aria-hidden />
      <span>
        <strong>
          {stepNames[step.name]}
          {step.hostname !== null && ` · ${step.hostname}`}
        </strong>
        <span className="visually-hidden"> ({step.state})</span>
        {step.detail !== '' && <span className="field-help">{step.detail}</span>}
      </span>
    </li>
  );
}
