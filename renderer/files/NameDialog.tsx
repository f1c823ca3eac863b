import { useState } from 'react';
import { useStore } from 'zustand';
import { Button } from '../components/Button';
import { Dialog } from '../components/Dialog';
import { Field } from '../components/Field';
import type { ConfigStore } from '../stores/configStore';
import { type FilesStore, nameOf } from './filesStore';

const texts = {
  new: {
    title: 'New workspace',
    done: 'Create',
    help: 'What runs now stops; its connections are let finish.',
  },
  saveAs: {
    title: 'Save as',
    done: 'Save',
    help: 'The copy is open then; listeners go on without noticing.',
  },
  rename: { title: 'Rename the workspace', done: 'Rename', help: 'In the same folder, with its history.' },
} as const;

/** Asks for the name of a workspace file. */
export function NameDialog(props: {
  readonly kind: keyof typeof texts;
  readonly files: FilesStore;
  readonly config: ConfigStore;
}) {
  const { kind, files, config } = props;
  const { title, done, help } = texts[kind];
  const error = useStore(files, (state) => state.error);
  const isBusy = useStore(files, (state) => state.isBusy);
  const canPick = useStore(files, (state) => state.list?.canPick === true);
  const [name, setName] = useState(() => (kind === 'new' ? '' : nameOf(config.getState().running?.file)));
  const submit = () => {
    if (kind === 'new') void files.create(name.trim());
    else if (kind === 'saveAs') void files.saveAs(name.trim());
    else void files.rename(name.trim());
  };
  return (
    <Dialog
      title={title}
      isOpen
      onClose={() => files.show(null)}
      actions={
        <>
          {kind === 'saveAs' && canPick && (
            <Button className="dialog-first" onClick={() => void files.pick('saveAs')}>
              Elsewhere…
            </Button>
          )}
          <Button onClick={() => files.show(null)}>Cancel</Button>
          <Button variant="primary" isBusy={isBusy} disabled={name.trim() === ''} onClick={submit}>
            {done}
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== '') submit();
        }}
      >
        <Field label="Name" help={help} error={error ?? undefined}>
          {(control) => (
            <input
              {...control}
              className="input"
              autoComplete="off"
              spellCheck={false}
              maxLength={63}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
