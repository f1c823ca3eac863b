import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { ClientMessage } from '../../../main/contract/clientRequest';
import { Button } from '../../components/Button';
import { FieldMessage } from '../../components/Field';
import { formatBytes, formatOffset } from '../../stores/flowFormat';
import type { TimelineEvent } from '../sendProgress';

type MessageEvent = Extract<TimelineEvent, { kind: 'message' | 'closed' }>;

const mostRows = 500;

/** The conversation, and the line to say something. */
export function WebSocketView(props: {
  readonly events: readonly TimelineEvent[];
  readonly isOpen: boolean;
  /** What the server answered in place of opening it. */
  readonly refusal: string;
  readonly onSay: (message: ClientMessage) => Promise<void>;
}) {
  const list = useRef<HTMLOListElement>(null);
  const messages = props.events.filter(
    (event): event is MessageEvent => event.kind === 'message' || event.kind === 'closed',
  );
  const count = messages.length;
  useEffect(() => {
    // The newest line is what one waits for.
    if (count > 0) list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [count]);
  return (
    <div className="web-socket">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard. */}
      <ol className="web-socket-log" ref={list} aria-label="Messages" tabIndex={0}>
        {messages.slice(-mostRows).map((event, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: messages are only added.
          <MessageRow key={index} event={event} />
        ))}
        {count === 0 && <li className="muted">{props.refusal === '' ? 'No message yet.' : props.refusal}</li>}
      </ol>
      <SayForm isOpen={props.isOpen} onSay={props.onSay} />
    </div>
  );
}

function MessageRow({ event }: { readonly event: MessageEvent }) {
  const time = <span className="timeline-time">{formatOffset(event.atMs * 1000)}</span>;
  if (event.kind === 'closed') {
    return (
      <li className="muted">
        {time} closed by the {event.by}: {event.detail}
      </li>
    );
  }
  const isSent = event.direction === 'sent';
  const what =
    event.type === 'text' ? event.text : `${event.type}${event.text === '' ? '' : ` ${event.text}`}`;
  return (
    <li className={isSent ? 'web-socket-sent' : 'web-socket-received'}>
      {time}
      <span aria-hidden>{isSent ? '→' : '←'}</span>
      <span className="visually-hidden">{isSent ? 'sent' : 'received'}</span>
      <span className={event.type === 'text' ? 'web-socket-text' : 'muted'}>{what}</span>
      {event.type === 'binary' && <span className="muted">{formatBytes(event.bytes)}</span>}
    </li>
  );
}

function SayForm(props: {
  readonly isOpen: boolean;
  readonly onSay: (message: ClientMessage) => Promise<void>;
}) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | undefined>();
  const say = (message: ClientMessage, done: () => void) => {
    props.onSay(message).then(
      () => {
        setProblem(undefined);
        done();
      },
      (error: unknown) => setProblem(error instanceof Error ? error.message : String(error)),
    );
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    say({ kind: 'text', text }, () => setText(''));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // Ctrl-Enter would connect anew.
    if (event.key === 'Enter') event.stopPropagation();
  };
  return (
    <form className="web-socket-say" onSubmit={submit}>
      <input
        className="input"
        aria-label="Message"
        placeholder={props.isOpen ? 'Message; Enter sends it' : 'Connect first'}
        autoComplete="off"
        disabled={!props.isOpen}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <Button type="submit" size="small" disabled={!props.isOpen}>
        Send
      </Button>
      <Button size="small" disabled={!props.isOpen} onClick={() => say({ kind: 'ping' }, () => undefined)}>
        Ping
      </Button>
      <Button
        size="small"
        disabled={!props.isOpen}
        title="Close with code 1000"
        onClick={() => say({ kind: 'close', code: 1000, reason: '' }, () => undefined)}
      >
        Close
      </Button>
      <FieldMessage error={problem} />
    </form>
  );
}
