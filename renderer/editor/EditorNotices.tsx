import { useStore } from 'zustand';
import { describeChanges } from '../../main/contract/describeChanges';
import { Button } from '../components/Button';
import { Notice } from '../components/Notice';
import type { DraftNote } from '../stores/configStore';
import { useEditor } from './EditorContext';
import { fieldHelp } from './fieldHelp';
import { foreignWords } from './MergeDialog';
import { countWords } from './nodeFaces';

/** What the user must know about the draft, over the top of the canvas so that nothing jumps. */
export function EditorNotices() {
  const { config, views } = useEditor();
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
              <Button size="small" onClick={() => views.openDialog('merge')}>
                Compare…
              </Button>
              <Button size="small" onClick={() => config.discard()}>
                Discard mine
              </Button>
            </>
          }
        >
          {foreignWords(conflict)} (revision {conflict.revision}) while you were editing. Nothing was
          overwritten.
        </Notice>
      )}
      <OutsideNotice />
      <RefusedNotice />
      {failed !== null && (
        <Notice tone="danger" isLive>
          <strong>Not applied; what was running keeps running.</strong> {failed.message}
        </Notice>
      )}
      {note !== null && note.kind !== 'refused' && conflict === null && (
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

/** Somebody changed the file and it runs; nothing was drafted, so there is nothing to merge, but to look at. */
function OutsideNotice() {
  const { config, views } = useEditor();
  const outside = useStore(config, (state) => state.outside);
  const conflict = useStore(config, (state) => state.conflict);
  if (outside === null || conflict !== null) return null;
  const count = describeChanges(outside.before, outside.running.document, fieldHelp).length;
  return (
    <Notice
      tone="info"
      isLive
      actions={
        <>
          <Button size="small" onClick={() => views.openDialog('outside')}>
            Show…
          </Button>
          <Button size="small" onClick={() => config.goBack()}>
            Go back
          </Button>
          <Button size="small" onClick={() => config.dismissOutside()}>
            OK
          </Button>
        </>
      }
    >
      {foreignWords(outside.running)} and runs: {countWords(count, 'change')}.
    </Notice>
  );
}

/** The file says something that cannot be run. What can mend itself is tried again without anybody's doing. */
function RefusedNotice() {
  const { config } = useEditor();
  const refused = useStore(config, (state) => state.running?.refused ?? null);
  const file = useStore(config, (state) => state.running?.file ?? '');
  const isDrafted = useStore(config, (state) => state.note?.kind === 'refused');
  if (refused === null) return null;
  const issue = refused.issues.find((each) => each.severity === 'error');
  const place = issue?.line === undefined ? '' : `Line ${issue.line}: `;
  const { document } = refused;
  return (
    <Notice
      tone="danger"
      isLive
      actions={
        document !== null && !isDrafted ? (
          <Button size="small" onClick={() => config.replace(document)}>
            Take it as a draft
          </Button>
        ) : undefined
      }
    >
      <strong>
        {file.split(/[\\/]/).at(-1)} cannot be run{isDrafted ? '.' : '; what ran before goes on.'}
      </strong>{' '}
      {place}
      {issue?.message}
      {refused.isRetried ? ' It is tried again every two seconds.' : ''}
    </Notice>
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
