import { type DragEvent, type ReactNode, useState } from 'react';
import { type PickedFile, readFiles } from './fileTransfer';

/** The whole screen takes dropped files. */
export function FileDrop(props: {
  readonly children: ReactNode;
  readonly onFiles: (files: readonly PickedFile[]) => void;
  readonly onFailed: (message: string) => void;
}) {
  const [isOver, setOver] = useState(false);
  const onDragOver = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    setOver(true);
  };
  const onDrop = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    setOver(false);
    readFiles(event.dataTransfer.files).then(props.onFiles, (error: unknown) =>
      props.onFailed(error instanceof Error ? error.message : String(error)),
    );
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; "Import files" is the one for keyboards.
    <div
      className="certificates-screen"
      onDragOver={onDragOver}
      onDragLeave={(event) => event.currentTarget === event.target && setOver(false)}
      onDrop={onDrop}
    >
      {props.children}
      {isOver && <div className="certificates-drop">Drop to import certificates and keys</div>}
    </div>
  );
}
