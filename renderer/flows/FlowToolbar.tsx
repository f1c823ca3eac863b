import {
  Columns2,
  Eye,
  FolderOpen,
  Pause,
  Play,
  Rows2,
  Send,
  Split,
  Trash2,
  TriangleAlert,
} from 'lucide-react';
import { useContext } from 'react';
import { useStore } from 'zustand';
import type { HopscopeApi } from '../../main/contract/api';
import { Badge } from '../components/Badge';
import { Button, IconButton } from '../components/Button';
import type { ComposerStore } from '../composer/composerStore';
import { counted } from '../stores/flowFormat';
import type { FlowStore } from '../stores/flowState';
import type { FlowsViewStore } from '../stores/flowsViewStore';
import { FilterInput } from './FilterInput';
import { IsViewer } from './isViewer';
import { TakeAwayMenu } from './TakeAwayMenu';

export interface CaptureWords {
  readonly words: string;
  /** Left out in a narrow window. */
  readonly detail: string;
}

export function FlowToolbar(props: {
  readonly api: HopscopeApi;
  readonly flowStore: FlowStore;
  readonly view: FlowsViewStore;
  readonly composer: ComposerStore;
  /** What is captured beyond the usual; null = nothing. */
  readonly capture: CaptureWords | null;
  readonly onOpenFile: () => void;
}) {
  const { flowStore, view, composer } = props;
  const isComposing = useStore(composer, (state) => state.isOpen);
  const isPaused = useStore(flowStore, (state) => state.isPaused);
  const isFollowing = useStore(flowStore, (state) => state.isFollowing);
  const isEmpty = useStore(flowStore, (state) => state.flows.length === 0);
  const showsNone = useStore(flowStore, (state) => state.visible.length === 0);
  const layout = useStore(view, (state) => state.layout);
  const isViewer = useContext(IsViewer);
  const isLive = useStore(flowStore, (state) => state.isLive);
  const { setPaused, setFollowing, clear } = flowStore.getState();
  return (
    <div className="flows-toolbar" role="toolbar" aria-label="Flow list">
      {!isViewer && (
        <>
          <Button
            size="small"
            icon={<Send size={14} aria-hidden />}
            aria-pressed={isComposing}
            aria-label="Send a request"
            title="Send a request (N)"
            onClick={() => (isComposing ? composer.close() : composer.open())}
          >
            Send<span className="flows-toolbar-detail"> a request</span>
          </Button>
          {isLive && <SendBothButton composer={composer} />}
        </>
      )}
      <FilterInput flowStore={flowStore} view={view} />
      <FlowCount flowStore={flowStore} />
      {props.capture !== null && (
        <Badge tone="danger" icon={<Eye size={12} aria-hidden />}>
          {props.capture.words}
          <span className="flows-toolbar-detail">{props.capture.detail}</span>
        </Badge>
      )}
      <span className="flows-toolbar-space" />
      {isLive && (
        <>
          <label className="switch">
            <input
              type="checkbox"
              role="switch"
              aria-checked={isFollowing}
              aria-label="Follow newest"
              checked={isFollowing}
              onChange={(event) => setFollowing(event.target.checked)}
            />
            <span>
              Follow<span className="flows-toolbar-detail"> newest</span>
            </span>
          </label>
          <Button
            size="small"
            icon={isPaused ? <Play size={14} aria-hidden /> : <Pause size={14} aria-hidden />}
            aria-pressed={isPaused}
            title="Space"
            onClick={() => setPaused(!isPaused)}
          >
            {isPaused ? 'Resume' : 'Pause'}
          </Button>
        </>
      )}
      <IconButton
        label="Open a capture file"
        size="small"
        icon={<FolderOpen size={14} aria-hidden />}
        onClick={props.onOpenFile}
      />
      <TakeAwayMenu api={props.api} flowStore={flowStore} flowId={null} isDisabled={showsNone} />
      <IconButton
        disabled={isComposing}
        label={layout === 'side' ? 'Put the list above the detail' : 'Put the list beside the detail'}
        size="small"
        icon={layout === 'side' ? <Rows2 size={14} aria-hidden /> : <Columns2 size={14} aria-hidden />}
        onClick={() => view.change({ layout: layout === 'side' ? 'stacked' : 'side' })}
      />
      <IconButton
        label="Clear the list (C)"
        size="small"
        icon={<Trash2 size={14} aria-hidden />}
        disabled={isEmpty || !isLive}
        onClick={clear}
      />
    </div>
  );
}

/** The same bytes two ways, side by side. */
export function SendBothButton({ composer }: { readonly composer: ComposerStore }) {
  return (
    <Button
      size="small"
      icon={<Split size={14} aria-hidden />}
      aria-label="Send through both…"
      title="Send through both: the same bytes two ways, side by side"
      onClick={() => composer.askBoth('pairs')}
    >
      <span className="flows-toolbar-detail">Send through both…</span>
    </Button>
  );
}

function FlowCount({ flowStore }: { readonly flowStore: FlowStore }) {
  const shownCount = useStore(flowStore, (state) => state.visible.length);
  const count = useStore(flowStore, (state) => state.flows.length);
  const isFiltered = useStore(flowStore, (state) => state.filter.trim() !== '');
  const lostEvents = useStore(flowStore, (state) => state.lostEvents);
  const sampling = useStore(flowStore, (state) => state.sampling);
  const unrecordedFlows = useStore(flowStore, (state) => state.unrecordedFlows);
  return (
    <>
      <span className="flows-count" role="status">
        {isFiltered
          ? `${shownCount.toLocaleString('en')} of ${counted(count, 'flow')}`
          : counted(count, 'flow')}
      </span>
      {sampling > 1 && (
        <Badge tone="warning" icon={<TriangleAlert size={12} aria-hidden />}>
          showing 1 of {sampling}
        </Badge>
      )}
      {sampling === 1 && unrecordedFlows > 0 && (
        <Badge tone="warning" icon={<TriangleAlert size={12} aria-hidden />}>
          {counted(unrecordedFlows, 'flow')} left out
        </Badge>
      )}
      {lostEvents > 0 && (
        <Badge tone="warning" icon={<TriangleAlert size={12} aria-hidden />}>
          {counted(lostEvents, 'event')} lost
        </Badge>
      )}
    </>
  );
}
