import { FlaskConical, Focus, Lightbulb, Redo2, Search, Undo2 } from 'lucide-react';
import { useStore } from 'zustand';
import { Button, IconButton } from '../components/Button';
import { AddMenu } from './AddMenu';
import { DraftBar } from './DraftBar';
import { useEditor } from './EditorContext';

export function EditorToolbar() {
  const { config, askRoutes, overlay, ui } = useEditor();
  const isFocusing = useStore(ui, (state) => state.isFocusing);
  const hasSelection = useStore(ui, (state) => state.selection.length > 0);
  const canUndo = useStore(config, (state) => state.draft.undo.length > 0);
  const canRedo = useStore(config, (state) => state.draft.redo.length > 0);
  return (
    <div className="editor-toolbar" role="toolbar" aria-label="Canvas and draft">
      <AddMenu />
      <IconButton
        label="Undo"
        icon={<Undo2 size={16} aria-hidden />}
        disabled={!canUndo}
        onClick={() => config.undo()}
      />
      <IconButton
        label="Redo"
        icon={<Redo2 size={16} aria-hidden />}
        disabled={!canRedo}
        onClick={() => config.redo()}
      />
      <IconButton
        label="Find on the canvas"
        icon={<Search size={16} aria-hidden />}
        onClick={() => overlay.show({ kind: 'palette', mode: 'find' })}
      />
      <IconButton
        label="Focus on what is selected"
        icon={<Focus size={16} aria-hidden />}
        aria-pressed={isFocusing}
        disabled={!hasSelection && !isFocusing}
        onClick={() => ui.focusOnSelection(!isFocusing)}
      />
      <Button
        variant="ghost"
        className="toolbar-ask"
        icon={<Lightbulb size={15} aria-hidden />}
        onClick={askRoutes}
      >
        Ask
      </Button>
      <IconButton
        label="Sample servers"
        icon={<FlaskConical size={16} aria-hidden />}
        onClick={() => overlay.show({ kind: 'samples', pool: null })}
      />
      <DraftBar />
    </div>
  );
}
