import { Check, CircleAlert, History, Pencil, TriangleAlert } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { describeChanges } from '../../main/contract/describeChanges';
import { Button, IconButton } from '../components/Button';
import { portalHost } from '../components/portalHost';
import { isBroken } from '../stores/draft';
import { ApplyMenu } from './ApplyMenu';
import { ChangeList } from './ChangeList';
import { useEditor } from './EditorContext';
import { commandKey } from './editorShortcuts';
import { fieldHelp } from './fieldHelp';
import { countWords } from './nodeFaces';
import { ViewSwitch } from './ViewSwitch';

/** "Draft: 3 changes" with Apply and Discard, or that everything is applied; and how many problems there are. */
export function DraftBar() {
  const { config, apply, applying, views } = useEditor();
  const draft = useStore(config, (state) => state.draft);
  const isPending = useStore(config, (state) => state.isPending);
  const isApplying = useStore(config, (state) => state.apply.kind === 'applying');
  const changes = useMemo(
    () => (isPending ? describeChanges(draft.base, draft.document, fieldHelp) : []),
    [isPending, draft.base, draft.document],
  );
  const asIEdit = useStore(applying.preferences, (state) => state.asIEdit);
  const key = commandKey(navigator.platform);
  return (
    <div className="draft-bar">
      <ViewSwitch />
      <IconButton
        label="History"
        icon={<History size={16} aria-hidden />}
        onClick={() => views.openDialog('history')}
      />
      <Problems />
      {isPending ? (
        <Popover.Root>
          <Popover.Trigger asChild>
            <Button variant="ghost" className="draft-count" icon={<Pencil size={14} aria-hidden />}>
              {isBroken(draft)
                ? 'Draft: text with an error'
                : `Draft: ${countWords(changes.length, 'change')}`}
            </Button>
          </Popover.Trigger>
          <Popover.Portal container={portalHost()}>
            <Popover.Content
              className="popover"
              aria-label="Draft"
              align="end"
              sideOffset={6}
              collisionPadding={8}
            >
              <h2>What applying will change</h2>
              <ChangeList changes={changes} />
            </Popover.Content>
          </Popover.Portal>
        </Popover.Root>
      ) : (
        <span className="draft-clean">
          <Check size={14} aria-hidden />
          {asIEdit ? 'Everything is applied, as you edit' : 'Everything is applied'}
        </span>
      )}
      <Button disabled={!isPending || isApplying} onClick={() => config.discard()}>
        Discard
      </Button>
      <Button
        variant="primary"
        disabled={!isPending}
        isBusy={isApplying}
        aria-keyshortcuts="Control+Enter Meta+Enter"
        onClick={apply}
      >
        {isApplying ? 'Applying…' : 'Apply'}
        <kbd className="button-key" aria-hidden>
          {key} ↵
        </kbd>
      </Button>
      <ApplyMenu />
    </div>
  );
}

/** How many problems there are; a click shows the list of them in the inspector. */
function Problems() {
  const { config, ui } = useEditor();
  const errors = useStore(
    config,
    (state) => state.issues.filter((issue) => issue.severity === 'error').length,
  );
  const warnings = useStore(
    config,
    (state) => state.issues.filter((issue) => issue.severity === 'warning').length,
  );
  if (errors + warnings === 0) return null;
  return (
    <Button
      variant="ghost"
      className={errors > 0 ? 'problems-error' : 'problems-warning'}
      icon={errors > 0 ? <CircleAlert size={15} aria-hidden /> : <TriangleAlert size={15} aria-hidden />}
      onClick={() => ui.select(null)}
    >
      {errors > 0 ? countWords(errors, 'problem') : countWords(warnings, 'warning')}
    </Button>
  );
}
