import { Pause, Play, Search, Trash2, TriangleAlert } from 'lucide-react';
import { useStore } from 'zustand';
import { Badge } from '../components/Badge';
import { Button, IconButton } from '../components/Button';
import { counted } from '../stores/flowFormat';
import type { FlowStore } from '../stores/flowStore';

export function FlowToolbar({ flowStore }: { readonly flowStore: FlowStore }) {
  const filter = useStore(flowStore, (state) => state.filter);
  const shownCount = useStore(flowStore, (state) => state.visible.length);
  const count = useStore(flowStore, (state) => state.flows.length);
  const isPaused = useStore(flowStore, (state) => state.isPaused);
  const isFollowing = useStore(flowStore, (state) => state.isFollowing);
  const lostEvents = useStore(flowStore, (state) => state.lostEvents);
  const { setFilter, setPaused, setFollowing, clear } = flowStore.getState();
  return (
    <div className="flows-toolbar" role="toolbar" aria-label="Flow list">
      <label className="flows-filter">
        <Search size={14} aria-hidden />
        <span className="visually-hidden">Filter flows</span>
        <input
          className="input"
          type="search"
          placeholder="Filter: path, host, status, route, endpoint…"
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
        />
      </label>
      <span className="flows-count" role="status">
        {filter.trim() === ''
          ? counted(count, 'flow')
          : `${shownCount.toLocaleString('en')} of ${counted(count, 'flow')}`}
      </span>
      {lostEvents > 0 && (
        <Badge tone="warning" icon={<TriangleAlert size={12} aria-hidden />}>
          {counted(lostEvents, 'event')} lost
        </Badge>
      )}
      <span className="flows-toolbar-space" />
      <label className="switch">
        <input
          type="checkbox"
          role="switch"
          aria-checked={isFollowing}
          checked={isFollowing}
          onChange={(event) => setFollowing(event.target.checked)}
        />
        Follow newest
      </label>
      <Button
        size="small"
        icon={isPaused ? <Play size={14} aria-hidden /> : <Pause size={14} aria-hidden />}
        aria-pressed={isPaused}
        onClick={() => setPaused(!isPaused)}
      >
        {isPaused ? 'Resume' : 'Pause'}
      </Button>
      <IconButton
        label="Clear the list"
        size="small"
        icon={<Trash2 size={14} aria-hidden />}
        disabled={count === 0}
        onClick={clear}
      />
    </div>
  );
}
