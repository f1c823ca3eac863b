import { Send, Split, Square } from 'lucide-react';
import { type ClipboardEvent, type FormEvent, useEffect, useId, useMemo, useRef } from 'react';
import { useStore } from 'zustand';
import { Button, IconButton } from '../components/Button';
import { type ComposerStore, isUnderWay, suggestedUrls } from './composerStore';
import { pasteCurl } from './pasteCurl';
import { WayLine } from './WayLine';
import type { Surroundings } from './wayOfUrl';

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
          <Button
            icon={<Square size={13} aria-hidden />}
            title={composed.mode === 'webSocket' ? undefined : 'Esc'}
            onClick={() => composer.cancel()}
          >
            {composed.mode === 'webSocket' ? 'End' : 'Cancel'}
          </Button>
        ) : (
          <Button type="submit" variant="primary" icon={<Send size={14} aria-hidden />} title="Enter">
            {composed.mode === 'webSocket' ? 'Connect' : 'Send'}
          </Button>
        )}
        {composed.mode !== 'webSocket' && (
          <IconButton
            label="Send this through both…"
            icon={<Split size={14} aria-hidden />}
            disabled={composed.url === ''}
            onClick={() => composer.askBoth('form')}
          />
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
