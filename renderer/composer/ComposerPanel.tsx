import { X } from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';
import { useStore } from 'zustand';
import { IconButton } from '../components/Button';
import { Notice } from '../components/Notice';
import { Splitter } from '../components/Splitter';
import type { SentRequest } from '../stores/flowState';
import { ComposerMenu } from './ComposerMenu';
import type { ComposerMode } from './composed';
import { type ComposerStore, isUnderWay } from './composerStore';
import { HistoryMenu } from './HistoryMenu';
import { RequestLine } from './RequestLine';
import { RequestTabs } from './RequestTabs';
import { ResponsePane } from './ResponsePane';
import type { Surroundings } from './wayOfUrl';
import './composer.css';

export interface ComposerProps {
  readonly composer: ComposerStore;
  readonly around: Surroundings;
  /** Shows the flow of a request in the list and its diagram; false = there is none (yet). */
  readonly onShowFlow: (request: SentRequest) => boolean;
}

const modes: readonly { readonly id: ComposerMode; readonly label: string }[] = [
  { id: 'http', label: 'HTTP' },
  { id: 'webSocket', label: 'WebSocket' },
  { id: 'raw', label: 'Raw bytes' },
];

/** Composes a request, sends it for real, and shows what comes back while it comes. */
export function ComposerPanel(props: ComposerProps) {
  const { composer } = props;
  const notice = useStore(composer, (state) => state.notice);
  const hasSent = useStore(composer, (state) => state.send !== null);
  const [share, setShare] = useState(0.52);
  const onKeyDown = (event: KeyboardEvent) => {
    const isSend = event.key === 'Enter' && (event.ctrlKey || event.metaKey);
    // Menus and dialogs that were opened from here have keys of their own.
    const target = event.target instanceof HTMLElement ? event.target : null;
    if (target === null || !event.currentTarget.contains(target) || target.closest('dialog') !== null) return;
    const { send } = composer.getState();
    // A conversation ends by its buttons: Escape is too easily pressed while one types.
    const isCancel = event.key === 'Escape' && send !== null && send.composed.mode !== 'webSocket';
    if (isSend) composer.send();
    else if (isCancel && isUnderWay(send)) composer.cancel();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <section className="composer" aria-label="Send a request" onKeyDown={onKeyDown}>
      <ComposerHeader {...props} />
      <RequestLine composer={composer} around={props.around} />
      {notice !== null && (
        <Notice tone="warning" isLive>
          {notice}
        </Notice>
      )}
      <div
        className="composer-panes"
        style={{ gridTemplateRows: hasSent ? `${share * 100}% auto minmax(0, 1fr)` : '1fr' }}
      >
        <RequestTabs composer={composer} certificates={props.around.certificates} />
        {hasSent && (
          <>
            <Splitter
              label="Size of the request"
              share={share}
              direction="rows"
              onChange={setShare}
              least={0.15}
              most={0.85}
            />
            <ResponsePane composer={composer} onShowFlow={props.onShowFlow} />
          </>
        )}
      </div>
    </section>
  );
}

function ComposerHeader({ composer, around }: ComposerProps) {
  const mode = useStore(composer, (state) => state.composed.mode);
  return (
    <header className="composer-header">
      <h2 className="visually-hidden">Send a request</h2>
      <fieldset className="segmented">
        <legend className="visually-hidden">What to send</legend>
        {modes.map(({ id, label }) => (
          <button
            key={id}
            type="button"
            className={id === mode ? 'segment segment-on' : 'segment'}
            aria-pressed={id === mode}
            onClick={() => composer.change({ mode: id })}
          >
            {label}
          </button>
        ))}
      </fieldset>
      <span className="composer-space" />
      <HistoryMenu composer={composer} />
      <ComposerMenu composer={composer} around={around} />
      <IconButton
        label="Close (N)"
        size="small"
        icon={<X size={14} aria-hidden />}
        onClick={() => composer.close()}
      />
    </header>
  );
}
