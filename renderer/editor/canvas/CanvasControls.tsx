import { ControlButton, Controls, type FitViewOptions, MiniMap, type Node } from '@xyflow/react';
import { LayoutGrid, Map as MapIcon } from 'lucide-react';
import { useStore } from 'zustand';
import { useEditor } from '../EditorContext';
import type { FlowNode } from './flowElements';

const mapSize = { width: 180, height: 120 };

/** Zoom, fit, tidy up, and the small map for those who want it. */
export function CanvasControls({ fitOptions }: { readonly fitOptions: FitViewOptions }) {
  const { ui, config } = useEditor();
  const isMapShown = useStore(ui, (state) => state.isMapShown);
  const hasPlaces = useStore(config, (state) => state.draft.document.layout?.positions !== undefined);
  return (
    <>
      {isMapShown && (
        <MiniMap
          pannable
          zoomable
          position="bottom-left"
          style={mapSize}
          ariaLabel="Map of the canvas"
          nodeClassName={nodeClass}
          nodeBorderRadius={8}
        />
      )}
      <Controls showInteractive={false} fitViewOptions={fitOptions} position="bottom-right">
        <ControlButton
          title="Tidy up: all nodes to their columns"
          aria-label="Tidy up"
          disabled={!hasPlaces}
          onClick={() => config.edit({ type: 'clearPositions' })}
        >
          <LayoutGrid aria-hidden className="control-line" />
        </ControlButton>
        <ControlButton
          title={isMapShown ? 'Hide the map' : 'Show the map'}
          aria-label="Map"
          aria-pressed={isMapShown}
          onClick={() => ui.showMap(!isMapShown)}
        >
          <MapIcon aria-hidden className="control-line" />
        </ControlButton>
      </Controls>
    </>
  );
}

function nodeClass(node: Node): string {
  const { data, type } = node as FlowNode;
  return type === 'card' && 'node' in data ? `map-${data.node.kind}` : `map-${type}`;
}
