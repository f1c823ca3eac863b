import { PresetDialog } from '../presets/PresetDialog';
import { presets } from '../presets/presets';
import { useEditor } from './EditorContext';

/** A preset over the canvas: it goes into the draft as one step and is selected. */
export function PresetOverlay({ id }: { readonly id: string }) {
  const { api, config, certificates, ui, overlay } = useEditor();
  const preset = presets.find((item) => item.id === id);
  if (preset === undefined) return null;
  return (
    <PresetDialog
      preset={preset}
      api={api}
      config={config}
      certificates={certificates}
      action="Add to the draft"
      onClose={overlay.close}
      onPlan={(plan) => {
        config.edit(plan.edits);
        overlay.close();
        ui.show('routes');
        ui.select(`route:${plan.route}`);
      }}
    />
  );
}
