import { useStore } from 'zustand';
import { Button } from '../components/Button';
import { Notice } from '../components/Notice';
import { useCertificates } from './CertificatesContext';

/** What was chosen here is served only once the draft is applied, and that is done on another screen. */
export function DraftNotice() {
  const { config, ui } = useCertificates();
  const isPending = useStore(config, (state) => state.isPending);
  if (!isPending) return null;
  return (
    <Notice
      tone="info"
      actions={
        <Button size="small" onClick={() => ui.show('routes')}>
          Go there to apply
        </Button>
      }
    >
      The workspace has changes that do not run yet: on Routes they wait for “Apply”.
    </Notice>
  );
}
