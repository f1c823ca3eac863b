import { FolderOpen } from 'lucide-react';
import { useRef } from 'react';
import { Button } from '../components/Button';
import { type PickedFile, readFiles } from './fileTransfer';

/** A button that opens the file chooser. */
export function PickFiles(props: {
  readonly label: string;
  readonly accept?: string;
  readonly isMultiple?: boolean;
  readonly onPicked: (files: readonly PickedFile[]) => void;
  readonly onFailed: (message: string) => void;
}) {
  const ref = useRef<HTMLInputElement>(null);
  const read = (list: FileList | null) => {
    if (list === null || list.length === 0) return;
    readFiles(list).then(props.onPicked, (error: unknown) =>
      props.onFailed(error instanceof Error ? error.message : String(error)),
    );
  };
  return (
    <div>
      <Button icon={<FolderOpen size={15} aria-hidden />} onClick={() => ref.current?.click()}>
        {props.label}
      </Button>
      <input
        ref={ref}
        type="file"
        hidden
        aria-label={props.label}
        accept={props.accept}
        multiple={props.isMultiple === true}
        onChange={(event) => {
          read(event.target.files);
          event.target.value = '';
        }}
      />
    </div>
  );
}
