import { ArrowUpRight } from 'lucide-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { Badge } from '../components/Badge';
import { Button } from '../components/Button';
import { Notice } from '../components/Notice';
import { counted, formatBytes, formatMicroseconds } from '../stores/flowFormat';
import type { SentRequest } from '../stores/flowState';
import { AnswerTabs } from './answer/AnswerTabs';
import { RepeatView } from './answer/RepeatView';
import { type ComposerStore, isUnderWay, type SendState } from './composerStore';

/** What came of the last send, while it comes and when it is over. */
export function ResponsePane(props: {
  readonly composer: ComposerStore;
  readonly onShowFlow: (request: SentRequest) => boolean;
}) {
  const send = useStore(props.composer, (state) => state.send);
  /** The send whose flow was looked for in vain. */
  const [missed, setMissed] = useState<string | null>(null);
  if (send === null) return null;
  const { result, error, progress } = send;
  const port = result?.clientPorts[0] ?? progress.clientPort;
  const { listener } = send;
  const problem = error ?? result?.problem ?? null;
  const summary = result?.repeat ?? progress.summary;
  const givenUp = givenUpWords(send);
  return (
    <section className="answer" aria-label="Response">
      <header className="answer-header">
        <span role="status" className="answer-status">
          <Outcome send={send} />
        </span>
        <span className="answer-figures">{figuresOf(send)}</span>
        {listener !== null && port !== null && (
          <Button
            size="small"
            variant="ghost"
            icon={<ArrowUpRight size={14} aria-hidden />}
            onClick={() => setMissed(props.onShowFlow({ listener, clientPort: port }) ? null : send.id)}
          >
            Show the flow
          </Button>
        )}
      </header>
      {missed === send.id && (
        <Notice tone="info" isLive>
          There is no flow of it in the list: no request got as far, or it was left out or cleared.
        </Notice>
      )}
      {problem !== null && (
        <Notice tone="danger" isLive>
          {sentence(problem)}
        </Notice>
      )}
      {givenUp !== null && (
        <Notice tone="info" isLive>
          {sentence(givenUp)}
        </Notice>
      )}
      {summary === null ? (
        <AnswerTabs key={send.id} composer={props.composer} send={send} />
      ) : (
        <RepeatView summary={summary} isOver={result !== null} />
      )}
    </section>
  );
}

function Outcome({ send }: { readonly send: SendState }) {
  const { result, error, progress } = send;
  const status = result?.responses[0]?.status ?? progress.status;
  const reason = result?.responses[0]?.reason ?? progress.reason;
  const isGoingOn = isUnderWay(send);
  if (error !== null) return <Badge tone="danger">failed</Badge>;
  if (result?.outcome === 'cancelled')
    return <Badge tone="warning">{givenUpWords(send) === null ? 'cancelled' : 'given up'}</Badge>;
  if (send.composed.repeat.isOn && send.composed.mode === 'http') {
    const failed = result?.repeat?.failed ?? 0;
    if (isGoingOn) return <Badge tone="info">repeating…</Badge>;
    return (
      <Badge tone={failed > 0 ? 'danger' : 'ok'}>{failed > 0 ? `${failed} failed` : 'all answered'}</Badge>
    );
  }
  if (status > 0) {
    const isOpen = isGoingOn && send.composed.mode === 'webSocket' && progress.isWebSocketOpen;
    const words = isOpen ? 'open' : `${status} ${reason}`.trim();
    return <Badge tone={toneOf(status)}>{words}</Badge>;
  }
  if (result?.outcome === 'failed') return <Badge tone="danger">failed</Badge>;
  return <Badge tone="info">{isGoingOn ? 'sending…' : 'done'}</Badge>;
}

/** null = it was not given up on purpose. */
function givenUpWords({ progress }: SendState): string | null {
  const gaveUp = progress.timeline.find(({ kind }) => kind === 'gaveUp');
  return gaveUp?.kind === 'gaveUp' ? gaveUp.detail : null;
}

/** "nothing listens there" → "Nothing listens there." An address stays as it is. */
function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}

function toneOf(status: number): 'ok' | 'info' | 'warning' | 'danger' {
  if (status < 200 || (status >= 300 && status < 400)) return 'info';
  if (status < 300) return 'ok';
  return status < 500 ? 'warning' : 'danger';
}

function figuresOf({ result, progress, composed }: SendState): string {
  if (progress.summary !== null && result === null) return '';
  if (result === null) {
    const sent = progress.timeline.filter((event) => event.kind === 'sent');
    const last = sent.at(-1);
    return last !== undefined && last.kind === 'sent' && last.of > 1
      ? `piece ${last.piece} of ${last.of} sent`
      : '';
  }
  const { responses, durationMs, receivedBytes } = result;
  const first = responses[0];
  const figures = [formatMicroseconds(durationMs * 1000)];
  if (result.repeat !== null) return figures[0]!;
  if (responses.length > 1) figures.push(counted(responses.length, 'stream'));
  else if (composed.mode === 'http' && first !== undefined && first.status > 0)
    figures.push(formatBytes(first.bodyBytes));
  else if (composed.mode === 'raw') figures.push(`${formatBytes(receivedBytes)} back`);
  return figures.join(' · ');
}
