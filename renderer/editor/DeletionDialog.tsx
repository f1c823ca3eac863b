import { Trash2 } from 'lucide-react';
import { Button } from '../components/Button';
import { Dialog } from '../components/Dialog';
import { useEditor } from './EditorContext';
import { nodeWords, parseNode } from './nodeIds';

/** What else loses something, before it is deleted. Enter deletes, Escape keeps. */
export function DeletionDialog(props: {
  readonly ids: readonly string[];
  readonly losses: readonly string[];
}) {
  const { overlay, removeNow } = useEditor();
  const only = props.ids.length === 1 ? parseNode(props.ids[0]!) : null;
  const what = only === null ? `${props.ids.length} things` : nodeWords(only);
  return (
    <Dialog title={`Delete ${what}?`} isOpen onClose={overlay.close}>
      <ul className="losses">
        {props.losses.map((loss) => (
          <li key={loss}>{loss}</li>
        ))}
      </ul>
      <p className="field-help">
        It goes out of the draft; what runs keeps running until you apply. Undo brings it back.
      </p>
      <div className="dialog-buttons">
        <Button
          variant="danger"
          icon={<Trash2 size={14} aria-hidden />}
          onClick={() => {
            overlay.close();
            removeNow(props.ids);
          }}
        >
          Delete
        </Button>
        <Button onClick={overlay.close}>Keep</Button>
      </div>
    </Dialog>
  );
}
