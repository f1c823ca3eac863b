import { History } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { WorkspaceDocument } from '../../../main/contract/config';
import { describeChanges } from '../../../main/contract/describeChanges';
import type { HistoryEntry } from '../../../main/contract/workspaceApi';
import { Badge } from '../../components/Badge';
import { Button } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import { EmptyState } from '../../components/EmptyState';
import { ChangeList } from '../ChangeList';
import { useEditor } from '../EditorContext';
import { fieldHelp } from '../fieldHelp';
import { SideBySideSwitch } from '../ReviewDialog';
import { LazyYamlDiff } from '../yaml/LazyYamlDiff';
import { sourceWords, summaryWords, timeWords } from './historyWords';
import { useHistory, useHistoryDocument } from './useHistory';

/** Every revision that ran: when, who, what, its difference, and the way back as a draft. */
export function HistoryDialog() {
  const { views } = useEditor();
  const isOpen = useStore(views, (state) => state.dialog === 'history');
  return isOpen ? <OpenHistory /> : null;
}

function OpenHistory() {
  const { api, views } = useEditor();
  const { entries, error } = useHistory(api);
  const [chosen, setChosen] = useState<number | null>(null);
  const entry = entries?.find((each) => each.number === chosen) ?? entries?.[0];
  const now = Date.now();
  const list = useRef<HTMLOListElement>(null);
  const isRead = entry !== undefined;
  useEffect(() => {
    if (isRead) list.current?.querySelector('button')?.focus();
  }, [isRead]);
  return (
    <Dialog title="History" isOpen width="large" onClose={() => views.openDialog(null)}>
      {error !== null && <p role="alert">The history cannot be read: {error}</p>}
      {entries?.length === 0 && (
        <EmptyState icon={<History size={28} aria-hidden />} title="Nothing was applied yet">
          Every revision that you apply from now on is kept here, with what it changed.
        </EmptyState>
      )}
      {entry !== undefined && (
        <div className="history">
          <ol ref={list} className="history-list" aria-label="Revisions, newest first">
            {entries?.map((each) => (
              <li key={each.number}>
                <button
                  type="button"
                  className="history-entry"
                  aria-pressed={each === entry}
                  onClick={() => setChosen(each.number)}
                >
                  <span className="history-entry-head">
                    <strong>{each.number}</strong>
                    <time dateTime={new Date(each.at).toISOString()}>{timeWords(each.at, now)}</time>
                    {each === entries[0] && <Badge tone="ok">newest</Badge>}
                  </span>
                  <span className="history-entry-summary">{summaryWords(each)}</span>
                  <span className="history-entry-head">{sourceWords(each)}</span>
                </button>
              </li>
            ))}
          </ol>
          <HistoryDetail
            key={entry.number}
            entry={entry}
            previous={entries?.find((each) => each.number < entry.number) ?? null}
          />
        </div>
      )}
    </Dialog>
  );
}

type Against = 'before' | 'running';

function HistoryDetail({
  entry,
  previous,
}: {
  readonly entry: HistoryEntry;
  readonly previous: HistoryEntry | null;
}) {
  const { api, config, ui, views } = useEditor();
  const running = useStore(config, (state) => state.running?.document);
  const [against, setAgainst] = useState<Against>('before');
  const [isSideBySide, setSideBySide] = useState(false);
  const kept = useHistoryDocument(api, entry.number);
  const before = useHistoryDocument(api, previous?.number ?? null);
  const isBefore = against === 'before';
  const sides = useMemo(() => {
    if (kept === null || running === undefined) return null;
    if (!isBefore) return { before: { document: kept.document }, after: { document: running } };
    if (previous === null) return { before: { text: '' }, after: { text: kept.text } };
    return before === null ? null : { before: { text: before.text }, after: { text: kept.text } };
  }, [kept, before, running, isBefore, previous]);
  const restore = (document: WorkspaceDocument) => {
    config.replace(document, entry.number);
    views.openDialog(null);
    ui.toast('info', `Revision ${entry.number} is the draft now. Apply it, or undo.`);
  };
  if (kept === null || sides === null) return <p className="diff-loading">Reading…</p>;
  const from = isBefore ? (before?.document ?? { schemaVersion: 1 }) : kept.document;
  const to = isBefore ? kept.document : running!;
  const changes = describeChanges(from, to, fieldHelp);
  return (
    <section className="history-detail" aria-label={`Revision ${entry.number}`}>
      <div className="history-detail-head">
        <label className="history-against">
          Compare with{' '}
          <select
            className="input"
            value={against}
            onChange={(event) => setAgainst(event.target.value as Against)}
          >
            <option value="before">the one before</option>
            <option value="running">what runs now</option>
          </select>
        </label>
        <SideBySideSwitch isOn={isSideBySide} onChange={setSideBySide} />
        <Button variant="primary" onClick={() => restore(kept.document)}>
          Restore as a draft
        </Button>
      </div>
      {changes.length === 0 ? (
        <p>No difference that matters to traffic.</p>
      ) : (
        <ChangeList changes={changes} />
      )}
      <LazyYamlDiff
        api={api}
        {...sides}
        beforeLabel={isBefore ? 'the one before' : `revision ${entry.number}`}
        afterLabel={isBefore ? `revision ${entry.number}` : 'what runs now'}
        isSideBySide={isSideBySide}
      />
    </section>
  );
}
