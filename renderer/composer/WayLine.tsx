import { ArrowRight } from 'lucide-react';
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { FieldMessage } from '../components/Field';
import type { Composed } from './composed';
import type { ComposerStore } from './composerStore';
import { type Surroundings, type WayResult, wayOfUrl } from './wayOfUrl';

/** "→ web · http · 127.0.0.1:8080", or what is wrong. */
export function WayLine(props: {
  readonly composer: ComposerStore;
  readonly composed: Composed;
  readonly around: Surroundings;
}) {
  const { composer, composed, around } = props;
  const problem = useStore(composer, (state) => state.problem);
  const found = useMemo(
    () => wayOfUrl(composed.url, composed.through, around),
    [composed.url, composed.through, around],
  );
  return (
    <div className="request-way">
      {/* What is wrong is said once: at length, after it was tried. */}
      {(problem === null || found.kind === 'way') && <WayWords found={found} />}
      <span className="request-choices">
        {composed.mode !== 'raw' && <VersionSelect composer={composer} protocol={composed.protocol} />}
        <select
          className="input"
          aria-label="Through"
          value={composed.through}
          onChange={(event) => composer.change({ through: event.target.value })}
        >
          <option value="">through: by the URL</option>
          {around.listeners.map((listener) => (
            <option key={listener.id} value={listener.id}>
              through {listener.id} ({listener.protocol}, {listener.port})
            </option>
          ))}
          {composed.through !== '' && !around.listeners.some(({ id }) => id === composed.through) && (
            <option value={composed.through}>through {composed.through} (does not run)</option>
          )}
        </select>
      </span>
      <div className="request-problem" role="status">
        {problem !== null && <FieldMessage error={problem} />}
      </div>
    </div>
  );
}

/** One line that never grows: what is typed passes through many URLs that cannot be sent. */
function WayWords({ found }: { readonly found: WayResult }) {
  const doubt = found.kind === 'problem' ? found.message : found.warning;
  if (found.kind === 'problem' || doubt !== null) {
    return (
      <span className="request-way-words" title={doubt ?? ''}>
        <FieldMessage warning={doubt ?? ''} />
      </span>
    );
  }
  const { listener, address, port, isTls } = found.way;
  return (
    <span className="request-way-words">
      <ArrowRight size={13} aria-hidden />
      {listener === null ? 'a server of this machine' : `listener ${listener.id}`}
      <span className="mono">
        {address.includes(':') ? `[${address}]` : address}:{port}
      </span>
      {isTls ? 'TLS' : 'no TLS'}
    </span>
  );
}

function VersionSelect(props: { readonly composer: ComposerStore; readonly protocol: Composed['protocol'] }) {
  return (
    <select
      className="input request-version"
      aria-label="HTTP version"
      value={props.protocol}
      onChange={(event) => props.composer.change({ protocol: event.target.value as Composed['protocol'] })}
    >
      <option value="http1">HTTP/1.1</option>
      <option value="h2">HTTP/2</option>
      <option value="auto">by ALPN</option>
    </select>
  );
}
