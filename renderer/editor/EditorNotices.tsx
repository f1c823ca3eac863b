import { useStore } from 'zustand';
import { Button } from '../components/Button';
import { Notice } from '../components/Notice';
import type { DraftNote } from '../stores/configStore';
import { useEditor } from './EditorContext';

/** What the user must know about the draft, over the top of the canvas so that nothing jumps. */
export function EditorNotices() {
  const { config } = useEditor();
  const conflict = useStore(config, (state) => state.conflict);
  const apply = useStore(config, (state) => state.apply);
  const note = useStore(config, (state) => state.note);
  const draftDocument = useStore(config, (state) => state.draft.document);
  const failed = apply.kind === 'failed' && apply.document === draftDocument ? apply : null;
  return (
    <div className="editor-notices">
      {conflict !== null && (
        <Notice
          tone="warning"
          isLive
          actions={
            <>
              <Button size="small" variant="primary" onClick={() => config.rebase()}>
                Keep my changes on top
              </Button>
              <Button size="small" onClick={() => config.discard()}>
                Discard mine
              </Button>
            </>
          }
        >
          The configuration was changed elsewhere (revision {conflict.revision}) while you were editing.
          Nothing was overwritten.
        </Notice>
      )}
      {failed !== null && (
        <Notice tone="danger" isLive>
          <strong>Not applied; what was running keeps running.</strong> {failed.message}
        </Notice>
      )}
      {note !== null && conflict === null && (
        <Notice
          tone={note.collisions.length > 0 ? 'warning' : 'info'}
          isLive
          actions={
            <>
              {note.kind === 'restored' && (
                <Button size="small" onClick={() => config.discard()}>
                  Discard
                </Button>
              )}
              <Button size="small" onClick={() => config.dismissNote()}>
                OK
              </Button>
            </>
          }
        >
          {noteText(note)}
        </Notice>
      )}
    </div>
  );
}

function noteText(note: DraftNote): string {
  const said =
    note.kind === 'restored'
      ? `Your unapplied changes of ${new Date(note.savedAt ?? 0).toLocaleString()} were restored as a draft.`
      : 'Your changes now stand on top of what runs, as a draft.';
  if (note.collisions.length === 0) return said;
  return `${said} Changed on both sides, yours is in the draft: ${note.collisions.join('; ')}.`;
}
