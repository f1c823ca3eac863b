import { Play } from 'lucide-react';
import { useStore } from 'zustand';
import type { SampleName } from '../../../main/contract/sampleApi';
import { useEditor } from '../EditorContext';

/** On an endpoint that is a sample server which does not run. */
export function SampleStart({ name }: { readonly name: SampleName }) {
  const { samples } = useEditor();
  const isBusy = useStore(samples, (state) => state.busy.has(name));
  return (
    <button
      type="button"
      className="node-sample-start nodrag nopan"
      disabled={isBusy}
      aria-label={`Start sample ${name}`}
      onClick={(event) => {
        event.stopPropagation();
        void samples.start(name);
      }}
    >
      <Play size={10} aria-hidden />
      Start
    </button>
  );
}
