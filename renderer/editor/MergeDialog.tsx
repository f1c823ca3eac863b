import { useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { RunningConfig } from '../../main/contract/api';
import { describeChanges } from '../../main/contract/describeChanges';
import { Button } from '../components/Button';
import { Dialog } from '../components/Dialog';
import { type Collision, rebaseDocument, type Side } from '../stores/rebaseDocument';
import { ChangeList } from './ChangeList';
import { useEditor } from './EditorContext';
import { fieldHelp } from './fieldHelp';
import { SideBySideSwitch } from './ReviewDialog';
import { LazyYamlDiff } from './yaml/LazyYamlDiff';

/** The draft and a revision that was made meanwhile, side by side, and the three ways on. */
export function MergeDialog() {
  const { views, config } = useEditor();
  const isOpen = useStore(views, (state) => state.dialog === 'merge');
  const conflict = useStore(config, (state) => state.conflict);
  return isOpen && conflict !== null ? <OpenMerge conflict={conflict} /> : null;
}

function OpenMerge({ conflict }: { readonly conflict: RunningConfig }) {
  const { api, config, views } = useEditor();
  const draft = useStore(config, (state) => state.draft);
  const [choices, setChoices] = useState<ReadonlyMap<string, Side>>(new Map());
  const [isSideBySide, setSideBySide] = useState(false);
  const { theirs, mine, merged } = useMemo(
    () => ({
      theirs: describeChanges(draft.base, conflict.document, fieldHelp),
      mine: describeChanges(draft.base, draft.document, fieldHelp),
      merged: rebaseDocument(draft.base, draft.document, conflict.document, choices),
    }),
    [draft, conflict, choices],
  );
  const sides = useMemo(
    () => ({ before: { document: conflict.document }, after: { document: merged.document } }),
    [conflict, merged],
  );
  const close = () => views.openDialog(null);
  const finish = (work: () => void) => () => {
    close();
    work();
  };
  return (
    <Dialog
      title={`${foreignWords(conflict)} while you were editing`}
      isOpen
      width="large"
      onClose={close}
      actions={
        <>
          <Button onClick={finish(() => config.discard())}>Take theirs</Button>
          <Button onClick={finish(() => config.keepMine())}>Keep mine, undo theirs</Button>
          <Button variant="primary" onClick={finish(() => config.rebase(choices))}>
            Merge both
          </Button>
        </>
      }
    >
      <div className="merge">
        <div className="merge-sides">
          <section className="merge-side">
            <h3>Theirs, running now</h3>
            <ChangeList changes={theirs} />
          </section>
          <section className="merge-side">
            <h3>Mine, not applied</h3>
            <ChangeList changes={mine} />
          </section>
        </div>
        {merged.collisions.length > 0 && (
          <section>
            <h3>Changed on both sides: choose</h3>
            <div className="merge-collisions">
              {merged.collisions.map((collision) => (
                <CollisionChoice
                  key={collision.subject}
                  collision={collision}
                  side={choices.get(collision.subject) ?? 'mine'}
                  onChoose={(side) => setChoices(new Map(choices).set(collision.subject, side))}
                />
              ))}
            </div>
          </section>
        )}
        <section>
          <h3>What merging would change in what runs</h3>
          <SideBySideSwitch isOn={isSideBySide} onChange={setSideBySide} />
          <LazyYamlDiff
            api={api}
            {...sides}
            beforeLabel={`revision ${conflict.revision}`}
            afterLabel="merged"
            isSideBySide={isSideBySide}
          />
        </section>
      </div>
    </Dialog>
  );
}

function CollisionChoice(props: {
  readonly collision: Collision;
  readonly side: Side;
  readonly onChoose: (side: Side) => void;
}) {
  const { collision, side, onChoose } = props;
  const sides = [
    ['mine', 'Mine', collision.mine],
    ['theirs', 'Theirs', collision.theirs],
  ] as const;
  return (
    <fieldset className="merge-collision">
      <legend>{collision.subject}</legend>
      {sides.map(([id, label, value]) => (
        <label key={id}>
          <input type="radio" name={collision.subject} checked={side === id} onChange={() => onChoose(id)} />
          <span>
            {label} <span className="merge-value">{shortValue(value)}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

/** "The file workspace.yaml was changed", or that another window applied. */
export function foreignWords({ source, file }: RunningConfig): string {
  if (source === 'file') return `The file ${file.split(/[\\/]/).at(-1)} was changed outside`;
  return 'Another window applied a change';
}

function shortValue(value: unknown): string {
  if (value === undefined) return 'not there';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}
