import { Unplug } from 'lucide-react';
import { useStore } from 'zustand';
import type { ConnectionStore } from '../stores/connectionStore';

/** Says that the line to the engine is down. It lies over the page, so nothing below it jumps. */
export function ConnectionBanner({ connection }: { readonly connection: ConnectionStore }) {
  const state = useStore(connection, (value) => value.connection);
  return (
    <div role="status" className="connection-banner-place">
      {state === 'lost' && (
        <div className="connection-banner">
          <Unplug size={16} aria-hidden />
          <span>
            <strong>Connection to Hopscope lost.</strong> Trying again… If Hopscope was stopped, start it and
            open the address that it prints. Your draft is kept.
          </span>
        </div>
      )}
    </div>
  );
}
