import { Globe, Plus } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { Button } from '../../components/Button';
import { EmptyState } from '../../components/EmptyState';
import { Notice } from '../../components/Notice';
import { useCertificates } from '../CertificatesContext';
import { useLoaded } from '../useLoaded';
import { AccountDialog } from './AccountDialog';
import { AccountRow } from './AccountRow';
import { OrderCard } from './OrderCard';
import { OrderDialog } from './OrderDialog';

/** Certificates from a public CA: accounts, orders and how far they are. */
export function AcmePanel() {
  const { api } = useCertificates();
  const load = useCallback(() => api.call('getAcme', undefined), [api]);
  const { value: state, error, setValue, reload } = useLoaded(load);
  const [dialog, setDialog] = useState<'account' | 'order' | null>(null);
  useEffect(() => api.on('acme.changed', setValue), [api, setValue]);
  if (error !== null) return <Notice tone="danger">{error}</Notice>;
  if (state === null) return <p className="loading">Loading…</p>;
  return (
    <>
      {state.accounts.length === 0 ? (
        <section className="certificates-panel">
          <EmptyState
            icon={<Globe size={28} />}
            title="A certificate that every browser trusts"
            actions={
              <Button variant="primary" onClick={() => setDialog('account')}>
                Add an account
              </Button>
            }
          >
            A public CA such as Let's Encrypt gives one for free when this machine can show that it answers
            for the name. For names like shop.test use the local CA.
          </EmptyState>
        </section>
      ) : (
        <>
          <section className="certificates-panel certificates-section" aria-label="Accounts">
            <header className="certificates-section-head">
              <h2>Accounts</h2>
              <div className="certificates-buttons">
                <Button size="small" onClick={() => setDialog('account')}>
                  Add an account
                </Button>
                <Button
                  size="small"
                  variant="primary"
                  icon={<Plus size={14} aria-hidden />}
                  onClick={() => setDialog('order')}
                >
                  Get a certificate
                </Button>
              </div>
            </header>
            <ul className="certificates-stores">
              {state.accounts.map((account) => (
                <AccountRow key={account.id} account={account} onDeleted={reload} />
              ))}
            </ul>
          </section>
          {state.orders.map((order) => (
            <OrderCard key={order.id} order={order} />
          ))}
        </>
      )}
      {dialog === 'account' && <AccountDialog onClose={() => setDialog(null)} onCreated={reload} />}
      {dialog === 'order' && <OrderDialog state={state} onClose={() => setDialog(null)} onStarted={reload} />}
    </>
  );
}
