import { X } from 'lucide-react';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { IconButton } from './Button';

/** A modal dialog on the native element: focus stays inside, Escape closes, the page behind is inert. */
export function Dialog(props: {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly actions?: ReactNode;
  readonly width?: 'narrow' | 'wide' | 'large';
  /** Nothing inside takes the focus: the body itself does, so that keys scroll it. */
  readonly isText?: boolean;
}) {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const dialog = ref.current;
    if (dialog === null || !props.isOpen) return;
    dialog.showModal();
    // The first field, not the close button, is what the dialog was opened for. An icon would show its tooltip, and the first
    // Escape would close that.
    dialog
      .querySelector<HTMLElement>(
        '.dialog-body :is(input:not([hidden]), select, textarea, button:not(.button-icon)), .dialog-body[tabindex], .dialog-actions button',
      )
      ?.focus();
    return () => dialog.close();
  }, [props.isOpen]);
  if (!props.isOpen) return null;
  return (
    <dialog
      ref={ref}
      className={`dialog dialog-${props.width ?? 'narrow'}`}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        props.onClose();
      }}
    >
      <header className="dialog-header">
        <h2 id={titleId}>{props.title}</h2>
        <IconButton label="Close" icon={<X size={16} />} onClick={props.onClose} />
      </header>
      <div className="dialog-body" tabIndex={props.isText === true ? 0 : undefined}>
        {props.children}
      </div>
      {props.actions !== undefined && <footer className="dialog-actions">{props.actions}</footer>}
    </dialog>
  );
}
