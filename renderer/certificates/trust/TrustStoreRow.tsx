import { CircleAlert, CircleCheck, CircleDashed, CircleHelp } from 'lucide-react';
import { useState } from 'react';
import type { TrustStoreStatus } from '../../../main/contract/trustStore';
import { Badge } from '../../components/Badge';
import { Button } from '../../components/Button';
import { TrustDialog } from './TrustDialog';

const states = {
  trusted: { tone: 'ok', icon: CircleCheck, text: 'trusted' },
  notTrusted: { tone: 'neutral', icon: CircleDashed, text: 'not trusted' },
  otherCa: { tone: 'warning', icon: CircleAlert, text: 'trusts an older CA of this name' },
  unavailable: { tone: 'neutral', icon: CircleHelp, text: 'cannot tell' },
} as const;

/** One trust store: who looks there, how it stands, and the way in and out. */
export function TrustStoreRow(props: {
  readonly store: TrustStoreStatus;
  readonly hasCa: boolean;
  readonly onChanged: (store: TrustStoreStatus) => void;
}) {
  const { store } = props;
  const [action, setAction] = useState<'install' | 'remove' | null>(null);
  const state = states[store.status];
  const Icon = state.icon;
  const canInstall = props.hasCa && store.status !== 'trusted' && store.installCommands.length > 0;
  const canRemove =
    store.removeCommands.length > 0 && (store.status === 'trusted' || store.status === 'otherCa');
  return (
    <li className="certificates-store">
      <div className="certificates-store-text">
        <strong>{store.title}</strong>
        <span className="field-help">{store.usedBy}</span>
        {store.detail !== null && <span className="field-help">{store.detail}</span>}
      </div>
      <Badge tone={state.tone} icon={<Icon size={12} aria-hidden />}>
        {state.text}
      </Badge>
      {canInstall && (
        <Button size="small" aria-label={`Trust in ${store.title}`} onClick={() => setAction('install')}>
          Trust…
        </Button>
      )}
      {canRemove && (
        <Button size="small" aria-label={`Remove from ${store.title}`} onClick={() => setAction('remove')}>
          Remove…
        </Button>
      )}
      {action !== null && (
        <TrustDialog
          store={store}
          action={action}
          onClose={() => setAction(null)}
          onChanged={props.onChanged}
        />
      )}
    </li>
  );
}
