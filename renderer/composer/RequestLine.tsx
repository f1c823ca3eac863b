import { ArrowRight, Send, Square } from 'lucide-react';
import { type ClipboardEvent, type FormEvent, useEffect, useId, useMemo, useRef } from 'react';
import { useStore } from 'zustand';
import { Button } from '../components/Button';
import { FieldMessage } from '../components/Field';
import type { Composed } from './composed';
import { type ComposerStore, isUnderWay, suggestedUrls } from './composerStore';
import { pasteCurl } from './pasteCurl';
import { type Surroundings, wayOfUrl } from './wayOfUrl';

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'QUERY'];

/** Method and URL; Enter sends. Below, where it goes. */
export function RequestLine({
  composer,
  around,
}: {
  readonly composer: ComposerStore;
  readonly around: Surroundings;
}) {
  const composed = useStore(composer, (state) => state.composed);
  const isSending = useStore(composer, (state) => state.send !== null && isUnderWay(state.send));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    composer.send();
  };
  return (
    <form className="request-line" onSubmit={submit} aria-label="Request">
      <div className="request-line-fields">
        {composed.mode === 'http' && <MethodInput composer={composer} method={composed.method} />}
        <UrlInput composer={composer} around={around} url={composed.url} />
        {isSending ? (
          <Button icon={<Square size={13} aria-hidden />} title="Esc" onClick={() => composer.cancel()}>
            {composed.mode === 'webSocket' ? 'End' : 'Cancel'}
          </Button>
        ) : (
          <Button type="submit" variant="primary" icon={<Send size={14} aria-hidden />} title="Enter">
            {composed.mode === 'webSocket' ? 'Connect' : 'Send'}
          </Button>
        )}
      </div>
      <WayLine composer={composer} composed={composed} around={around} />
    </form>
  );
}

function MethodInput({ composer, method }: { readonly composer: ComposerStore; readonly method: string }) {
  const list = useId();
  return (
    <>
      <input
        className="input mono request-method"
        aria-label="Method"
        list={list}
        autoCapitalize="characters"
        autoComplete="off"
        spellCheck={false}
        value={method}
        onFocus={(event) => event.target.select()}
        onChange={(event) => composer.change({ method: event.target.value.toUpperCase().trim() })}
      />
      <datalist id={list}>
        {methods.map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
    </>
  );
}

function UrlInput(props: {
  readonly composer: ComposerStore;
  readonly around: Surroundings;
  readonly url: string;
}) {
  const { composer, around, url } = props;
  const list = useId();
  const input = useRef<HTMLInputElement>(null);
  const focusRequests = useStore(composer, (state) => state.focusRequests);
  const suggestions = useMemo(() => suggestedUrls(around), [around]);
  useEffect(() => {
    if (focusRequests > 0) input.current?.focus();
  }, [focusRequests]);
  const onPaste = (event: ClipboardEvent) => {
    const text = event.clipboardData.getData('text');
    if (!/^\s*(?:\$\s*)?curl\s/.test(text)) return;
    if (pasteCurl(composer, text) === null) event.preventDefault();
  };
  return (
    <>
      <input
        ref={input}
        className="input mono request-url"
        aria-label="URL"
        list={list}
        autoCapitalize="none"
        autoComplete="off"
        spellCheck={false}
        placeholder="http://shop.test:8080/"
        value={url}
        onPaste={onPaste}
        onChange={(event) => composer.change({ url: event.target.value })}
      />
      <datalist id={list}>
        {suggestions.map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
    </>
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

/** "→ web · http · 127.0.0.1:8080", or what is wrong. */
function WayLine(props: {
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
      {found.kind === 'way' && (
        <span className="request-way-words">
          <ArrowRight size={13} aria-hidden />
          {found.way.listener === null ? 'a server of this machine' : `listener ${found.way.listener.id}`}
          <span className="mono">
            {found.way.address.includes(':') ? `[${found.way.address}]` : found.way.address}:{found.way.port}
          </span>
          {found.way.isTls ? 'TLS' : 'no TLS'}
        </span>
      )}
      <span className="request-choices">
        {composed.mode === 'http' && <VersionSelect composer={composer} protocol={composed.protocol} />}
        <label className="request-through">
          <span>through</span>
          <select
            className="input"
            value={composed.through}
            onChange={(event) => composer.change({ through: event.target.value })}
          >
            <option value="">as the URL says</option>
            {around.listeners.map((listener) => (
              <option key={listener.id} value={listener.id}>
                {listener.id} ({listener.protocol}, {listener.port})
              </option>
            ))}
            {composed.through !== '' && !around.listeners.some(({ id }) => id === composed.through) && (
              <option value={composed.through}>{composed.through} (does not run)</option>
            )}
          </select>
        </label>
      </span>
      <div className="request-problem" role="status">
        {problem !== null ? (
          <FieldMessage error={problem} />
        ) : found.kind === 'problem' ? (
          <FieldMessage warning={found.message} />
        ) : (
          found.warning !== null && <FieldMessage warning={found.warning} />
        )}
      </div>
    </div>
  );
}
