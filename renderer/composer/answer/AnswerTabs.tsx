import { useState } from 'react';
import { type TabItem, Tabs } from '../../components/Tabs';
import { counted } from '../../stores/flowFormat';
import { type ComposerStore, isUnderWay, type SendState } from '../composerStore';
import type { SendProgress } from '../sendProgress';
import { BodyView } from './BodyView';
import { HeaderList } from './HeaderList';
import { RawView } from './RawView';
import { TimelineView } from './TimelineView';
import { TlsView } from './TlsView';
import { WebSocketView } from './WebSocketView';

type AnswerTab = 'answer' | 'headers' | 'timeline' | 'tls';

/** One send from all sides. */
export function AnswerTabs({
  composer,
  send,
}: {
  readonly composer: ComposerStore;
  readonly send: SendState;
}) {
  const { composed, result, progress } = send;
  const [tab, setTab] = useState<AnswerTab>('answer');
  const [stream, setStream] = useState(0);
  const responses = result?.responses ?? [];
  const response = responses[stream] ?? responses[0];
  const headers = response?.headers ?? progress.headers;
  const tls = result?.tls ?? progress.tls;
  const items: TabItem<AnswerTab>[] = [
    { id: 'answer', label: answerLabels[composed.mode], content: answerOf(composer, send, stream) },
    ...(headers.length === 0
      ? []
      : [
          {
            id: 'headers' as const,
            label: 'Headers',
            badge: <span className="tab-count">{headers.length}</span>,
            content: (
              <HeaderList
                headers={headers}
                trailers={response?.trailers ?? []}
                informational={response?.informational ?? []}
              />
            ),
          },
        ]),
    {
      id: 'timeline',
      label: 'Timeline',
      content: <TimelineView events={progress.timeline} untold={result?.untoldEvents ?? 0} />,
    },
    ...(tls === null ? [] : [{ id: 'tls' as const, label: 'TLS', content: <TlsView tls={tls} /> }]),
  ];
  const shown = items.some(({ id }) => id === tab) ? tab : 'answer';
  return (
    <>
      {responses.length > 1 && (
        <fieldset className="segmented answer-streams">
          <legend className="visually-hidden">{counted(responses.length, 'stream')}</legend>
          {responses.map((each, index) => (
            <button
              key={each.stream}
              type="button"
              className={index === stream ? 'segment segment-on' : 'segment'}
              aria-pressed={index === stream}
              onClick={() => setStream(index)}
            >
              Stream {each.streamId ?? index + 1}: {each.status === 0 ? 'failed' : each.status}
            </button>
          ))}
        </fieldset>
      )}
      <Tabs<AnswerTab> label="Response" value={shown} items={items} onChange={setTab} />
    </>
  );
}

const answerLabels = { http: 'Body', webSocket: 'Messages', raw: 'Answer' } as const;

function answerOf(composer: ComposerStore, send: SendState, stream: number) {
  const { composed, result, progress } = send;
  const response = result?.responses[stream] ?? result?.responses[0];
  if (composed.mode === 'webSocket') {
    const isOpen = progress.isWebSocketOpen && isUnderWay(send);
    return (
      <WebSocketView
        events={progress.timeline}
        isOpen={isOpen}
        refusal={response !== undefined && response.status !== 101 ? response.body : ''}
        onSay={composer.say}
      />
    );
  }
  if (composed.mode === 'raw')
    return <RawView received={result?.received ?? null} live={progress.body} isOver={!isUnderWay(send)} />;
  return (
    <BodyView
      headers={response?.headers ?? progress.headers}
      body={response?.body ?? liveText(progress)}
      isBase64={response?.bodyEncoding === 'base64'}
      decoded={response?.decodedBody ?? null}
      isOver={!isUnderWay(send)}
      bytes={response?.bodyBytes ?? null}
      isCut={response?.isBodyCut ?? false}
    />
  );
}

/** Laying out more of it many times a second would cost more than anybody reads. */
const mostLiveCharacters = 32_768;

/** While it comes, only what can be read: compressed bytes and pictures wait for the end. */
function liveText({ headers, body }: SendProgress): string {
  const value = (name: string) => headers.find(([other]) => other.toLowerCase() === name)?.[1] ?? '';
  const isReadable = /^$|text|json|xml|javascript|event-stream|form/i.test(value('content-type'));
  return isReadable && value('content-encoding') === '' ? body.slice(0, mostLiveCharacters) : '';
}
