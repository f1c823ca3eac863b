import { type FormEvent, useState } from 'react';
import type { HopscopeApi } from '../../main/contract/api';
import { type BothPair, bothBounds, bothPairs } from '../../main/contract/bothApi';
import { Button } from '../components/Button';
import { Dialog } from '../components/Dialog';
import { Notice } from '../components/Notice';
import { TextInput } from '../components/TextInput';
import { formatBytes } from '../stores/flowFormat';
import type { FlowStore } from '../stores/flowState';
import { compareWays } from './sentWays';

const pairTexts: Readonly<Record<BothPair, readonly [title: string, text: string]>> = {
  layers: [
    'L4 | L7',
    'A TCP relay forwards each chunk at once; an HTTP route holds the whole request first.',
  ],
  tls: ['Passthrough | terminate', 'TLS that the proxy cannot read, or that it ends, reads and seals anew.'],
  buffering: [
    'Buffered | streamed',
    'An HTTP route with the whole request first, or with each chunk as it comes.',
  ],
  reuse: [
    'Reuse on | reuse off',
    'Two requests each; the second finds a connection to the endpoint, or not.',
  ],
};

/** Which pair, and in which pieces. Both flows are compared as soon as they are over. */
export function SendBothDialog(props: {
  readonly api: HopscopeApi;
  readonly flowStore: FlowStore;
  readonly onClose: () => void;
}) {
  const { api, flowStore, onClose } = props;
  const [pair, setPair] = useState<BothPair>('layers');
  const [form, setForm] = useState({ pieces: '5', pieceBytes: '12200', pauseMs: '100' });
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const field = (name: keyof typeof form, label: string, most: number) => (
    <TextInput
      label={label}
      help={`at most ${most.toLocaleString('en')}`}
      value={form[name]}
      onChange={(text) => setForm({ ...form, [name]: text })}
    />
  );
  const send = async () => {
    setBusy(true);
    setError(null);
    try {
      const numbers = {
        pieces: Number(form.pieces),
        pieceBytes: Number(form.pieceBytes),
        pauseMs: Number(form.pauseMs),
      };
      flowStore.getState().setPaused(false);
      const ways = await api.call('sendThroughBoth', { pair, ...numbers });
      const problem = ways.a.result.problem ?? ways.b.result.problem;
      if (await compareWays(flowStore, ways)) {
        if (problem === null) return onClose();
        setError(problem);
      } else setError('Both were sent, but their flows are not in the list: it shows a sample. Try again.');
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : String(failure));
    }
    setBusy(false);
  };
  const close = () => {
    if (isBusy) void api.call('cancelSendThroughBoth', undefined).catch(() => undefined);
    onClose();
  };
  const total = Number(form.pieces) * Number(form.pieceBytes);
  return (
    <Dialog
      title="Send through both"
      isOpen
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
          void send();
        }}
      >
        <p className="field-help">
          The same request through two listeners that exist only while it is sent, to one sample server. Your
          workspace stays as it is.
        </p>
        <fieldset className="send-both-pairs">
          <legend className="field-label">Pair</legend>
          {bothPairs.map((id) => (
            <label key={id}>
              <input type="radio" name="pair" checked={pair === id} onChange={() => setPair(id)} />
              <span>
                <b>{pairTexts[id][0]}</b>
                <span className="muted">{pairTexts[id][1]}</span>
              </span>
            </label>
          ))}
        </fieldset>
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
        {error !== null && (
          <Notice tone="danger" isLive>
            {error}
          </Notice>
        )}
      </form>
    </Dialog>
  );
}
