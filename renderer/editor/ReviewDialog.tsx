import { useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { describeChanges } from '../../main/contract/describeChanges';
import { Button } from '../components/Button';
import { Dialog } from '../components/Dialog';
import { Tabs } from '../components/Tabs';
import { ChangeList } from './ChangeList';
import { useEditor } from './EditorContext';
import { commandKey } from './editorShortcuts';
import { fieldHelp } from './fieldHelp';
import { countWords } from './nodeFaces';
import { LazyYamlDiff } from './yaml/LazyYamlDiff';

type View = 'words' | 'yaml';

/** What applying will change, in words and as YAML, before it happens. Ctrl/Cmd-Enter again is the yes. */
export function ReviewDialog() {
  const { applying } = useEditor();
  const isOpen = useStore(applying, (state) => state.isReviewing);
  return isOpen ? <OpenReview /> : null;
}

function OpenReview() {
  const { api, applying, config } = useEditor();
  const draft = useStore(config, (state) => state.draft);
  const warnings = useStore(config, (state) => state.issues).filter((issue) => issue.severity === 'warning');
  const revision = useStore(config, (state) => state.running?.revision ?? 0);
  const [view, setView] = useState<View>('words');
  const [isSideBySide, setSideBySide] = useState(false);
  const applyButton = useRef<HTMLButtonElement>(null);
  useEffect(() => applyButton.current?.focus(), []);
  const changes = useMemo(
    () => describeChanges(draft.base, draft.document, fieldHelp),
    [draft.base, draft.document],
  );
  const sides = useMemo(() => ({ before: { document: draft.base }, after: { draft } }), [draft]);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      void applying.confirm();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [applying]);
  return (
    <Dialog
      title={`Apply ${countWords(changes.length, 'change')}?`}
      isOpen
      width="wide"
      onClose={() => applying.cancel()}
      actions={
        <>
          <AskFirst />
          <Button onClick={() => applying.cancel()}>Cancel</Button>
          <Button
            ref={applyButton}
            variant="primary"
            aria-keyshortcuts="Control+Enter Meta+Enter"
            onClick={() => void applying.confirm()}
          >
            Apply now
            <kbd className="button-key" aria-hidden>
              {commandKey(navigator.platform)} ↵
            </kbd>
          </Button>
        </>
      }
    >
      <div className="review">
        <Tabs<View>
          label="How to show the changes"
          value={view}
          onChange={setView}
          items={[
            {
              id: 'words',
              label: 'In words',
              content: (
                <>
                  <ChangeList changes={changes} />
                  {warnings.length > 0 && (
                    <p className="review-warnings">
                      {countWords(warnings.length, 'warning')}: {warnings[0]?.message}
                      {warnings.length > 1 ? '; see the list of problems for the others.' : ''}
                    </p>
                  )}
                </>
              ),
            },
            {
              id: 'yaml',
              label: 'YAML',
              content: (
                <>
                  <SideBySideSwitch isOn={isSideBySide} onChange={setSideBySide} />
                  <LazyYamlDiff
                    api={api}
                    {...sides}
                    beforeLabel={`revision ${revision}`}
                    afterLabel="the draft"
                    isSideBySide={isSideBySide}
                  />
                </>
              ),
            },
          ]}
        />
      </div>
    </Dialog>
  );
}

/** The choice not to be asked any more stands where the question is. */
function AskFirst() {
  const { preferences } = useEditor().applying;
  const asksFirst = useStore(preferences, (state) => state.asksFirst);
  return (
    <label className="review-ask">
      <input
        type="checkbox"
        checked={asksFirst}
        onChange={(event) => preferences.set({ asksFirst: event.target.checked })}
      />
      Ask before applying
    </label>
  );
}

export function SideBySideSwitch(props: {
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}) {
  return (
    <label className="diff-switch">
      <input
        type="checkbox"
        checked={props.isOn}
        onChange={(event) => props.onChange(event.target.checked)}
      />
      Side by side
    </label>
  );
}
