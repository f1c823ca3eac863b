import { useStore } from 'zustand';
import { Button } from '../components/Button';
import { Notice } from '../components/Notice';
import type { ConnectionStore } from '../stores/connectionStore';
import type { UiStore } from '../stores/uiStore';

/** The one plain sentence that the app has to say, e.g. why it runs in the browser. Closed once, it stays closed. */
export function AppNotice(props: { readonly connection: ConnectionStore; readonly ui: UiStore }) {
  const notice = useStore(props.connection, (state) => state.appInfo?.notice ?? null);
  const seen = useStore(props.ui, (state) => state.seenNotice);
  if (notice === null || notice === seen) return null;
  return (
    <aside className="app-notice" aria-label="Notice">
      <Notice
        tone="info"
        actions={
          <Button size="small" onClick={() => props.ui.closeNotice(notice)}>
            OK
          </Button>
        }
      >
        {notice}
      </Notice>
    </aside>
  );
}
