import { type FormEvent, useState } from 'react';
import { useStore } from 'zustand';
import { bothBounds } from '../../../main/contract/bothApi';
import { Button } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import { Notice } from '../../components/Notice';
import { TextInput } from '../../components/TextInput';
import type { ComposerStore } from '../../composer/composerStore';
import { formatBytes } from '../../stores/flowFormat';
import { type BothForm, chosenWays, firstBothForm } from './bothForm';
import { type ComposedWords, OwnPairFields } from './OwnPairFields';
import { PairChoice } from './PairChoice';
import { ownRefusal, type SendBothProps, useSending } from './useSending';

/** Stays as it was filled in last while the app is open. */
let lastForm = firstBothForm;

/** Which two ways, and what. Both flows are compared as soon as they are over. */
export function SendBothDialog(props: SendBothProps) {
  const { api, composer, around } = props;
  const start = useStore(composer, (state) => state.both);
  const [form, setForm] = useState<BothForm>(() =>
    start === 'form' ? { ...lastForm, pair: 'own', source: 'composer' } : lastForm,
  );
  const chosen = chosenWays(form, around);
  const pair = form.pair === 'own' && chosen === null ? 'layers' : form.pair;
  const composed = useComposedWords(composer);
  const { isBusy, error, send, cancel } = useSending(props, { ...form, pair }, chosen);
  const change = (part: Partial<BothForm>) => setForm((old) => ({ ...old, ...part }));
  const close = () => {
    cancel();
    lastForm = form;
    composer.closeBoth();
  };
  const hasChunks = pair !== 'own' || form.source === 'chunks' || composed === null;
  return (
    <Dialog
      title="Send through both"
      isOpen
      width="wide"
      onClose={close}
      actions={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button variant="primary" type="submit" form="send-both" isBusy={isBusy}>
            {isBusy ? 'Sending…' : 'Send and compare'}
          </Button>
        </>
      }
    >
      <form
        id="send-both"
        className="send-both"
        noValidate
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          lastForm = form;
          void send();
        }}
      >
        <p className="field-help">
          One request, sent two ways; then both diagrams side by side. A ready-made pair has listeners of its
          own, only while it is sent, and a sample server: your workspace stays as it is.
        </p>
        <PairChoice
          pair={pair}
          ownRefusal={chosen === null ? ownRefusal(around) : null}
          onChange={(next) => change({ pair: next })}
        />
        {pair === 'own' && chosen !== null && (
          <OwnPairFields api={api} form={form} chosen={chosen} composed={composed} onChange={change} />
        )}
        {hasChunks && (
          <ChunkFields form={form} hasBody={pair !== 'own' || form.method !== 'GET'} onChange={change} />
        )}
        {error !== null && (
          <Notice tone="danger" isLive>
            {error}
          </Notice>
        )}
      </form>
    </Dialog>
  );
}

function ChunkFields(props: {
  readonly form: BothForm;
  readonly hasBody: boolean;
  readonly onChange: (part: Partial<BothForm>) => void;
}) {
  const { form, hasBody, onChange } = props;
  const field = (name: 'pieces' | 'pieceBytes' | 'pauseMs', label: string, most: number) => (
    <TextInput
      label={label}
      help={`at most ${most.toLocaleString('en')}`}
      value={form[name]}
      onChange={(text) => onChange({ [name]: text })}
    />
  );
  const total = Number(form.pieces) * Number(form.pieceBytes);
  if (!hasBody) return null;
  return (
    <>
      <div className="send-both-fields">
        {field('pieces', 'Chunks', bothBounds.pieces)}
        {field('pieceBytes', 'Bytes of each', bothBounds.pieceBytes)}
        {field('pauseMs', 'Pause (ms)', bothBounds.pauseMs)}
      </div>
      {Number.isFinite(total) && (
        <p className="field-help">
          A body of {formatBytes(total)}, the head before it as a write of its own.
        </p>
      )}
    </>
  );
}

/** null = the client's form is empty, or holds a conversation. */
function useComposedWords(composer: ComposerStore): ComposedWords | null {
  const { mode, method, url } = useStore(composer, (state) => state.composed);
  if (url === '' || mode === 'webSocket') return null;
  const text = mode === 'raw' ? `raw bytes to ${url}` : `${method} ${url}`;
  const words = text.length > 60 ? `${text.slice(0, 59)}…` : text;
  const target = url.replace(/^[a-z][\w+.-]*:\/\//i, '');
  return { words, asks: mode === 'raw' ? null : { method, target } };
}
