import { useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { describeChanges } from '../../main/contract/describeChanges';
import { Button } from '../components/Button';
import { Dialog } from '../components/Dialog';
import type { OutsideChange } from '../stores/foreignChange';
import { ChangeList } from './ChangeList';
import { useEditor } from './EditorContext';
import { fieldHelp } from './fieldHelp';
import { foreignWords } from './MergeDialog';
import { SideBySideSwitch } from './ReviewDialog';
import { LazyYamlDiff } from './yaml/LazyYamlDiff';

/** What somebody changed in the file, in words and as YAML, and the way back. */
export function OutsideDialog() {
  const { views, config } = useEditor();
  const isOpen = useStore(views, (state) => state.dialog === 'outside');
  const outside = useStore(config, (state) => state.outside);
  return isOpen && outside !== null ? <OpenOutside outside={outside} /> : null;
}

function OpenOutside({ outside }: { readonly outside: OutsideChange }) {
  const { api, config, ui, views } = useEditor();
  const { before, running } = outside;
  const [isSideBySide, setSideBySide] = useState(false);
  const changes = useMemo(() => describeChanges(before, running.document, fieldHelp), [before, running]);
  const sides = useMemo(
    () => ({ before: { document: before }, after: { document: running.document } }),
    [before, running],
  );
  const close = () => views.openDialog(null);
  return (
    <Dialog
      title={foreignWords(running)}
      isOpen
      width="wide"
      onClose={close}
      actions={
        <>
          <Button
            onClick={() => {
              close();
              config.goBack();
              ui.toast('info', 'What ran before is the draft now. Apply it, or undo.');
            }}
          >
            Go back to before
          </Button>
          <Button
            variant="primary"
            onClick={() => {
              close();
              config.dismissOutside();
            }}
          >
            Keep it
          </Button>
        </>
      }
    >
      <div className="merge">
        <p>It was checked and runs as revision {running.revision}.</p>
        <ChangeList changes={changes} />
        <SideBySideSwitch isOn={isSideBySide} onChange={setSideBySide} />
        <LazyYamlDiff
          api={api}
          {...sides}
          beforeLabel="before"
          afterLabel={`revision ${running.revision}`}
          isSideBySide={isSideBySide}
        />
      </div>
    </Dialog>
  );
}
