import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { Splitter } from '../components/Splitter';
import { ComposerPanel } from '../composer/ComposerPanel';
import type { ComposerStore } from '../composer/composerStore';
import type { Surroundings } from '../composer/wayOfUrl';
import type { FlowStore } from '../stores/flowState';
import type { FlowsViewStore } from '../stores/flowsViewStore';

/** The composer beside the rest, while it is open. */
export function WithComposer(props: {
  readonly composer: ComposerStore;
  readonly around: Surroundings;
  readonly flowStore: FlowStore;
  readonly view: FlowsViewStore;
  readonly children: ReactNode;
}) {
  const { composer, flowStore, view } = props;
  const isOpen = useStore(composer, (state) => state.isOpen);
  const share = useStore(view, (state) => state.composerShare);
  if (!isOpen) return <>{props.children}</>;
  return (
    <div
      className="flows-composing"
      style={{ gridTemplateColumns: `minmax(400px, ${share * 100}%) auto minmax(0, 1fr)` }}
    >
      <ComposerPanel
        composer={composer}
        around={props.around}
        onShowFlow={(request) => {
          flowStore.getState().chooseRequest(request);
          return flowStore.getState().shown?.flow.client?.port === request.clientPort;
        }}
      />
      <Splitter
        label="Size of the composer"
        share={share}
        direction="columns"
        onChange={(composerShare) => view.change({ composerShare })}
      />
      <div className="flows-beside">{props.children}</div>
    </div>
  );
}
