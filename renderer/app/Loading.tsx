import { useStore } from 'zustand';
import { Button } from '../components/Button';
import { EmptyState } from '../components/EmptyState';
import type { ConfigStore } from '../stores/configStore';

export function Loading({ config }: { readonly config: ConfigStore }) {
  const error = useStore(config, (state) => state.loadError);
  if (error === null) return <p className="loading">Loading the workspace…</p>;
  return (
    <EmptyState
      title="The workspace could not be loaded"
      actions={<Button onClick={() => void config.load()}>Try again</Button>}
    >
      {error}
    </EmptyState>
  );
}
