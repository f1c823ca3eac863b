import { FolderOpen } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { WorkspaceFileInfo } from '../../main/contract/workspaceApi';
import { Badge } from '../components/Badge';
import { Button } from '../components/Button';
import { Dialog } from '../components/Dialog';
import { EmptyState } from '../components/EmptyState';
import { Field } from '../components/Field';
import type { FilesStore } from './filesStore';

/** Workspaces that were open before or lie in the app's folder, newest first; or any file by its path. */
export function OpenDialog({ files }: { readonly files: FilesStore }) {
  const { list, error, isBusy } = useStore(files);
  const [path, setPath] = useState('');
  useEffect(() => void files.refresh(), [files]);
  const others = list?.files.filter((file) => !file.isOpen) ?? [];
  return (
    <Dialog
      title="Open a workspace"
      isOpen
      width="wide"
      onClose={() => files.show(null)}
      actions={
        <>
          {list?.canPick === true && (
            <Button className="dialog-first" onClick={() => void files.pick('open')}>
              Choose a file…
            </Button>
          )}
          <Button onClick={() => files.show(null)}>Cancel</Button>
        </>
      }
    >
      {error !== null && (
        <p role="alert" className="field-error">
          {error}
        </p>
      )}
      {list !== null && others.length === 0 && (
        <EmptyState icon={<FolderOpen size={26} aria-hidden />} title="No other workspace yet">
          “New…” and “Save as…” put them into {list.folder}.
        </EmptyState>
      )}
      <ul className="file-list">
        {others.map((file) => (
          <FileRow key={file.path} file={file} isBusy={isBusy} onOpen={() => void files.open(file.path)} />
        ))}
      </ul>
      <form
        className="file-path"
        onSubmit={(event) => {
          event.preventDefault();
          if (path.trim() !== '') void files.open(path.trim());
        }}
      >
        <Field label="Or a file by its full path" help="On the machine where Hopscope runs.">
          {(control) => (
            <input
              {...control}
              className="input"
              autoComplete="off"
              spellCheck={false}
              placeholder="/home/ann/shop/workspace.yaml"
              value={path}
              onChange={(event) => setPath(event.target.value)}
            />
          )}
        </Field>
        <Button type="submit" isBusy={isBusy} disabled={path.trim() === ''}>
          Open
        </Button>
      </form>
    </Dialog>
  );
}

const times = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

function FileRow(props: {
  readonly file: WorkspaceFileInfo;
  readonly isBusy: boolean;
  readonly onOpen: () => void;
}) {
  const { file, isBusy, onOpen } = props;
  return (
    <li>
      <button type="button" className="file-row" disabled={isBusy} onClick={onOpen}>
        <span className="file-row-name">{file.name}</span>
        {file.place === 'elsewhere' && <Badge>elsewhere</Badge>}
        <time dateTime={new Date(file.modifiedAt).toISOString()}>{times.format(file.modifiedAt)}</time>
        <span className="file-row-path">{file.path}</span>
      </button>
    </li>
  );
}
