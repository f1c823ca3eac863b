import { useStore } from 'zustand';
import { type TabItem, Tabs } from '../components/Tabs';
import type { Composed } from './composed';
import type { ComposerStore } from './composerStore';
import { BodyTab } from './form/BodyTab';
import { ChunksTab } from './form/ChunksTab';
import { HeadersTab } from './form/HeadersTab';
import { RawTab } from './form/RawTab';
import { RepeatTab } from './form/RepeatTab';
import { TlsTab } from './form/TlsTab';
import type { ComposerTab } from './toRequest';

/** Everything of the request but its first line. */
export function RequestTabs({
  composer,
  certificates,
}: {
  readonly composer: ComposerStore;
  /** Ids of those that can be shown to a server. */
  readonly certificates: readonly string[];
}) {
  const composed = useStore(composer, (state) => state.composed);
  const tab = useStore(composer, (state) => state.tab);
  const items = itemsOf(composed, composer, certificates);
  const shown = items.some(({ id }) => id === tab) ? tab : items[0]!.id;
  return (
    <div className="request-tabs">
      <Tabs<ComposerTab> label="Request" value={shown} items={items} onChange={composer.showTab} />
    </div>
  );
}

function itemsOf(
  composed: Composed,
  composer: ComposerStore,
  certificates: readonly string[],
): TabItem<ComposerTab>[] {
  const props = { composed, change: composer.change };
  const { pieces, repeat, streams, protocol, giveUp } = composed;
  const chunks: TabItem<ComposerTab> = {
    id: 'chunks',
    label: 'Chunks',
    badge:
      pieces.by !== 'none' || pieces.headApart || giveUp.after !== 'never' ? (
        <i className="tab-mark" title="on" />
      ) : undefined,
    content: <ChunksTab {...props} />,
  };
  const tls: TabItem<ComposerTab> = {
    id: 'tls',
    label: 'TLS',
    content: <TlsTab {...props} certificates={certificates} />,
  };
  if (composed.mode === 'raw') {
    return [{ id: 'body', label: 'Bytes', content: <RawTab {...props} /> }, chunks, tls];
  }
  const count = composed.headers.split('\n').filter((line) => line.trim() !== '').length;
  const headers: TabItem<ComposerTab> = {
    id: 'headers',
    label: 'Headers',
    badge: count === 0 ? undefined : <span className="tab-count">{count}</span>,
    content: <HeadersTab {...props} />,
  };
  if (composed.mode === 'webSocket') return [headers, tls];
  const isRepeated = repeat.isOn || (protocol !== 'http1' && streams !== '1');
  return [
    headers,
    {
      id: 'body',
      label: 'Body',
      badge: hasBody(composed) ? <i className="tab-mark" title="has one" /> : undefined,
      content: <BodyTab {...props} />,
    },
    chunks,
    tls,
    {
      id: 'repeat',
      label: 'Repeat',
      badge: isRepeated ? <i className="tab-mark" title="on" /> : undefined,
      content: <RepeatTab {...props} />,
    },
  ];
}

function hasBody({ body }: Composed): boolean {
  return body.kind === 'file' || (body.kind === 'text' ? body.text !== '' : body.bytes !== '0');
}
